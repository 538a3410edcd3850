package mata.graph.family;

import java.util.ArrayList;
import mata.graph.Config;
import mata.graph.build.Graph;
import mata.graph.build.Layer;
import mata.graph.build.Size;
import mata.graph.build.Value;

/** SAM's second half: tokens and picture look at each other, then the tokens' features pick masks out of the picture's. */
final class SamMaskDecoder {

    private static final double FINAL_EPS = 1e-5;

    private final Layer decoder;
    private final Config config;
    private final int heads;
    private final double eps;

    SamMaskDecoder(Layer decoder, Config config) {
        this.decoder = decoder;
        this.config = config;
        this.heads = config.integer("num_attention_heads", 8);
        this.eps = config.decimal("layer_norm_eps", 1e-6);
    }

    /**
     * Gives the graph its outputs.
     *
     * @param prompts [n, objects, tokens, d]
     * @param image the picture's map, [n, d, h, w]
     * @param places of its cells, the same shape
     */
    void decode(Value prompts, Value image, Value places) {
        int masks = config.integer("num_multimask_outputs", 3) + 1;
        int d = image.width(1);
        Size batch = prompts.size(0);
        Size objects = prompts.size(1);
        Value own = Graph.concat(
                        0, decoder.tensor("iou_token.weight", 1, d), decoder.tensor("mask_tokens.weight", masks, d))
                .expand(batch, objects, Size.of(1L + masks), Size.of(d));
        Value all = Graph.concat(2, own, prompts);
        Value tokens = all.reshape(Size.rest(), all.size(2), Size.of(d));
        TwoWay seen = attended(tokens, perObject(image, objects), perObject(places, objects));

        Value map = upscaled(seen.image().tokensToMap(image.size(2), image.size(3)));
        var kernels = new ArrayList<Value>();
        for (int i = 0; i < masks; i++) {
            Layer network = decoder.at("output_hypernetworks_mlps", i);
            kernels.add(Sam.head(network, seen.tokens().at(1, 1 + i), 3).unsqueeze(1));
        }
        Size height = map.size(2);
        Size width = map.size(3);
        Value drawn = Graph.concat(1, kernels).matmul(map.reshape(0, map.width(1), -1));
        Value several =
                drawn.reshape(batch, objects, Size.of(masks), height, width).slice(2, 1, masks);
        Value quality = Sam.head(
                decoder.at("iou_prediction_head"), seen.tokens().at(1, 0), config.integer("iou_head_depth", 3));
        decoder.graph()
                .output(
                        "iou_scores",
                        quality.reshape(batch, objects, Size.of(masks)).slice(2, 1, masks));
        decoder.graph().output("pred_masks", several);
    }

    /** [n, d, h, w] to [n · objects, h·w, d]. */
    private static Value perObject(Value map, Size objects) {
        Value tokens = map.mapToTokens();
        return tokens.unsqueeze(1)
                .expand(tokens.size(0), objects, tokens.size(1), tokens.size(2))
                .reshape(Size.rest(), tokens.size(1), tokens.size(2));
    }

    private record TwoWay(Value tokens, Value image) {}

    private TwoWay attended(Value tokens, Value image, Value places) {
        var x = new TwoWay(tokens, image);
        int layers = config.integer("num_hidden_layers", 2);
        for (int i = 0; i < layers; i++) {
            x = layer(decoder.at("transformer.layers", i), x, tokens, places, i == 0);
        }
        Value seen = attend(
                "transformer.final_attn_token_to_image",
                decoder,
                x.tokens().plus(tokens),
                x.image().plus(places),
                x.image());
        Value normed = decoder.layerNorm(
                "transformer.layer_norm_final_attn", x.tokens().plus(seen), FINAL_EPS);
        return new TwoWay(normed, x.image());
    }

    /** The first layer's tokens look at each other without places, and forget what they were. */
    private TwoWay layer(Layer layer, TwoWay x, Value tokenPlaces, Value imagePlaces, boolean first) {
        Value tokens = x.tokens();
        Value placed = first ? tokens : tokens.plus(tokenPlaces);
        Value attended = attend("self_attn", layer, placed, placed, tokens);
        tokens = layer.layerNorm("layer_norm1", first ? attended : tokens.plus(attended), eps);

        Value cells = x.image().plus(imagePlaces);
        attended = attend("cross_attn_token_to_image", layer, tokens.plus(tokenPlaces), cells, x.image());
        tokens = layer.layerNorm("layer_norm2", tokens.plus(attended), eps);

        Value wide = layer.linear("mlp.lin1", tokens).activated(config.text("hidden_act", "relu"));
        tokens = layer.layerNorm("layer_norm3", tokens.plus(layer.linear("mlp.lin2", wide)), eps);

        attended = attend("cross_attn_image_to_token", layer, cells, tokens.plus(tokenPlaces), tokens);
        return new TwoWay(tokens, layer.layerNorm("layer_norm4", x.image().plus(attended), eps));
    }

    private Value attend(String name, Layer layer, Value queries, Value keys, Value values) {
        return PostNorm.attention(layer.at(name), queries, keys, values, heads);
    }

    /** Four times the size. */
    private Value upscaled(Value map) {
        Value x = decoder.channelNorm("upscale_layer_norm", decoder.convTransposed("upscale_conv1", map, 2), 1e-6);
        return decoder.convTransposed("upscale_conv2", x.gelu(), 2).gelu();
    }
}
