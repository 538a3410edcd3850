package mata.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import mata.config.Installation;
import mata.config.Settings;
import mata.hub.AnyPuller;
import mata.hub.CachedModels;
import mata.hub.HubCache;
import mata.hub.ModelPlaces;
import mata.hub.NativeFamilies;
import mata.hub.Puller;
import mata.registry.FileRegistry;
import mata.registry.Registry;

/**
 * What a command sees of the world.
 *
 * @param settings read when a command first asks, so that those without settings work with broken ones
 * @param probe whether a program of the system, run with these words, ends well
 */
public record Surroundings(
        Supplier<Settings> settings,
        Installation installation,
        Predicate<List<String>> probe,
        PrintStream out,
        PrintStream err) {

    Registry registry() {
        return new FileRegistry(settings.get().dataDir(), new CachedModels(places().cache()));
    }

    ModelPlaces places() {
        return new ModelPlaces(new HubCache(settings.get().hub().cache()), installation.starterModels());
    }

    Puller puller() {
        return AnyPuller.of(settings.get(), registry(), places(), NativeFamilies.NONE);
    }
}
