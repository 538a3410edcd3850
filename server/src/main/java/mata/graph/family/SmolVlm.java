package mata.graph.family;

import java.util.List;
import mata.graph.Config;
import mata.graph.build.Graph;
import mata.graph.build.Layer;
import mata.graph.build.Size;
import mata.graph.build.Type;
import mata.graph.build.Value;
import mata.safetensors.SafeTensors;

/** SmolVLM and Idefics3: SigLIP looks at tiles, whose patches are packed before Llama reads them. Tiles are full: there is no mask. */
final class SmolVlm implements Family {

    @Override
    public boolean reads(Config config) {
        return Family.hasHead(config, "ForConditionalGeneration") && Llama.reads(config.child("text_config"));
    }

    @Override
    public List<Graph> graphs(Config config, SafeTensors weights) {
        var language = new Llama("model.text_model", "lm_head", config.child("text_config"));
        return List.of(vision(config, weights), language.embedTokens(weights), language.decoder(weights));
    }

    private static Graph vision(Config config, SafeTensors weights) {
        Graph graph = new Graph("vision_encoder", weights);
        Config vision = config.child("vision_config");
        int side = vision.integer("image_size", 224);
        int channels = vision.integer("num_channels", 3);
        String length = Integer.toString(side);
        Value tiles = graph.input(
                "pixel_values", Type.FLOAT, "batch_size", "num_images", Integer.toString(channels), length, length);
        Value pixels = tiles.reshape(-1, channels, side, side);
        Value patches = Siglip.vision(graph.root().at("model.vision_model"), vision, pixels);
        Layer connector = graph.root().at("model.connector");
        int factor = config.integer("scale_factor", 2);
        int cells = side / vision.integer("patch_size", 32);
        graph.output(
                "image_features", connector.linear("modality_projection.proj", packed(patches, cells, factor), false));
        return graph;
    }

    /** Square blocks of patches become one token each, row by row: [tiles, patches, d] to [tiles, blocks, factor²·d]. */
    private static Value packed(Value patches, int cells, int factor) {
        int d = patches.width(2);
        int blocks = cells / factor;
        return patches.reshape(0, blocks, factor, blocks, factor, d)
                .transpose(0, 1, 3, 2, 4, 5)
                .reshape(Size.keep(), Size.of((long) blocks * blocks), Size.of((long) factor * factor * d));
    }
}
