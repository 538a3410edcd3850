package mata.graph.family;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import mata.graph.Config;
import mata.graph.build.Conv;
import mata.graph.build.Graph;
import mata.graph.build.Layer;
import mata.graph.build.Value;
import mata.safetensors.SafeTensors;

/** RT-DETR, first and second version: they differ in configuration keys only. */
final class RtDetr implements Family {

    @Override
    public boolean reads(Config config) {
        return Family.hasHead(config, "ForObjectDetection")
                && config.child("backbone_config").modelType().equals("rt_detr_resnet")
                && config.text("decoder_method", "default").equals("default")
                && !config.flag("normalize_before", false)
                && !config.flag("learn_initial_query", false);
    }

    @Override
    public List<Graph> graphs(Config config, SafeTensors weights) {
        Graph graph = new Graph("model", weights);
        Layer model = graph.root().at("model");
        Config backbone = config.child("backbone_config");
        List<Value> stages = ResNet.stages(model.at("backbone.model"), backbone, Pixels.free(graph, backbone));
        Neck neck = Neck.of(model, config, chosen(stages, backbone));

        int queries = config.integer("num_queries", 300);
        double eps = config.decimal("layer_norm_eps", 1e-5);
        Proposals best = Proposals.of(model, neck.memory(), neck.levels(), queries, eps);
        Value x = best.content();
        Value boxes = best.boxes().sigmoid();
        List<Layer> layers = model.list("decoder.layers", config.integer("decoder_layers", 6));
        for (int i = 0; i < layers.size(); i++) {
            x = decoded(layers.get(i), config, x, boxes, Mlp.of(model.at("decoder.query_pos_head"), boxes, 2), neck);
            Value moved = Mlp.of(head(graph.root(), "bbox_embed." + i, "layers.0.weight"), x, 3);
            boxes = moved.plus(boxes.logit(1e-5)).sigmoid();
        }
        Layer classes = head(graph.root(), "class_embed." + (layers.size() - 1), "weight");
        graph.output("logits", classes.linear("", x, config.labels()));
        graph.output("pred_boxes", boxes);
        return List.of(graph);
    }

    /** The stages that {@code out_features} or {@code out_indices} name; the last three where neither is written. */
    static List<Value> chosen(List<Value> stages, Config backbone) {
        List<String> features = backbone.texts("out_features");
        if (!features.isEmpty()) {
            return features.stream()
                    .map(feature -> stages.get(Integer.parseInt(feature.replace("stage", "")) - 1))
                    .toList();
        }
        return backbone.integers("out_indices", List.of(2, 3, 4)).stream()
                .map(index -> stages.get(index - 1))
                .toList();
    }

    private static Value decoded(Layer layer, Config config, Value x, Value boxes, Value positions, Neck neck) {
        double eps = config.decimal("layer_norm_eps", 1e-5);
        int heads = config.integer("decoder_attention_heads", 8);
        var steps = new PostNorm(heads, config.text("decoder_activation_function", "relu"), eps);
        x = steps.selfAttend(layer, x, positions);
        Layer attention = layer.at("encoder_attn");
        var deformable = new Deformable(heads, points(config, neck.levels().size()));
        Value queries = x.plus(positions);
        Value places = deformable.around(
                boxes, deformable.offsets(attention, queries), config.decimal("decoder_offset_scale", 0.5));
        Value values = attention.linear("value_proj", neck.memory());
        Value seen = deformable.sample(values, neck.levels(), places, deformable.weights(attention, queries));
        x = layer.layerNorm("encoder_attn_layer_norm", x.plus(attention.linear("output_proj", seen)), eps);
        return steps.feedForward(layer, x);
    }

    /** One number for every map, or one each. */
    static List<Integer> points(Config config, int levels) {
        return config.hasList("decoder_n_points")
                ? config.integers("decoder_n_points", List.of())
                : Collections.nCopies(levels, config.integer("decoder_n_points", 4));
    }

    /** Heads are shared between the model and its decoder, and a file holds them under one of the two names. */
    static Layer head(Layer root, String name, String tensor) {
        Layer outer = root.at(name);
        return outer.has(tensor) ? outer : root.at("model.decoder." + name);
    }

    /**
     * Everything before the decoder.
     *
     * @param memory all maps' tokens, large maps first, [n, tokens, d]
     */
    record Neck(Value memory, List<Deformable.Level> levels) {

        static Neck of(Layer model, Config config, List<Value> stages) {
            double eps = config.decimal("batch_norm_eps", 1e-5);
            var maps = new ArrayList<Value>();
            for (int i = 0; i < stages.size(); i++) {
                maps.add(projected(model.at("encoder_input_proj", i), stages.get(i), 1, eps));
            }
            List<Value> encoded = new HybridEncoder(model.at("encoder"), config).encode(maps);
            var tokens = new ArrayList<Value>();
            var levels = new ArrayList<Deformable.Level>();
            Value map = encoded.getFirst();
            for (int i = 0; i < config.integer("num_feature_levels", 3); i++) {
                boolean more = i >= encoded.size();
                Layer projection = model.at("decoder_input_proj", i);
                Value from = more ? map : encoded.get(i);
                map = projection.has("0.weight") ? projected(projection, from, more ? 2 : 1, eps) : from;
                tokens.add(map.mapToTokens());
                levels.add(new Deformable.Level(map.size(2), map.size(3)));
            }
            return new Neck(Graph.concat(1, tokens), levels);
        }

        private static Value projected(Layer layer, Value map, int stride, double eps) {
            Conv how = Conv.stride(stride).padded(stride == 1 ? 0 : 1).unbiased();
            return layer.batchNorm("1", layer.conv("0", map, how), eps);
        }
    }
}
