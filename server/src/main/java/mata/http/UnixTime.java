package mata.http;

import java.time.Instant;

/** Moments as this API says them. */
final class UnixTime {

    private UnixTime() {}

    /** Seconds since 1970 with their fraction, to the millisecond. */
    static double seconds(Instant time) {
        return time.toEpochMilli() / 1000.0;
    }
}
