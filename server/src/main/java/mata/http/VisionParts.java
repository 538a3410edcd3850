package mata.http;

import java.time.Duration;
import mata.auth.Gate;
import mata.fleet.Fleet;
import mata.hub.ModelSizes;
import mata.hub.Puller;
import mata.registry.Registry;
import mata.scheduler.Scheduler;
import mata.time.Time;

/**
 * What the vision API stands on.
 *
 * @param version of this build, for {@code /v1/health} and the API description
 * @param gpuAvailable whether a CUDA-capable GPU is present
 * @param maxImagePixels a picture whose header says more is refused before it queues
 * @param requestTimeout how long a caller waits for an answer at most
 */
public record VisionParts(
        Gate gate,
        Registry registry,
        Fleet fleet,
        Scheduler scheduler,
        Puller puller,
        ModelSizes sizes,
        Time time,
        String version,
        boolean gpuAvailable,
        long maxImagePixels,
        Duration requestTimeout) {}
