package mata.http;

import java.math.BigDecimal;
import java.time.Instant;

/** Moments as this API says them. */
final class UnixTime {

    private UnixTime() {}

    /** Seconds since 1970 with their fraction, to the millisecond: a decimal number, so that it is never written with an E. */
    static BigDecimal seconds(Instant time) {
        return BigDecimal.valueOf(time.toEpochMilli(), 3);
    }
}
