package mata.problem;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** What can go wrong, as data. Each listener words and numbers these in one place of its own. */
public sealed interface Problem {

    /** For a person: what is wrong and what to do next. Never a stack trace, never a secret. */
    String detail();

    /** The request's content cannot be used: bad base64, not a picture, a pull that failed. */
    record BadInput(String detail) implements Problem {}

    record Unauthenticated(String detail) implements Problem {}

    record Forbidden(String detail) implements Problem {}

    record Missing(String detail) implements Problem {}

    record Conflict(String detail) implements Problem {}

    record TooLarge(String detail) implements Problem {}

    record UnsupportedMedia(String detail) implements Problem {}

    /** Fields that are missing, unknown, or have a wrong value: all of them at once. */
    record Invalid(List<Fault> faults) implements Problem {
        public Invalid {
            faults = List.copyOf(faults);
        }

        @Override
        public String detail() {
            return faults.stream()
                    .map(fault -> fault.field().isEmpty() ? fault.msg() : fault.field() + ": " + fault.msg())
                    .collect(Collectors.joining("; "));
        }
    }

    /** The caller took too long to send the request. */
    record SlowSender(String detail) implements Problem {}

    /** No room now; {@code retryAfter} says when to come back. */
    record Busy(String detail, Duration retryAfter) implements Problem {}

    /** The reader that had the request died, and so did the one after it. */
    record ReaderLost(String detail) implements Problem {}

    record DeadlinePassed(String detail) implements Problem {}

    record OutOfMemory(String detail) implements Problem {}

    /** A fault of ours, or of the model. */
    record Broken(String detail) implements Problem {}

    /** The caller gave up; nobody is left to read this. */
    record Cancelled(String detail) implements Problem {}
}
