package mata.fleet;

import java.time.Instant;
import mata.task.ModelRef;
import mata.task.ModelState;
import org.jspecify.annotations.Nullable;

/**
 * A model's life as seen from outside.
 *
 * @param memoryBytes resident bytes of its readers; 0 when not in memory
 * @param loadedAt when it was last ready, null before
 * @param lastUsed when it last answered, null before
 * @param expiresAt when keep-alive ends, null if never or not loaded
 * @param loads how often it has been loaded since the server started
 * @param lastEnd why it last left memory: "keep_alive", "evicted: …", "unloaded", "died: …"; null if it never did
 */
public record LoadedModelView(
        ModelRef model,
        ModelState state,
        String device,
        long memoryBytes,
        @Nullable Instant loadedAt,
        @Nullable Instant lastUsed,
        @Nullable Instant expiresAt,
        int loads,
        @Nullable String lastEnd) {}
