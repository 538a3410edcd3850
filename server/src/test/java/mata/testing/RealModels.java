package mata.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import mata.folder.ModelFolder;
import mata.folder.NumberFormat;
import mata.image.Decoder;
import mata.image.Frame;

/** Published models and photos that {@code tools/fetch-models} brings; tests that need them are skipped without. */
public final class RealModels {

    private static final Path ROOT = Path.of("../.models");

    private RealModels() {}

    public static ModelFolder model(String id) {
        return ModelFolder.read(there(ROOT.resolve(id)), NumberFormat.FP32);
    }

    public static Frame photo(String name) {
        return Decoder.decode(Fixture.bytes(there(ROOT.resolve("photos").resolve(name))), Long.MAX_VALUE);
    }

    private static Path there(Path path) {
        assumeTrue(Files.exists(path), () -> path + " is not there: run tools/fetch-models");
        return path;
    }
}
