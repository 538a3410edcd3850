package mata.hub;

import org.slf4j.LoggerFactory;

/** Hears how a pull goes, on the thread that pulls. Must not throw; slow listeners slow the pull. */
@FunctionalInterface
public interface PullProgress {

    PullProgress NONE = (status, file, completed, total) -> {};

    /**
     * @param status what is being done: {@code "resolving"}, {@code "downloading"}, {@code "verifying"}, {@code "installing"} …
     * @param file which file, or an empty text where it concerns the whole model
     * @param completed bytes so far
     * @param total bytes in all, -1 where nobody knows
     */
    void report(String status, String file, long completed, long total);

    /**
     * Something that the pull does not fail for, but a person should know: a program that is missing, an environment made. Goes
     * into the log where nobody listens.
     */
    default void warn(String message) {
        LoggerFactory.getLogger(PullProgress.class).warn(message);
    }
}
