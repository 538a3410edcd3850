package mata.graph.family;

import java.util.List;
import mata.graph.Config;
import mata.graph.build.Attention;
import mata.graph.build.Graph;
import mata.graph.build.Layer;
import mata.graph.build.Size;
import mata.graph.build.Value;
import mata.safetensors.SafeTensors;

/** Conditional DETR: as DETR, but where a query looks is matched apart from what it looks for. */
final class ConditionalDetr implements Family {

    @Override
    public boolean reads(Config config) {
        return Detr.readable(config);
    }

    @Override
    public List<Graph> graphs(Config config, SafeTensors weights) {
        Graph graph = new Graph("model", weights);
        Layer model = graph.root().at("model");
        Layer decoder = model.at("decoder");
        Detr.Memory memory = Detr.Memory.of(model, config, Pixels.free(graph, config));

        PostNorm steps = PostNorm.of(config, "decoder_attention_heads");
        Value places = Detr.queries(model, config, memory);
        Value centres = Mlp.of(decoder.at("ref_point_head"), places, 2).sigmoid();
        int half = places.width(2) / 2;
        Value waves = Graph.concat(-1, waves(centres.at(2, 1), half), waves(centres.at(2, 0), half));
        Value x = Detr.nothing(places, memory);
        List<Layer> layers = decoder.list("layers", config.integer("decoder_layers", 6));
        for (int i = 0; i < layers.size(); i++) {
            Layer layer = layers.get(i);
            Value where = i == 0 ? waves : waves.times(Mlp.of(decoder.at("query_scale"), x, 2));
            x = selfAttend(layer, steps, x, places);
            x = crossAttend(layer, steps, x, where, places, memory);
            x = steps.feedForward(layer, x);
        }
        x = decoder.layerNorm("layernorm", x, steps.eps());
        Value boxes = Mlp.of(graph.root().at("bbox_predictor"), x, 3);
        Value moved = boxes.slice(-1, 0, 2).plus(centres.logit(1e-5));
        graph.output("logits", graph.root().linear("class_labels_classifier", x, config.labels()));
        graph.output(
                "pred_boxes", Graph.concat(-1, moved, boxes.slice(-1, 2, 4)).sigmoid());
        return List.of(graph);
    }

    private static Value waves(Value coordinate, int features) {
        return SinePositions.waves(coordinate.times(2 * Math.PI), features, 10_000);
    }

    private static Value selfAttend(Layer layer, PostNorm steps, Value x, Value places) {
        Value q = layer.linear("sa_qcontent_proj", x).plus(layer.linear("sa_qpos_proj", places));
        Value k = layer.linear("sa_kcontent_proj", x).plus(layer.linear("sa_kpos_proj", places));
        Value v = layer.linear("sa_v_proj", x);
        Value attended = layer.linear("self_attn.out_proj", Attention.full(q, k, v, steps.heads()));
        return layer.layerNorm("self_attn_layer_norm", x.plus(attended), steps.eps());
    }

    /** Every head's features are content, then place. Only the first layer also adds the place to the content. */
    private static Value crossAttend(
            Layer layer, PostNorm steps, Value x, Value where, Value places, Detr.Memory memory) {
        Value q = layer.linear("ca_qcontent_proj", x);
        Value k = layer.linear("ca_kcontent_proj", memory.tokens());
        Value v = layer.linear("ca_v_proj", memory.tokens());
        Value kPlace = layer.linear("ca_kpos_proj", memory.positions());
        if (layer.has("ca_qpos_proj.weight")) {
            q = q.plus(layer.linear("ca_qpos_proj", places));
            k = k.plus(kPlace);
        }
        q = byHead(q, layer.linear("ca_qpos_sine_proj", where), steps.heads());
        k = byHead(k, kPlace, steps.heads());
        Value attended = layer.linear("encoder_attn.out_proj", Attention.full(q, k, v, steps.heads()));
        return layer.layerNorm("encoder_attn_layer_norm", x.plus(attended), steps.eps());
    }

    private static Value byHead(Value content, Value place, int heads) {
        Size tokens = content.size(1);
        Size each = Size.of(content.width(2) / heads);
        Value first = content.reshape(Size.keep(), tokens, Size.of(heads), each);
        Value second = place.expand(content.size(0), tokens, content.size(2))
                .reshape(Size.keep(), tokens, Size.of(heads), each);
        return Graph.concat(3, first, second).reshape(Size.keep(), tokens, Size.of(2L * content.width(2)));
    }
}
