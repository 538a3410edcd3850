package mata;

import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import mata.cli.Commands;
import mata.cli.Surroundings;
import mata.config.Installation;
import mata.config.Settings;

/** The command line's front door. */
final class Main {

    private Main() {}

    public static void main(String[] words) {
        // What is printed has dashes and names in any script, whatever the terminal claims to understand.
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        var err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
        Installation installation = Installation.current();
        var surroundings = new Surroundings(
                Settings::read,
                installation,
                settings -> App.start(settings, installation),
                Main::endsWell,
                Main::isWatched,
                out,
                err);
        System.exit(new Commands(surroundings).run(words));
    }

    private static boolean isWatched() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }

    private static boolean endsWell(List<String> command) {
        try {
            return new ProcessBuilder(command)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException noSuchProgram) {
            return false;
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
