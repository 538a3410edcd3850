package mata.graph.family;

import java.util.List;
import mata.graph.Config;
import mata.graph.build.Graph;
import mata.graph.build.Layer;
import mata.graph.build.Size;
import mata.graph.build.Type;
import mata.graph.build.Value;
import mata.safetensors.SafeTensors;

/** OWL-ViT and OWLv2: every patch of CLIP's vision tower is a box, which texts are compared with. */
final class Owl implements Family {

    private static final double EPS = 1e-5;

    /** What the score of a padding text is. */
    private static final double NEVER = -Float.MAX_VALUE;

    private final String prefix;

    /** @param prefix {@code owlvit} or {@code owlv2} */
    Owl(String prefix) {
        this.prefix = prefix;
    }

    @Override
    public boolean reads(Config config) {
        return Family.hasHead(config, "ForObjectDetection");
    }

    @Override
    public List<Graph> graphs(Config config, SafeTensors weights) {
        Graph graph = new Graph("model", weights);
        Value ids = graph.input("input_ids", Type.INT64, "text_batch_size", "sequence_length");
        Config vision = config.child("vision_config");
        Value pixels = Pixels.fixed(graph, vision, 768);
        Value mask = graph.input("attention_mask", Type.INT64, "text_batch_size", "sequence_length");

        Layer root = graph.root();
        Layer owl = root.at(prefix);
        Value texts = Clip.text(owl.at("text_model"), config.child("text_config"), ids, mask, ids.argMax(1));
        texts = owl.linear("text_projection", texts, false).normalized(-1, 0);
        texts = texts.reshape(pixels.size(0), Size.rest(), Size.of(texts.width(1)));
        Value padding = ids.at(1, 0).equalTo(graph.index(0)).reshape(pixels.size(0), Size.of(1), Size.rest());

        Value patches = patches(root, owl, vision, pixels);
        graph.output("logits", padding.choose(graph.scalar(NEVER), scores(root.at("class_head"), patches, texts)));
        int side = vision.integer("image_size", 768) / vision.integer("patch_size", 32);
        graph.output("pred_boxes", boxes(root.at("box_head"), patches, side));
        graph.output("text_embeds", texts);
        graph.output("image_embeds", patches.reshape(0, side, side, patches.width(2)));
        return List.of(graph);
    }

    /** Every patch knows the whole picture through the class token: [n, patches, d]. */
    private static Value patches(Layer root, Layer owl, Config vision, Value pixels) {
        double eps = vision.decimal("layer_norm_eps", EPS);
        Value tokens = Clip.vision(owl.at("vision_model"), vision, pixels, "pre_layernorm");
        tokens = owl.layerNorm("vision_model.post_layernorm", tokens, eps);
        return root.layerNorm("layer_norm", tokens.from(1, 1).times(tokens.slice(1, 0, 1)), eps);
    }

    /** [n, patches, texts]. */
    private static Value scores(Layer head, Value patches, Value texts) {
        Value classes = unit(head.linear("dense0", patches));
        Value likeness = classes.matmul(unit(texts).transpose(0, 2, 1));
        Value shift = head.linear("logit_shift", patches);
        Value scale = head.linear("logit_scale", patches).elu().plus(1);
        return likeness.plus(shift).times(scale);
    }

    private static Value unit(Value x) {
        return x.over(x.times(x).sumKept(-1).sqrt().plus(1e-6));
    }

    /** Centre and size, 0…1: each patch starts from its own place. */
    private static Value boxes(Layer head, Value patches, int side) {
        Value x = head.linear("dense1", head.linear("dense0", patches).gelu()).gelu();
        return head.linear("dense2", x)
                .plus(patches.graph().floats(start(side), (long) side * side, 4))
                .sigmoid();
    }

    private static float[] start(int side) {
        float[] start = new float[side * side * 4];
        for (int i = 0; i < side * side; i++) {
            int column = i % side;
            int row = i / side;
            start[4 * i] = logit((column + 1.0) / side);
            start[4 * i + 1] = logit((row + 1.0) / side);
            start[4 * i + 2] = logit(1.0 / side);
            start[4 * i + 3] = logit(1.0 / side);
        }
        return start;
    }

    private static float logit(double part) {
        return (float) (Math.log(part + 1e-4) - Math.log1p(-part + 1e-4));
    }
}
