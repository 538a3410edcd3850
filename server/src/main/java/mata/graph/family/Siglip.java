package mata.graph.family;

import java.util.List;
import mata.graph.Config;
import mata.graph.build.Attention;
import mata.graph.build.Conv;
import mata.graph.build.Graph;
import mata.graph.build.Layer;
import mata.graph.build.Size;
import mata.graph.build.Type;
import mata.graph.build.Value;
import mata.safetensors.SafeTensors;

/** SigLIP: as CLIP, without class token or causal mask; a learned query pools the picture, the last token the text. */
final class Siglip implements Family {

    private static final double EPS = 1e-6;
    private static final String ACTIVATION = "gelu_pytorch_tanh";

    @Override
    public boolean reads(Config config) {
        return Family.hasHead(config, "SiglipModel");
    }

    @Override
    public List<Graph> graphs(Config config, SafeTensors weights) {
        Graph graph = new Graph("model", weights);
        Value ids = graph.input("input_ids", Type.INT64, "text_batch_size", "sequence_length");
        Value pixels = Pixels.fixed(graph, config.child("vision_config"), 224);

        Layer siglip = graph.root();
        Value texts =
                text(siglip.at("text_model"), config.child("text_config"), ids).normalized(-1, 0);
        Value picture = picture(siglip.at("vision_model"), config.child("vision_config"), pixels)
                .normalized(-1, 0);

        Value perText = texts.matmul(picture.transpose(1, 0))
                .times(siglip.tensor("logit_scale", -1).exp())
                .plus(siglip.tensor("logit_bias", -1));
        graph.output("logits_per_image", perText.transpose(1, 0));
        graph.output("logits_per_text", perText);
        graph.output("text_embeds", texts);
        graph.output("image_embeds", picture);
        return List.of(graph);
    }

    /** The vision tower after its last norm: [n, patches, d]. */
    static Value vision(Layer tower, Config config, Value pixels) {
        ClipEncoder encoder = ClipEncoder.of(config, 12, EPS, ACTIVATION);
        Layer embeddings = tower.at("embeddings");
        Value x = embeddings
                .conv("patch_embedding", pixels, Conv.stride(config.integer("patch_size", 16)))
                .mapToTokens();
        x = x.plus(embeddings.tensor("position_embedding.weight", x.width(1), x.width(2)));
        return tower.layerNorm("post_layernorm", encoder.encode(tower.at("encoder"), x, null), encoder.eps());
    }

    private static Value picture(Layer tower, Config config, Value pixels) {
        ClipEncoder encoder = ClipEncoder.of(config, 12, EPS, ACTIVATION);
        Layer head = tower.at("head");
        Value tokens = vision(tower, config, pixels);
        Value pooled = pool(head, tokens, encoder.heads());
        pooled = pooled.plus(encoder.mlp(head.at("mlp"), head.layerNorm("layernorm", pooled, encoder.eps())));
        return pooled.at(1, 0);
    }

    /** Attention of the learned probe to all tokens, the three projections packed as torch's MultiheadAttention packs them. */
    private static Value pool(Layer head, Value tokens, int heads) {
        int d = tokens.width(2);
        Layer attention = head.at("attention");
        List<Value> weights = attention.tensor("in_proj_weight", 3L * d, d).split(0, d, d, d);
        List<Value> biases = attention.tensor("in_proj_bias", 3L * d).split(0, d, d, d);
        Value probe = head.tensor("probe", 1, 1, d).expand(tokens.size(0), Size.of(1), Size.of(d));
        Value q = probe.matmulTransposed(weights.get(0)).plus(biases.get(0));
        Value k = tokens.matmulTransposed(weights.get(1)).plus(biases.get(1));
        Value v = tokens.matmulTransposed(weights.get(2)).plus(biases.get(2));
        return attention.linear("out_proj", Attention.full(q, k, v, heads));
    }

    private static Value text(Layer tower, Config config, Value ids) {
        ClipEncoder encoder = ClipEncoder.of(config, 12, EPS, ACTIVATION);
        Layer embeddings = tower.at("embeddings");
        Value positions = embeddings.tensor("position_embedding.weight", -1, -1).first(0, ids.size(1));
        Value x = embeddings.embedding("token_embedding", ids).plus(positions);
        x = encoder.encode(tower.at("encoder"), x, null);
        x = tower.layerNorm("final_layer_norm", x, encoder.eps());
        return tower.linear("head", x.slice(1, -1, Long.MAX_VALUE).squeeze(1));
    }
}
