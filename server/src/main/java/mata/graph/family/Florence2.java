package mata.graph.family;

import java.util.List;
import mata.graph.Config;
import mata.graph.build.Attention;
import mata.graph.build.Graph;
import mata.graph.build.Layer;
import mata.graph.build.Size;
import mata.graph.build.Type;
import mata.graph.build.Value;
import mata.safetensors.SafeTensors;

/** Florence-2 in the library's own layout: DaViT looks, BART reads picture and prompt together, and writes. */
final class Florence2 implements Family {

    private static final double EPS = 1e-5;
    private static final String LANGUAGE = "model.language_model";
    private static final String EMBEDDINGS = LANGUAGE + ".shared";

    @Override
    public boolean reads(Config config) {
        return config.child("vision_config").modelType().equals("florence_vision");
    }

    @Override
    public List<Graph> graphs(Config config, SafeTensors weights) {
        Config text = config.child("text_config");
        return List.of(
                vision(config.child("vision_config"), weights),
                embedTokens(weights),
                encoder(text, weights),
                decoder(text, weights));
    }

    private static Graph vision(Config config, SafeTensors weights) {
        Graph graph = new Graph("vision_encoder", weights);
        Value pixels = graph.input(
                "pixel_values",
                Type.FLOAT,
                "batch_size",
                Integer.toString(config.integer("in_channels", 3)),
                "height",
                "width");
        Value map = new DaVit(config).encode(graph.root().at("model.vision_tower"), pixels);
        graph.output("image_features", projected(graph.root().at("model.multi_modal_projector"), map));
        return graph;
    }

    /** The mean of all cells, then every cell: [n, 1 + cells, d]. */
    private static Value projected(Layer projector, Value map) {
        Layer embed = projector.at("image_position_embed");
        Size height = map.size(2);
        Size width = map.size(3);
        Value columns = embed.tensor("column_embeddings.weight", -1, -1);
        Value rows = embed.tensor("row_embeddings.weight", -1, -1);
        Value byColumn = columns.first(0, width).unsqueeze(0).expand(height, width, Size.of(columns.width(1)));
        Value byRow = rows.first(0, height).unsqueeze(1).expand(height, width, Size.of(rows.width(1)));
        Value places = Graph.concat(2, byColumn, byRow).reshape(1, -1, map.width(1));
        Value firstFrame = projector
                .tensor("visual_temporal_embed.pos_idx_to_embed", -1, map.width(1))
                .at(0, 0);
        Value cells = map.mapToTokens().plus(places).plus(firstFrame);
        Value all = Graph.concat(1, cells.meanKept(1), cells);
        return projector.layerNorm("image_proj_norm", projector.linear("image_projection", all, false), EPS);
    }

    private static Graph embedTokens(SafeTensors weights) {
        Graph graph = new Graph("embed_tokens", weights);
        Value ids = graph.input("input_ids", Type.INT64, "batch_size", "sequence_length");
        graph.output("inputs_embeds", graph.root().embedding(EMBEDDINGS, ids));
        return graph;
    }

    private static Graph encoder(Config config, SafeTensors weights) {
        Graph graph = new Graph("encoder_model", weights);
        String d = Integer.toString(config.integer("d_model", 1024));
        Value mask = graph.input("attention_mask", Type.INT64, "batch_size", "encoder_sequence_length");
        Value embedded = graph.input("inputs_embeds", Type.FLOAT, "batch_size", "encoder_sequence_length", d);
        Layer encoder = graph.root().at(LANGUAGE + ".encoder");
        // places count from 2, for reasons of old
        Value places = graph.range(embedded.size(1)).plus(graph.index(2));
        Value x = encoder.layerNorm(
                "layernorm_embedding", embedded.plus(encoder.embedding("embed_positions", places)), EPS);
        int heads = config.integer("encoder_attention_heads", 16);
        var steps = new PostNorm(heads, config.text("activation_function", "gelu"), EPS);
        for (Layer layer : encoder.list("layers", config.integer("encoder_layers", 12))) {
            Layer self = layer.at("self_attn");
            Value attended = Attention.padded(
                    self.linear("q_proj", x), self.linear("k_proj", x), self.linear("v_proj", x), heads, mask);
            x = layer.layerNorm("self_attn_layer_norm", x.plus(self.linear("out_proj", attended)), EPS);
            x = steps.feedForward(layer, x);
        }
        graph.output("last_hidden_state", x);
        return graph;
    }

    private static Graph decoder(Config config, SafeTensors weights) {
        Graph graph = new Graph("decoder_model_merged", weights);
        String d = Integer.toString(config.integer("d_model", 1024));
        Value mask = graph.input("encoder_attention_mask", Type.INT64, "batch_size", "encoder_sequence_length");
        Value memory = graph.input("encoder_hidden_states", Type.FLOAT, "batch_size", "encoder_sequence_length", d);
        Value embedded = graph.input("inputs_embeds", Type.FLOAT, "batch_size", "decoder_sequence_length", d);
        var decoder = new BartDecoder(graph.root().at(LANGUAGE + ".decoder"), config);
        Value x = decoder.decode(embedded, memory, mask);
        graph.output("logits", graph.root().linear(EMBEDDINGS, x, false));
        return graph;
    }
}
