package mata.result;

/** Where the time of one request went, in milliseconds. */
public record Timings(double queueMs, double loadMs, double decodeMs, double preMs, double runMs, double postMs) {

    public static final Timings NONE = new Timings(0, 0, 0, 0, 0, 0);

    public Timings waited(double queue, double load) {
        return new Timings(queue, load, decodeMs, preMs, runMs, postMs);
    }
}
