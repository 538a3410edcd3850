package mata.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import mata.config.Installation;
import mata.config.Settings;
import mata.registry.FileRegistry;
import mata.registry.Registry;

/** Runs commands as a user would, in this process, with a data folder and a hub cache of their own. */
final class Terminal {

    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private Predicate<List<String>> probe = _ -> false;

    /** What one command did. */
    record Ran(int exitCode, String out, String err) {}

    Terminal(Path folder) {
        this.folder = folder;
        environment.put("HOME", folder.toString());
        environment.put("HF_HUB_CACHE", folder.resolve("hub").toString());
    }

    Terminal with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    Terminal withProbe(Predicate<List<String>> answers) {
        probe = answers;
        return this;
    }

    Registry registry() {
        return new FileRegistry(folder.resolve(".mataserver"), List::of);
    }

    Path dataDir() {
        return folder.resolve(".mataserver");
    }

    Ran run(String... words) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int exitCode = new Commands(surroundings(out, err)).run(words);
        return new Ran(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    Surroundings surroundings() {
        return surroundings(new ByteArrayOutputStream(), new ByteArrayOutputStream());
    }

    private Surroundings surroundings(ByteArrayOutputStream out, ByteArrayOutputStream err) {
        return new Surroundings(
                () -> Settings.read(environment, folder),
                Installation.current(),
                _ -> {
                    throw new AssertionError("no command here starts a server");
                },
                probe,
                () -> false,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }
}
