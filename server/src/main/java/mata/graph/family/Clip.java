package mata.graph.family;

import java.util.List;
import mata.graph.Config;
import mata.graph.build.Conv;
import mata.graph.build.Graph;
import mata.graph.build.Layer;
import mata.graph.build.Type;
import mata.graph.build.Value;
import mata.safetensors.SafeTensors;

/** CLIP: pictures and texts in one space. */
final class Clip implements Family {

    private static final double EPS = 1e-5;
    private static final String ACTIVATION = "quick_gelu";

    /** Published files say 2, a historic value: their texts end at the largest id. */
    private static final int HISTORIC_EOS = 2;

    @Override
    public boolean reads(Config config) {
        return Family.hasHead(config, "CLIPModel");
    }

    @Override
    public List<Graph> graphs(Config config, SafeTensors weights) {
        Graph graph = new Graph("model", weights);
        Value ids = graph.input("input_ids", Type.INT64, "text_batch_size", "sequence_length");
        Value pixels = Pixels.fixed(graph, config.child("vision_config"), 224);
        Value mask = graph.input("attention_mask", Type.INT64, "text_batch_size", "sequence_length");

        Layer clip = graph.root();
        Config language = config.child("text_config");
        Value texts = text(clip.at("text_model"), language, ids, mask, end(ids, language));
        texts = clip.linear("text_projection", texts, false).normalized(-1, 0);
        Value picture = vision(clip.at("vision_model"), config.child("vision_config"), pixels, "pre_layrnorm")
                .at(1, 0);
        picture = clip.layerNorm("vision_model.post_layernorm", picture, EPS);
        picture = clip.linear("visual_projection", picture, false).normalized(-1, 0);

        Value perText = texts.matmul(picture.transpose(1, 0))
                .times(clip.tensor("logit_scale").exp());
        graph.output("logits_per_image", perText.transpose(1, 0));
        graph.output("logits_per_text", perText);
        graph.output("text_embeds", texts);
        graph.output("image_embeds", picture);
        return List.of(graph);
    }

    /**
     * The vision tower without its last norm: [n, 1 + patches, d], CLS first.
     *
     * @param norm what the norm before the blocks is called; CLIP's own files misspell it
     */
    static Value vision(Layer tower, Config config, Value pixels, String norm) {
        return vision(tower, config, pixels, norm, config.integer("num_hidden_layers", 12));
    }

    /** As above, after the first {@code layers} blocks. */
    static Value vision(Layer tower, Config config, Value pixels, String norm, int layers) {
        ClipEncoder encoder = ClipEncoder.of(config, 12, EPS, ACTIVATION).first(layers);
        Layer embeddings = tower.at("embeddings");
        Conv patches = Conv.stride(config.integer("patch_size", 32)).unbiased();
        Value x = embeddings.conv("patch_embedding", pixels, patches).mapToTokens();
        Value cls =
                embeddings.tensor("class_embedding", x.width(2)).unsqueeze(0).unsqueeze(0);
        x = VitEncoder.prepend(cls, x);
        x = x.plus(embeddings.tensor("position_embedding.weight", x.width(1), x.width(2)));
        return encoder.encode(tower.at("encoder"), tower.layerNorm(norm, x, encoder.eps()), null);
    }

    /**
     * One token of every text after the text tower: [n, d].
     *
     * @param chosen INT64 [n], which token
     */
    static Value text(Layer tower, Config config, Value ids, Value mask, Value chosen) {
        ClipEncoder encoder = ClipEncoder.of(config, 8, EPS, ACTIVATION);
        Layer embeddings = tower.at("embeddings");
        Value positions = embeddings.tensor("position_embedding.weight", -1, -1).first(0, ids.size(1));
        Value x = embeddings.embedding("token_embedding", ids).plus(positions);
        Value seen = Masks.causal(x.graph(), ids.size(1)).plus(Masks.padding(mask));
        x = encoder.encode(tower.at("encoder"), x, seen);
        x = tower.layerNorm("final_layer_norm", x, encoder.eps());
        return x.pickRows(chosen.unsqueeze(1)).squeeze(1);
    }

    private static Value end(Value ids, Config config) {
        int eos = config.integer("eos_token_id", HISTORIC_EOS);
        return eos == HISTORIC_EOS
                ? ids.argMax(1)
                : ids.equalTo(ids.graph().index(eos)).cast(Type.INT32).argMax(1);
    }
}
