package mata.graph.family;

import mata.graph.Config;
import mata.graph.build.Resizing;
import mata.graph.build.Size;
import mata.graph.build.Value;

/** Learned positions of a grid, stretched to another one. */
final class Positions {

    private Positions() {}

    /** [1, grid, d] to [1, height·width, d]; unchanged where the sizes agree. */
    static Value resized(Value table, Config.Sides grid, Resizing how, Size height, Size width) {
        return table.tokensToMap(Size.of(grid.height()), Size.of(grid.width()))
                .resize(how, height, width)
                .mapToTokens();
    }
}
