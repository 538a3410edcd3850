package mata.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import mata.config.Installation;
import mata.config.Settings;
import mata.hub.ModelArchive;

/**
 * What a command sees of the world.
 *
 * @param settings read when a command first asks, so that those without settings work with broken ones
 * @param server builds and starts the server
 * @param probe whether a program of the system, run with these words, ends well
 * @param isWatched whether standard output is a terminal
 */
public record Surroundings(
        Supplier<Settings> settings,
        Installation installation,
        ServerStart server,
        Predicate<List<String>> probe,
        BooleanSupplier isWatched,
        PrintStream out,
        PrintStream err) {

    ModelStore store() {
        return ModelStore.of(settings.get(), installation);
    }

    ModelArchive archive() {
        ModelStore store = store();
        return new ModelArchive(store.registry(), store.places(), settings.get().dataDir());
    }
}
