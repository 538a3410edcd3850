package mata.graph.family;

import java.util.List;
import mata.graph.Config;
import mata.graph.build.Attention;
import mata.graph.build.Graph;
import mata.graph.build.Layer;
import mata.graph.build.Size;
import mata.graph.build.Type;
import mata.graph.build.Value;
import mata.safetensors.SafeTensors;

/** Qwen2-VL: patches of any number and order, turned by their row and column; four neighbours become one token for Qwen2. */
final class Qwen2Vl implements Family {

    private static final double EPS = 1e-6;

    @Override
    public boolean reads(Config config) {
        return Llama.reads(text(config));
    }

    /** Published configurations are flat; later ones hold the language model's apart. */
    private static Config text(Config config) {
        return config.has("text_config") ? config.child("text_config") : config;
    }

    @Override
    public List<Graph> graphs(Config config, SafeTensors weights) {
        var language = new Llama("model", "lm_head", text(config));
        Graph vision = new Graph("vision_encoder", weights);
        new Tower(vision, config.child("vision_config")).encode();
        return List.of(vision, language.embedTokens(weights), language.decoder(weights));
    }

    private record Tower(Graph graph, Config config) {

        private int heads() {
            return config.integer("num_heads", 16);
        }

        private int merge() {
            return config.integer("spatial_merge_size", 2);
        }

        void encode() {
            int d = config.integer("embed_dim", 1280);
            int patch = config.integer("patch_size", 14);
            int numbers = config.integer("in_channels", 3) * config.integer("temporal_patch_size", 2) * patch * patch;
            Value pixels = graph.input("pixel_values", Type.FLOAT, "patches", Integer.toString(numbers));
            Value grid = graph.input("grid_thw", Type.INT64, "1", "3");

            Layer visual = graph.root().at("visual");
            Value weight =
                    visual.tensor("patch_embed.proj.weight", d, -1, -1, -1, -1).reshape(d, numbers);
            Value x = pixels.matmulTransposed(weight).unsqueeze(0);
            Value angles = angles(grid.at(0, 0), d / heads());
            for (Layer block : visual.list("blocks", config.integer("depth", 32))) {
                x = x.plus(attention(block.at("attn"), block.layerNorm("norm1", x, EPS), angles));
                Value wide = block.linear("mlp.fc1", block.layerNorm("norm2", x, EPS));
                x = x.plus(block.linear("mlp.fc2", wide.activated(config.text("hidden_act", "quick_gelu"))));
            }
            graph.output("image_features", merged(visual.at("merger"), x));
        }

        private Value attention(Layer attention, Value x, Value angles) {
            int d = x.width(2);
            List<Value> parts = attention.linear("qkv", x).split(2, d, d, d);
            Value attended =
                    Attention.full(turned(parts.get(0), angles), turned(parts.get(1), angles), parts.get(2), heads());
            return attention.linear("proj", attended);
        }

        private Value turned(Value x, Value angles) {
            Size each = Size.of(x.width(2) / heads());
            Value byHead = x.reshape(Size.keep(), x.size(1), Size.of(heads()), each);
            return Rotary.turned(byHead, angles.unsqueeze(1)).reshape(Size.keep(), x.size(1), Size.of(x.width(2)));
        }

        /** [patches, head / 2]: rows, then columns, in the order of the patches, which come by blocks of neighbours. */
        private Value angles(Value grid, int head) {
            Size frames = new Size.Measured(grid.slice(0, 0, 1));
            Size height = new Size.Measured(grid.slice(0, 1, 2));
            Size width = new Size.Measured(grid.slice(0, 2, 3));
            Size side = Size.of(merge());
            Size one = Size.of(1);
            Size[] order = {frames, height.over(merge()), width.over(merge()), side, side};
            Value rows = graph.range(height)
                    .reshape(one, height.over(merge()), one, side, one)
                    .expand(order);
            Value columns = graph.range(width)
                    .reshape(one, one, width.over(merge()), one, side)
                    .expand(order);
            float[] speeds = new float[head / 4];
            for (int i = 0; i < speeds.length; i++) {
                speeds[i] = (float) Math.pow(10_000, -2.0 * i / (head / 2.0));
            }
            return Graph.concat(1, angles(rows, speeds), angles(columns, speeds));
        }

        private Value angles(Value places, float[] speeds) {
            return places.reshape(-1).cast(Type.FLOAT).unsqueeze(1).times(graph.floats(speeds, 1, speeds.length));
        }

        /** Neighbours lie behind one another. */
        private Value merged(Layer merger, Value x) {
            long joined = (long) merge() * merge() * x.width(2);
            Value blocks = merger.layerNorm("ln_q", x, EPS).reshape(-1, joined);
            return merger.linear("mlp.2", merger.linear("mlp.0", blocks).gelu());
        }
    }
}
