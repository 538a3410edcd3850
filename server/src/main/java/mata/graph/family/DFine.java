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
        Value edges = null;
        for (int i = 0; i < layers.size(); i++) {
            Value before = x;
            Value positions = Mlp.of(decoder.at("query_pos_head"), boxes, 2).clipped(-10, 10);
            x = decoded(layers.get(i), config, x, boxes, positions, neck);
            if (edges == null) {
                start = Mlp.of(decoder.at("pre_bbox_head"), x, 3).plus(boxes.logit(1e-5)).sigmoid();
            }
            Layer refine = RtDetr.head(graph.root(), "bbox_embed." + i, "layers.0.weight");
            edges = edges == null ? Mlp.of(refine, x, 3) : Mlp.of(refine, x.plus(before), 3).plus(edges);
            boxes = moved(start, expected(edges, config), config.decimal("reg_scale", 4));
        }
        int last = layers.size() - 1;
        Layer classes = RtDetr.head(graph.root(), "class_embed." + last, "weight");
        Value quality = quality(decoder.at("lqe_layers", last), edges, config);
        graph.output("logits", classes.linear("", x, config.labels()).plus(quality));
        graph.output("pred_boxes", boxes);
        return List.of(graph);
    }

    private static Value decoded(
            Layer layer, Config config, Value x, Value boxes, Value positions, RtDetr.Neck neck) {
        double eps = config.decimal("layer_norm_eps", 1e-5);
        int heads = config.integer("decoder_attention_heads", 8);
        var steps = new PostNorm(heads, config.text("decoder_activation_function", "relu"), eps);
        x = steps.selfAttend(layer, x, positions);
        Layer attention = layer.at("encoder_attn");
        var deformable = new Deformable(heads, RtDetr.points(config, neck.levels().size()));
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
        List<Value> gates = gateway.linear("gate", Graph.concat(-1, old, fresh)).sigmoid().split(-1, d, d);
        return gateway.layerNorm("norm", gates.get(0).times(old).plus(gates.get(1).times(fresh)), 1e-5);
    }

    /** The mean offset of every edge, [n, q, 4], by distributions [n, q, 4·(bins + 1)]. */
    private static Value expected(Value edges, Config config) {
        float[] offsets = offsets(config);
        return distributions(edges, offsets.length)
                .matmul(edges.graph().floats(offsets, offsets.length, 1))
                .reshape(Size.keep(), edges.size(1), Size.of(4));
    }

    private static Value distributions(Value edges, int bins) {
        return edges.reshape(Size.keep(), edges.size(1), Size.of(4), Size.of(bins)).softmax(-1);
    }

    /** The offsets that the bins stand for: fine around zero, coarse far from it. */
    private static float[] offsets(Config config) {
        int bins = config.integer("max_num_bins", 32);
        double bound = Math.abs(config.decimal("up", 0.5)) * Math.abs(config.decimal("reg_scale", 4));
        double step = Math.pow(bound + 1, 2.0 / (bins - 2));
        float[] offsets = new float[bins + 1];
        for (int i = 1; i < bins / 2; i++) {
            offsets[bins / 2 + i] = (float) (Math.pow(step, i) - 1);
            offsets[bins / 2 - i] = -offsets[bins / 2 + i];
        }
        offsets[0] = (float) (-2 * bound);
        offsets[bins] = (float) (2 * bound);
        return offsets;
    }

    /** Boxes as centre and size, their edges left, top, right and bottom moved by offsets in units of size / scale. */
    private static Value moved(Value boxes, Value offsets, double scale) {
        Value centre = boxes.slice(-1, 0, 2);
        Value unit = boxes.slice(-1, 2, 4).over(scale);
        Value first = centre.minus(offsets.slice(-1, 0, 2).plus(0.5 * scale).times(unit));
        Value second = centre.plus(offsets.slice(-1, 2, 4).plus(0.5 * scale).times(unit));
        return Graph.concat(-1, first.plus(second).times(0.5), second.minus(first));
    }

    /** What the sharpness of the edges' distributions adds to all scores of a query: [n, q, 1]. */
    private static Value quality(Layer estimator, Value edges, Config config) {
        int bins = config.integer("max_num_bins", 32) + 1;
        Value sharpest = distributions(edges, bins).topValues(Size.of(config.integer("top_prob_values", 4)));
        Value facts = Graph.concat(-1, sharpest, sharpest.meanKept(-1)).reshape(Size.keep(), edges.size(1), Size.rest());
        return Mlp.of(estimator.at("reg_conf"), facts, config.integer("lqe_layers", 2));
    }
}
