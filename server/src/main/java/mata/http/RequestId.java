package mata.http;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The name of one request, for its caller and for the log: {@code X-Request-ID}. */
final class RequestId {

    static final String HEADER = "X-Request-ID";

    /** What may stand in a log line and in a header without harm. */
    private static final Pattern SANE = Pattern.compile("[A-Za-z0-9._:/+=-]{1,128}");

    private RequestId() {}

    /** The caller's own id if it gave a sane one, else a new one. */
    static String of(@Nullable String offered) {
        return offered != null && SANE.matcher(offered).matches()
                ? offered
                : HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }
}
