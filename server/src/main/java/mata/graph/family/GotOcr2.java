package mata.graph.family;

import java.util.List;
import mata.graph.Config;
import mata.graph.build.Conv;
import mata.graph.build.Graph;
import mata.graph.build.Layer;
import mata.graph.build.Value;
import mata.safetensors.SafeTensors;

/** GOT-OCR2: SAM's picture encoder, two halving convolutions, Qwen2. */
final class GotOcr2 implements Family {

    @Override
    public boolean reads(Config config) {
        return Llama.reads(config.child("text_config"));
    }

    @Override
    public List<Graph> graphs(Config config, SafeTensors weights) {
        var language = new Llama("language_model.model", "language_model.lm_head", config.child("text_config"));
        return List.of(vision(config, weights), language.embedTokens(weights), language.decoder(weights));
    }

    private static Graph vision(Config config, SafeTensors weights) {
        Graph graph = new Graph("vision_encoder", weights);
        Config vision = config.child("vision_config");
        Value map = SamVision.encode(graph.root().at("vision_tower"), vision, Pixels.fixed(graph, vision, 1024));
        Layer projector = graph.root().at("multi_modal_projector");
        Conv halving = Conv.stride(2).padded(1).unbiased();
        map = projector.conv("conv_upsampler1", map, halving);
        map = projector.conv("conv_upsampler2", map, halving);
        graph.output("image_features", projector.linear("multimodal_projector", map.mapToTokens()));
        return graph;
    }
}
