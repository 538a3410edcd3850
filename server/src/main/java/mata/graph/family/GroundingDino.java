package mata.graph.family;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import mata.graph.Config;
import mata.graph.build.Attention;
import mata.graph.build.Conv;
import mata.graph.build.Graph;
import mata.graph.build.Layer;
import mata.graph.build.Size;
import mata.graph.build.Type;
import mata.graph.build.Value;
import mata.safetensors.SafeTensors;

/**
 * Grounding DINO over a Swin backbone: text and picture look at each other in every layer, and every box is compared with every
 * token. Takes pictures that fill their frame: there is no {@code pixel_mask}.
 */
final class GroundingDino implements Family {

    @Override
    public boolean reads(Config config) {
        return Family.hasHead(config, "ForObjectDetection")
                && config.child("backbone_config").modelType().equals("swin")
                && config.flag("two_stage", true)
                && config.text("position_embedding_type", "sine").equals("sine");
    }

    @Override
    public List<Graph> graphs(Config config, SafeTensors weights) {
        Graph graph = new Graph("model", weights);
        Config backbone = config.child("backbone_config");
        Value pixels = Pixels.free(graph, backbone);
        Value ids = graph.input("input_ids", Type.INT64, "batch_size", "sequence_length");
        Value kinds = graph.input("token_type_ids", Type.INT64, "batch_size", "sequence_length");
        Value mask = graph.input("attention_mask", Type.INT64, "batch_size", "sequence_length");

        Layer model = graph.root().at("model");
        Phrases phrases = Phrases.of(ids);
        Value words = Bert.encode(
                model.at("text_backbone"), config.child("text_config"), ids, kinds, phrases.places(), phrases.bias());
        var text = new Text(model.linear("text_projection", words), mask, phrases);
        Picture picture = Picture.of(model, config, pixels);
        for (Layer layer : model.list("encoder.layers", config.integer("encoder_layers", 6))) {
            var encoder = new EncoderLayer(layer, config);
            Picture seen = encoder.fusedPicture(picture, text);
            text = encoder.enhanced(encoder.fusedText(text, picture));
            picture = encoder.deformed(seen);
        }
        new Decoder(graph, config).decode(picture, text);
        return List.of(graph);
    }

    private static double eps(Config config) {
        return config.decimal("layer_norm_eps", 1e-5);
    }

    /** Attention under the names {@code query, key, value, out_proj}. */
    private record Heads(Layer attention, int count) {

        Value attend(Value queries, Value keys, Value values, Value bias) {
            Value q = attention.linear("query", queries);
            Value k = attention.linear("key", keys);
            Value v = attention.linear("value", values);
            return attention.linear("out_proj", Attention.biased(q, k, v, count, bias));
        }

        Value attend(Value queries, Value values) {
            Value q = attention.linear("query", queries);
            Value k = attention.linear("key", queries);
            Value v = attention.linear("value", values);
            return attention.linear("out_proj", Attention.full(q, k, v, count));
        }

        Value attendTo(Value queries, Text text) {
            Value q = attention.linear("query", queries);
            Value k = attention.linear("key", text.tokens());
            Value v = attention.linear("value", text.tokens());
            return attention.linear("out_proj", Attention.padded(q, k, v, count, text.mask()));
        }
    }

    /**
     * The text.
     *
     * @param tokens [n, s, d]
     * @param mask INT64 [n, s], 0 on padding
     */
    private record Text(Value tokens, Value mask, Phrases phrases) {

        Text with(Value changed) {
            return new Text(changed, mask, phrases);
        }
    }

    /**
     * The picture's maps as one sequence, large maps first.
     *
     * @param tokens [n, places, d]
     * @param positions [1, places, d]
     */
    private record Picture(Value tokens, Value positions, List<Deformable.Level> levels) {

        Picture with(Value changed) {
            return new Picture(changed, positions, levels);
        }

        static Picture of(Layer model, Config config, Value pixels) {
            List<Value> maps = maps(model, config, pixels);
            double temperature = config.decimal("positional_embedding_temperature", 20);
            var tokens = new ArrayList<Value>();
            var positions = new ArrayList<Value>();
            var levels = new ArrayList<Deformable.Level>();
            for (int i = 0; i < maps.size(); i++) {
                Value map = maps.get(i);
                int d = map.width(1);
                Value level = model.tensor("level_embed", maps.size(), d).at(0, i);
                tokens.add(map.mapToTokens());
                positions.add(SinePositions.of(map.graph(), map.size(2), map.size(3), d, temperature)
                        .plus(level));
                levels.add(new Deformable.Level(map.size(2), map.size(3)));
            }
            return new Picture(Graph.concat(1, tokens), Graph.concat(1, positions), levels);
        }

        /** The backbone's maps at one width, and smaller ones made from the last. */
        private static List<Value> maps(Layer model, Config config, Value pixels) {
            Config backbone = config.child("backbone_config");
            Layer swin = model.at("backbone.conv_encoder.model");
            List<Swin.Tokens> stages = Swin.stages(swin, backbone, pixels);
            var maps = new ArrayList<Value>();
            Value last = pixels;
            for (String feature : backbone.texts("out_features")) {
                Swin.Tokens stage = stages.get(Integer.parseInt(feature.replace("stage", "")) - 1);
                Value normed = swin.layerNorm("hidden_states_norms." + feature, stage.tokens(), Swin.eps(backbone));
                last = normed.tokensToMap(stage.height(), stage.width());
                maps.add(projected(model, maps.size(), last, Conv.pointwise()));
            }
            for (int i = maps.size(); i < config.integer("num_feature_levels", 4); i++) {
                last = projected(model, i, last, Conv.stride(2).padded(1));
                maps.add(last);
            }
            return maps;
        }

        private static Value projected(Layer model, int level, Value map, Conv how) {
            Layer projection = model.at("input_proj_vision", level);
            return projection.groupNorm("1", projection.conv("0", map, how), 32, 1e-5);
        }
    }

    /** One layer of the encoder: both sides look at each other, then each at itself. */
    private record EncoderLayer(Layer layer, Config config) {

        private int fewerHeads() {
            return config.integer("encoder_attention_heads", 8) / 2;
        }

        Picture fusedPicture(Picture picture, Text text) {
            Layer fusion = layer.at("fusion_layer");
            Layer attention = fusion.at("attn");
            Value x = fusion.layerNorm("layer_norm_vision", picture.tokens(), eps(config));
            Value y = fusion.layerNorm("layer_norm_text", text.tokens(), eps(config));
            Value seen = Attention.padded(
                    attention.linear("vision_proj", x),
                    attention.linear("text_proj", y),
                    attention.linear("values_text_proj", y),
                    fewerHeads(),
                    text.mask());
            Value change = attention.linear("out_vision_proj", seen).times(fusion.tensor("vision_param", x.width(2)));
            return picture.with(x.plus(change));
        }

        Text fusedText(Text text, Picture picture) {
            Layer fusion = layer.at("fusion_layer");
            Layer attention = fusion.at("attn");
            Value x = fusion.layerNorm("layer_norm_vision", picture.tokens(), eps(config));
            Value y = fusion.layerNorm("layer_norm_text", text.tokens(), eps(config));
            Value seen = Attention.full(
                    attention.linear("text_proj", y),
                    attention.linear("vision_proj", x),
                    attention.linear("values_vision_proj", x),
                    fewerHeads());
            Value change = attention.linear("out_text_proj", seen).times(fusion.tensor("text_param", y.width(2)));
            return text.with(y.plus(change));
        }

        Text enhanced(Text text) {
            Layer enhancer = layer.at("text_enhancer_layer");
            Value x = text.tokens();
            Value angles = text.phrases().places().cast(Type.FLOAT).times(2 * Math.PI);
            Value placed = x.plus(SinePositions.waves(angles, x.width(2), 10_000));
            Value seen = new Heads(enhancer.at("self_attn"), fewerHeads())
                    .attend(placed, placed, x, text.phrases().bias());
            x = enhancer.layerNorm("layer_norm_before", x.plus(seen), eps(config));
            Value wide = enhancer.linear("fc1", x).activated(config.text("activation_function", "relu"));
            return text.with(enhancer.layerNorm("layer_norm_after", x.plus(enhancer.linear("fc2", wide)), eps(config)));
        }

        Picture deformed(Picture picture) {
            Layer deformable = layer.at("deformable_layer");
            Layer attention = deformable.at("self_attn");
            var points = new Deformable(
                    config.integer("encoder_attention_heads", 8),
                    Collections.nCopies(picture.levels().size(), config.integer("encoder_n_points", 4)));
            Value x = picture.tokens();
            Value queries = x.plus(picture.positions());
            Value places = points.near(centres(picture), points.offsets(attention, queries), picture.levels());
            Value seen = points.sample(
                    attention.linear("value_proj", x), picture.levels(), places, points.weights(attention, queries));
            x = deformable.layerNorm(
                    "self_attn_layer_norm", x.plus(attention.linear("output_proj", seen)), eps(config));
            return picture.with(postNorm(config).feedForward(deformable, x));
        }

        private static Value centres(Picture picture) {
            Graph graph = picture.tokens().graph();
            return Graph.concat(
                    1,
                    picture.levels().stream()
                            .map(level -> Proposals.Places.centres(graph, level.height(), level.width()))
                            .toList());
        }
    }

    private static PostNorm postNorm(Config config) {
        return new PostNorm(
                config.integer("decoder_attention_heads", 8), config.text("activation_function", "relu"), eps(config));
    }

    /** From the best places to boxes. */
    private record Decoder(Graph graph, Config config) {

        void decode(Picture picture, Text text) {
            Layer model = graph.root().at("model");
            Layer decoder = model.at("decoder");
            Value boxes = start(model, picture, text);
            Value x = model.tensor(
                            "query_position_embeddings.weight",
                            boxes.width(1),
                            text.tokens().width(2))
                    .unsqueeze(0)
                    .expand(boxes.size(0), boxes.size(1), text.tokens().size(2));
            Value before = boxes;
            int layers = config.integer("decoder_layers", 6);
            for (int i = 0; i < layers; i++) {
                before = boxes;
                x = layer(decoder.at("layers", i), x, boxes, picture, text);
                boxes = moved(i, x, boxes);
            }
            Value normed = decoder.layerNorm("layer_norm", x, eps(config));
            graph.output("logits", likeness(normed, text));
            graph.output("pred_boxes", moved(layers - 1, normed, before));
        }

        /** The boxes of the places that are most like any token, [n, queries, 4]. */
        private Value start(Layer model, Picture picture, Text text) {
            Proposals.Places places = Proposals.Places.of(graph, picture.levels());
            Value x = model.linear("enc_output", picture.tokens().times(places.valid()));
            x = model.layerNorm("enc_output_norm", x, eps(config));
            Value scores = x.matmul(text.tokens().transpose(0, 2, 1))
                    .plus(Masks.padding(text.mask()).squeeze(1));
            Value best = scores.largest(-1).topIndices(Size.of(config.integer("num_queries", 900)));
            Value boxes = Mlp.of(model.at("encoder_output_bbox_embed"), x, 3).plus(places.boxes());
            return boxes.pickRows(best).sigmoid();
        }

        private Value layer(Layer layer, Value x, Value boxes, Picture picture, Text text) {
            int heads = config.integer("decoder_attention_heads", 8);
            Value positions = positions(boxes);
            Value seen = new Heads(layer.at("self_attn"), heads).attend(x.plus(positions), x);
            x = layer.layerNorm("self_attn_layer_norm", x.plus(seen), eps(config));

            seen = new Heads(layer.at("encoder_attn_text"), heads).attendTo(x.plus(positions), text);
            x = layer.layerNorm("encoder_attn_text_layer_norm", x.plus(seen), eps(config));

            Layer attention = layer.at("encoder_attn");
            var points = new Deformable(
                    heads, Collections.nCopies(picture.levels().size(), config.integer("decoder_n_points", 4)));
            Value queries = x.plus(positions);
            Value places = points.around(boxes, points.offsets(attention, queries), 0.5);
            seen = points.sample(
                    attention.linear("value_proj", picture.tokens()),
                    picture.levels(),
                    places,
                    points.weights(attention, queries));
            x = layer.layerNorm("encoder_attn_layer_norm", x.plus(attention.linear("output_proj", seen)), eps(config));
            return postNorm(config).feedForward(layer, x);
        }

        /** Of boxes as centre and size; y comes before x. */
        private Value positions(Value boxes) {
            int half = config.integer("d_model", 256) / 2;
            var waves = new ArrayList<Value>();
            for (int coordinate : new int[] {1, 0, 2, 3}) {
                waves.add(SinePositions.waves(boxes.at(2, coordinate).times(2 * Math.PI), half, 10_000));
            }
            return Mlp.of(graph.root().at("model.decoder.reference_points_head"), Graph.concat(-1, waves), 2);
        }

        /** The heads of all layers may be one, stored once. */
        private Value moved(int layer, Value x, Value boxes) {
            Layer own = graph.root().at("bbox_embed", layer);
            Layer head = own.has("layers.0.weight") ? own : graph.root().at("bbox_embed", 0);
            Value clipped = boxes.clipped(1e-5, 1 - 1e-5);
            Value logits = clipped.over(graph.scalar(1).minus(clipped)).log();
            return Mlp.of(head, x, 3).plus(logits).sigmoid();
        }

        /** [n, queries, max_text_len]: minus infinity on padding and behind the text. */
        private Value likeness(Value x, Text text) {
            Value none = graph.scalar(Double.NEGATIVE_INFINITY);
            Value padding = text.mask().equalTo(graph.index(0)).unsqueeze(1);
            Value scores = padding.choose(none, x.matmul(text.tokens().transpose(0, 2, 1)));
            Size rest = scores.size(2).times(-1).plus(config.integer("max_text_len", 256));
            return Graph.concat(2, scores, none.expand(scores.size(0), scores.size(1), rest));
        }
    }
}
