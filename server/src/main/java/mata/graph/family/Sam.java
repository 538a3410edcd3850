package mata.graph.family;

import java.util.List;
import mata.graph.Config;
import mata.graph.build.Graph;
import mata.graph.build.Layer;
import mata.graph.build.Size;
import mata.graph.build.Type;
import mata.graph.build.Value;
import mata.safetensors.SafeTensors;

/**
 * SAM as two graphs: the picture once, then any number of prompts. The second takes points and boxes, either of which may be
 * empty: no box at all, or no point for every object.
 */
final class Sam implements Family {

    @Override
    public boolean reads(Config config) {
        return Family.hasHead(config, "SamModel");
    }

    @Override
    public List<Graph> graphs(Config config, SafeTensors weights) {
        return List.of(visionEncoder(config, weights), maskDecoder(config, weights));
    }

    private static Graph visionEncoder(Config config, SafeTensors weights) {
        Graph graph = new Graph("vision_encoder", weights);
        Config vision = config.child("vision_config");
        Value pixels = Pixels.fixed(graph, vision, 1024);
        Value map = SamVision.encode(graph.root().at("vision_encoder"), vision, pixels);
        graph.output("image_embeddings", map);
        graph.output("image_positional_embeddings", places(graph.root(), map));
        return graph;
    }

    /** Where every cell of the map lies, [n, d, h, w]. */
    private static Value places(Layer sam, Value map) {
        int side = map.width(2);
        float[] centres = new float[side * side * 2];
        for (int i = 0; i < side * side; i++) {
            int column = i % side;
            int row = i / side;
            centres[2 * i] = (column + 0.5f) / side;
            centres[2 * i + 1] = (row + 0.5f) / side;
        }
        Value places = waves(sam, sam.graph().floats(centres, 1, (long) side * side, 2));
        return places.tokensToMap(map.size(2), map.size(3)).expand(map.size(0), map.size(1), map.size(2), map.size(3));
    }

    /** Points [… 2], x before y, 0…1, as random waves [… d]. */
    private static Value waves(Layer sam, Value points) {
        String tied = "prompt_encoder.shared_embedding.positional_embedding";
        String name = "shared_image_embedding.positional_embedding";
        Value matrix = sam.tensor(sam.has(name) ? name : tied, 2, -1);
        Value angles = points.times(2).plus(-1).matmul(matrix).times(2 * Math.PI);
        return Graph.concat(-1, angles.sin(), angles.cos());
    }

    private static Graph maskDecoder(Config config, SafeTensors weights) {
        Graph graph = new Graph("prompt_encoder_mask_decoder", weights);
        Config vision = config.child("vision_config");
        int side = vision.integer("image_size", 1024) / vision.integer("patch_size", 16);
        String cells = Integer.toString(side);
        Config prompts = config.child("prompt_encoder_config");
        String width = Integer.toString(prompts.integer("hidden_size", 256));
        Value points = graph.input("input_points", Type.FLOAT, "batch_size", "point_batch_size", "points", "2");
        Value labels = graph.input("input_labels", Type.INT64, "batch_size", "point_batch_size", "points");
        Value boxes = graph.input("input_boxes", Type.FLOAT, "batch_size", "boxes", "4");
        Value image = graph.input("image_embeddings", Type.FLOAT, "batch_size", width, cells, cells);
        Value places = graph.input("image_positional_embeddings", Type.FLOAT, "batch_size", width, cells, cells);

        Layer sam = graph.root();
        int pixels = prompts.integer("image_size", 1024);
        Value sparse = new Prompts(sam, pixels).embed(points, labels, boxes);
        Value dense = sam.tensor("prompt_encoder.no_mask_embed.weight", 1, -1)
                .unsqueeze(-1)
                .unsqueeze(-1);
        var decoder = new SamMaskDecoder(sam.at("mask_decoder"), config.child("mask_decoder_config"));
        decoder.decode(sparse, image.plus(dense), places);
        return graph;
    }

    /** Points and the corners of boxes as tokens. */
    private record Prompts(Layer sam, int side) {

        /** [n, objects, tokens, d]: points, one more that means nothing where there is no box, then two corners. */
        Value embed(Value points, Value labels, Value boxes) {
            Graph graph = sam.graph();
            Size objects = points.size(1);
            Size boxed = new Size.Measured(boxes.size(1).in(graph).over(objects.in(graph)));
            Size fillers = boxed.times(-1).plus(1);
            Value filler = graph.longs(-1).expand(points.size(0), objects, fillers);
            Value nowhere = graph.full(0, points.size(0), objects, fillers, Size.of(2));
            Value allLabels = Graph.concat(2, labels, filler);
            // the half pixel that shifts points to their pixel's centre is not for the filler, whose place is not used
            Value allPoints = Graph.concat(2, points.plus(0.5), nowhere);
            return Graph.concat(2, points(allPoints, allLabels), corners(boxes, points.size(0), objects, boxed));
        }

        private Value points(Value points, Value labels) {
            Layer encoder = sam.at("prompt_encoder");
            Value label = labels.unsqueeze(-1);
            Value waves = waves(sam, points.over(side));
            Value x = is(label, -1).choose(encoder.tensor("not_a_point_embed.weight", 1, -1), waves);
            x = is(label, -10).choose(sam.graph().scalar(0), x);
            x = x.plus(is(label, 0).cast(Type.FLOAT).times(encoder.tensor("point_embed.0.weight", 1, -1)));
            return x.plus(is(label, 1).cast(Type.FLOAT).times(encoder.tensor("point_embed.1.weight", 1, -1)));
        }

        private static Value is(Value label, long value) {
            return label.equalTo(label.graph().index(value));
        }

        private Value corners(Value boxes, Size batch, Size objects, Size boxed) {
            Layer encoder = sam.at("prompt_encoder");
            Value corners =
                    waves(sam, boxes.plus(0.5).over(side).reshape(Size.keep(), boxes.size(1), Size.of(2), Size.of(2)));
            Value kinds = Graph.concat(
                    0, encoder.tensor("point_embed.2.weight", 1, -1), encoder.tensor("point_embed.3.weight", 1, -1));
            Value tokens = corners.plus(kinds);
            return tokens.reshapeEmpty(batch, objects, boxed.times(2), Size.of(tokens.width(-1)));
        }
    }

    /** The layers of a head: {@code proj_in}, {@code layers.0} …, {@code proj_out}, with ReLU between them. */
    static Value head(Layer head, Value x, int depth) {
        Value y = head.linear("proj_in", x).relu();
        for (int i = 0; i < depth - 2; i++) {
            y = head.linear("layers." + i, y).relu();
        }
        return head.linear("proj_out", y);
    }
}
