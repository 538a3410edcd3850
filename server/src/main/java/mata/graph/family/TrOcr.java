package mata.graph.family;

import java.util.List;
import mata.graph.Config;
import mata.graph.build.Graph;
import mata.graph.build.Layer;
import mata.graph.build.Type;
import mata.graph.build.Value;
import mata.safetensors.SafeTensors;

/** TrOCR: a ViT or DeiT reads the picture, BART's decoder writes. */
final class TrOcr implements Family {

    private static final String EMBEDDINGS = "decoder.model.decoder.embed_tokens";
    private static final String OUTPUT = "decoder.output_projection";

    @Override
    public boolean reads(Config config) {
        return config.child("decoder").modelType().equals("trocr")
                && List.of("vit", "deit").contains(config.child("encoder").modelType());
    }

    @Override
    public List<Graph> graphs(Config config, SafeTensors weights) {
        return List.of(encoder(config.child("encoder"), weights), decoder(config, weights));
    }

    private static Graph encoder(Config config, SafeTensors weights) {
        Graph graph = new Graph("encoder_model", weights);
        Value pixels = Pixels.fixed(graph, config, 224);
        graph.output("last_hidden_state", Vit.encode(graph.root().at("encoder"), config, pixels));
        return graph;
    }

    private static Graph decoder(Config config, SafeTensors weights) {
        Graph graph = new Graph("decoder_model_merged", weights);
        Layer root = graph.root();
        String width = Integer.toString(config.child("encoder").integer("hidden_size", 768));
        Value ids = graph.input("input_ids", Type.INT64, "batch_size", "decoder_sequence_length");
        Value memory = graph.input("encoder_hidden_states", Type.FLOAT, "batch_size", "encoder_sequence_length", width);
        if (root.has("enc_to_dec_proj.weight")) {
            memory = root.linear("enc_to_dec_proj", memory);
        }
        var decoder = new BartDecoder(root.at("decoder.model.decoder"), config.child("decoder"));
        Value x = decoder.decode(root.embedding(EMBEDDINGS, ids), memory, null);
        graph.output("logits", root.linear(root.has(OUTPUT + ".weight") ? OUTPUT : EMBEDDINGS, x, false));
        return graph;
    }
}
