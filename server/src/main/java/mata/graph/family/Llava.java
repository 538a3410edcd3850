package mata.graph.family;

import java.util.List;
import mata.graph.Config;
import mata.graph.build.Graph;
import mata.graph.build.Layer;
import mata.graph.build.Value;
import mata.safetensors.SafeTensors;

/** LLaVA 1.5: CLIP's patches, two linear layers, Llama. */
final class Llava implements Family {

    @Override
    public boolean reads(Config config) {
        return config.child("vision_config").modelType().equals("clip_vision_model")
                && !config.hasList("vision_feature_layer")
                && Llama.reads(config.child("text_config"));
    }

    @Override
    public List<Graph> graphs(Config config, SafeTensors weights) {
        var language = new Llama("language_model.model", "language_model.lm_head", config.child("text_config"));
        return List.of(vision(config, weights), language.embedTokens(weights), language.decoder(weights));
    }

    private static Graph vision(Config config, SafeTensors weights) {
        Graph graph = new Graph("vision_encoder", weights);
        Config vision = config.child("vision_config");
        Value pixels = Pixels.fixed(graph, vision, 336);
        Layer tower = graph.root().at("vision_tower.vision_model");
        int layers = vision.integer("num_hidden_layers", 24);
        int wanted = config.integer("vision_feature_layer", -2);
        int run = wanted < 0 ? layers + 1 + wanted : wanted;
        Value tokens = Clip.vision(tower, vision, pixels, "pre_layrnorm", run);
        boolean whole = config.text("vision_feature_select_strategy", "default").equals("full");
        Layer projector = graph.root().at("multi_modal_projector");
        boolean biased = config.flag("multimodal_projector_bias", true);
        Value wide = projector
                .linear("linear_1", whole ? tokens : tokens.from(1, 1), biased)
                .activated(config.text("projector_hidden_act", "gelu"));
        graph.output("image_features", projector.linear("linear_2", wide, biased));
        return graph;
    }
}
