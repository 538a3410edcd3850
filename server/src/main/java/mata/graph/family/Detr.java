package mata.graph.family;

import java.util.List;
import mata.graph.Config;
import mata.graph.build.Conv;
import mata.graph.build.Graph;
import mata.graph.build.Layer;
import mata.graph.build.Value;
import mata.safetensors.SafeTensors;

/** DETR and Table-Transformer, with the backbone under timm's names or under the library's own. */
final class Detr implements Family {

    @Override
    public boolean reads(Config config) {
        return readable(config);
    }

    static boolean readable(Config config) {
        return Family.hasHead(config, "ForObjectDetection")
                && config.text("position_embedding_type", "sine").equals("sine");
    }

    @Override
    public List<Graph> graphs(Config config, SafeTensors weights) {
        Graph graph = new Graph("model", weights);
        Layer model = graph.root().at("model");
        Memory memory = Memory.of(model, config, Pixels.free(graph, config));

        PostNorm decoder = PostNorm.of(config, "decoder_attention_heads");
        Value places = queries(model, config, memory);
        Value x = nothing(places, memory);
        for (Layer layer : model.list("decoder.layers", config.integer("decoder_layers", 6))) {
            x = decoder.selfAttend(layer, x, places);
            x = decoder.crossAttend(layer, x, places, memory.tokens(), memory.positions());
            x = decoder.feedForward(layer, x);
        }
        x = model.layerNorm("decoder.layernorm", x, decoder.eps());
        graph.output("logits", graph.root().linear("class_labels_classifier", x, config.labels() + 1));
        graph.output(
                "pred_boxes", Mlp.of(graph.root().at("bbox_predictor"), x, 3).sigmoid());
        return List.of(graph);
    }

    /** The learned places of the queries, [1, q, d]. */
    static Value queries(Layer model, Config config, Memory memory) {
        int count = config.integer("num_queries", 100);
        return model.tensor(
                        "query_position_embeddings.weight",
                        count,
                        memory.tokens().width(2))
                .unsqueeze(0);
    }

    /** What queries hold before the first layer: zeros. */
    static Value nothing(Value places, Memory memory) {
        return memory.tokens().graph().full(0, memory.tokens().size(0), places.size(1), places.size(2));
    }

    /**
     * The picture after the encoder: [n, h·w, d], and the positions of its tokens, [1, h·w, d].
     */
    record Memory(Value tokens, Value positions) {

        static Memory of(Layer model, Config config, Value pixels) {
            Value map = model.conv("input_projection", backbone(model, config, pixels), Conv.pointwise());
            Value positions = SinePositions.of(map.graph(), map.size(2), map.size(3), map.width(1), 10_000);
            PostNorm encoder = PostNorm.of(config, "encoder_attention_heads");
            Value x = map.mapToTokens();
            for (Layer layer : model.list("encoder.layers", config.integer("encoder_layers", 6))) {
                x = encoder.feedForward(layer, encoder.selfAttend(layer, x, positions));
            }
            return new Memory(x, positions);
        }

        private static Value backbone(Layer model, Config config, Value pixels) {
            Layer body = model.at("backbone.conv_encoder.model");
            return body.has("embedder.embedder.convolution.weight")
                    ? ResNet.stages(body, config.child("backbone_config"), pixels)
                            .getLast()
                    : TimmResNet.lastMap(body, pixels, config.flag("dilation", false));
        }
    }
}
