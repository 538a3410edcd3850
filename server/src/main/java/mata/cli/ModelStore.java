package mata.cli;

import mata.config.Installation;
import mata.config.Settings;
import mata.graph.Config;
import mata.graph.NativeModels;
import mata.hub.AnyPuller;
import mata.hub.CachedModels;
import mata.hub.HubCache;
import mata.hub.ModelPlaces;
import mata.hub.NativeFamilies;
import mata.hub.Puller;
import mata.registry.FileRegistry;
import mata.registry.Registry;

/** Which models there are, where their files lie, and who brings more: the same for the server and for commands without one. */
public record ModelStore(Registry registry, ModelPlaces places, Puller puller) {

    /** Opens files only when asked for models. */
    public static ModelStore of(Settings settings, Installation installation) {
        ModelPlaces places = new ModelPlaces(new HubCache(settings.hub().cache()), installation.starterModels());
        Registry registry = new FileRegistry(settings.dataDir(), new CachedModels(places.cache()));
        NativeFamilies natives = config -> NativeModels.canRead(Config.of(config));
        return new ModelStore(registry, places, AnyPuller.of(settings, registry, places, natives));
    }
}
