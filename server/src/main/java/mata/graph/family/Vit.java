package mata.graph.family;

import java.util.List;
import mata.graph.Config;
import mata.graph.build.Conv;
import mata.graph.build.Graph;
import mata.graph.build.Layer;
import mata.graph.build.Value;
import mata.safetensors.SafeTensors;

/** ViT and DeiT as classifiers, the distilled DeiT with its two heads included. */
final class Vit implements Family {

    private final String prefix;

    /** @param prefix {@code vit} or {@code deit} */
    Vit(String prefix) {
        this.prefix = prefix;
    }

    @Override
    public boolean reads(Config config) {
        return Family.hasHead(config, "ForImageClassification", "ForImageClassificationWithTeacher");
    }

    @Override
    public List<Graph> graphs(Config config, SafeTensors weights) {
        Graph graph = new Graph("model", weights);
        Value x = encode(graph.root().at(prefix), config, Pixels.fixed(graph, config, 224));
        graph.output("logits", logits(graph.root(), x, config.labels()));
        return List.of(graph);
    }

    /** All tokens after the last norm; CLS first, then a distillation token where there is one. */
    static Value encode(Layer vit, Config config, Value pixels) {
        Layer embeddings = vit.at("embeddings");
        int patch = config.sides("patch_size", 16).height();
        Value x = embeddings
                .conv("patch_embeddings.projection", pixels, Conv.stride(patch))
                .mapToTokens();
        if (embeddings.has("distillation_token")) {
            x = VitEncoder.prepend(embeddings.tensor("distillation_token", 1, 1, x.width(2)), x);
        }
        x = VitEncoder.prepend(embeddings.tensor("cls_token", 1, 1, x.width(2)), x);
        x = x.plus(embeddings.tensor("position_embeddings", 1, x.width(1), x.width(2)));

        VitEncoder encoder = VitEncoder.of(config, VitEncoder.Names.VIT, 1e-12);
        for (Layer block : vit.list("encoder.layer", config.integer("num_hidden_layers", 12))) {
            x = encoder.block(block, x);
        }
        return vit.layerNorm("layernorm", x, encoder.eps());
    }

    private static Value logits(Layer root, Value tokens, int labels) {
        if (root.has("distillation_classifier.weight")) {
            Value cls = root.linear("cls_classifier", tokens.at(1, 0), labels);
            Value distilled = root.linear("distillation_classifier", tokens.at(1, 1), labels);
            return cls.plus(distilled).times(0.5);
        }
        return root.linear("classifier", tokens.at(1, 0), labels);
    }
}
