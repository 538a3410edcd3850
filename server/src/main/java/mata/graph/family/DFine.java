package mata.graph.family;

import java.util.List;
import mata.graph.Config;
import mata.graph.build.Graph;
import mata.graph.build.Layer;
import mata.graph.build.Size;
import mata.graph.build.Value;
import mata.safetensors.SafeTensors;

/** D-FINE: RT-DETR whose decoder refines, layer by layer, a distribution over where each edge of a box lies. */
final class DFine implements Family {

    @Override
    public boolean reads(Config config) {
        int last = config.integer("eval_idx", -1);
        return Family.hasHead(config, "ForObjectDetection")
                && config.child("backbone_config").modelType().equals("hgnet_v2")
                && config.text("decoder_method", "default").equals("default")
                && (last == -1 || last == config.integer("decoder_layers", 6) - 1)
                && !config.flag("normalize_before", false)
                && !config.flag("learn_initial_query", false);
    }

    @Override
    public List<Graph> graphs(Config config, SafeTensors weights) {
        Graph graph = new Graph("model", weights);
        Layer model = graph.root().at("model");
        Layer decoder = model.at("decoder");
        Config backbone = config.child("backbone_config");
        List<Value> stages = HgNet.stages(model.at("backbone.model"), backbone, Pixels.free(graph, backbone));
        RtDetr.Neck neck = RtDetr.Neck.of(model, config, RtDetr.chosen(stages, backbone));

        int queries = config.integer("num_queries", 300);
        double eps = config.decimal("layer_norm_eps", 1e-5);
        Proposals best = Proposals.of(model, neck.memory(), neck.levels(), queries, eps);
        Value x = best.content();
        Value boxes = best.boxes().sigmoid();
        List<Layer> layers = decoder.list("layers", config.integer("decoder_layers", 6));
        Value start = boxes;
        Value offsets = offsets(decoder, config);
        Value edges = graph.scalar(0);
        for (int i = 0; i < layers.size(); i++) {
            Value before = x;
            Value positions = Mlp.of(decoder.at("query_pos_head"), boxes, 2).clipped(-10, 10);
            x = decoded(layers.get(i), config, x, boxes, positions, neck);
            if (i == 0) {
                start = Mlp.of(decoder.at("pre_bbox_head"), x, 3)
                        .plus(boxes.logit(1e-5))
                        .sigmoid();
            }
            Layer refine = RtDetr.head(graph.root(), "bbox_embed." + i, "layers.0.weight");
            edges = Mlp.of(refine, i == 0 ? x : x.plus(before), 3).plus(edges);
            boxes = moved(start, expected(edges, offsets), scale(decoder));
        }
        int last = layers.size() - 1;
        Layer classes = RtDetr.head(graph.root(), "class_embed." + last, "weight");
        Value quality = quality(decoder.at("lqe_layers", last), edges, config);
        graph.output("logits", classes.linear("", x, config.labels()).plus(quality));
        graph.output("pred_boxes", boxes);
        return List.of(graph);
    }

    private static Value decoded(Layer layer, Config config, Value x, Value boxes, Value positions, RtDetr.Neck neck) {
        double eps = config.decimal("layer_norm_eps", 1e-5);
        int heads = config.integer("decoder_attention_heads", 8);
        var steps = new PostNorm(heads, config.text("decoder_activation_function", "relu"), eps);
        x = steps.selfAttend(layer, x, positions);
        Layer attention = layer.at("encoder_attn");
        var deformable =
                new Deformable(heads, RtDetr.points(config, neck.levels().size()));
        Value queries = x.plus(positions);
        Value places = deformable.around(
                boxes, deformable.offsets(attention, queries), config.decimal("decoder_offset_scale", 0.5));
        Value seen = deformable.sample(neck.memory(), neck.levels(), places, deformable.weights(attention, queries));
        x = gated(layer.at("gateway"), x, seen);
        Value wide = layer.linear("fc1", x).activated(steps.activation());
        Value sum = x.plus(layer.linear("fc2", wide)).clipped(-65504, 65504);
        return layer.layerNorm("final_layer_norm", sum, eps);
    }

    /** How much of the old and of the new is learned for every feature. */
    private static Value gated(Layer gateway, Value old, Value fresh) {
        int d = old.width(2);
        List<Value> gates =
                gateway.linear("gate", Graph.concat(-1, old, fresh)).sigmoid().split(-1, d, d);
        return gateway.layerNorm(
                "norm", gates.get(0).times(old).plus(gates.get(1).times(fresh)), 1e-5);
    }

    /** The mean offset of every edge, [n, q, 4], by distributions [n, q, 4·(bins + 1)]. */
    private static Value expected(Value edges, Value offsets) {
        return distributions(edges, offsets.width(0)).matmul(offsets).reshape(Size.keep(), edges.size(1), Size.of(4));
    }

    private static Value distributions(Value edges, int bins) {
        return edges.reshape(Size.keep(), edges.size(1), Size.of(4), Size.of(bins))
                .softmax(-1);
    }

    /**
     * The offsets that the bins stand for, [bins + 1, 1]: fine around zero, coarse far from it. Those at the ends are twice the
     * bound u·s; those between are ±((u·s + 1)^(2i / (bins - 2)) - 1).
     */
    private static Value offsets(Layer decoder, Config config) {
        Value bound = decoder.tensor("up", 1).times(scale(decoder)).abs();
        int bins = config.integer("max_num_bins", 32);
        float[] exponents = new float[bins + 1];
        float[] signs = new float[bins + 1];
        float[] ends = new float[bins + 1];
        for (int i = 1; i < bins; i++) {
            exponents[i] = 2f * Math.abs(i - bins / 2) / (bins - 2);
            signs[i] = Math.signum(i - bins / 2f);
        }
        ends[0] = -2;
        ends[bins] = 2;
        Graph graph = decoder.graph();
        Value between = graph.floats(exponents, bins + 1, 1)
                .times(bound.plus(1).log())
                .exp()
                .plus(-1);
        return between.times(graph.floats(signs, bins + 1, 1))
                .plus(graph.floats(ends, bins + 1, 1).times(bound));
    }

    private static Value scale(Layer decoder) {
        return decoder.tensor("reg_scale", 1).abs();
    }

    /** Boxes as centre and size, their edges left, top, right and bottom moved by offsets in units of size / scale. */
    private static Value moved(Value boxes, Value offsets, Value scale) {
        Value centre = boxes.slice(-1, 0, 2);
        Value unit = boxes.slice(-1, 2, 4).over(scale);
        Value half = scale.times(0.5);
        Value first = centre.minus(offsets.slice(-1, 0, 2).plus(half).times(unit));
        Value second = centre.plus(offsets.slice(-1, 2, 4).plus(half).times(unit));
        return Graph.concat(-1, first.plus(second).times(0.5), second.minus(first));
    }

    /** What the sharpness of the edges' distributions adds to all scores of a query: [n, q, 1]. */
    private static Value quality(Layer estimator, Value edges, Config config) {
        int bins = config.integer("max_num_bins", 32) + 1;
        Value sharpest = distributions(edges, bins).topValues(Size.of(config.integer("top_prob_values", 4)));
        Value facts =
                Graph.concat(-1, sharpest, sharpest.meanKept(-1)).reshape(Size.keep(), edges.size(1), Size.rest());
        return Mlp.of(estimator.at("reg_conf"), facts, config.integer("lqe_layers", 2));
    }
}
