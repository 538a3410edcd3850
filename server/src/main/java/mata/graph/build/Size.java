package mata.graph.build;

/** One dimension: a number now, or a value of the graph that a run will know. */
public sealed interface Size {

    /** In {@link Value#reshape}: as many as are left. */
    static Size rest() {
        return of(-1);
    }

    /** In {@link Value#reshape}: as the input has there. */
    static Size keep() {
        return of(0);
    }

    record Fixed(long count) implements Size {}

    /** @param value INT64 of shape [1] */
    record Measured(Value value) implements Size {}

    static Size of(long count) {
        return new Fixed(count);
    }

    default Size times(long factor) {
        return switch (this) {
            case Fixed(long count) -> of(count * factor);
            case Measured(Value value) -> new Measured(value.times(value.graph().longs(factor)));
        };
    }

    default Size plus(long more) {
        return switch (this) {
            case Fixed(long count) -> of(count + more);
            case Measured(Value value) -> new Measured(value.plus(value.graph().longs(more)));
        };
    }

    default Size plus(Size other) {
        if (this instanceof Fixed(long mine)) {
            return other.plus(mine);
        }
        if (other instanceof Fixed(long more)) {
            return plus(more);
        }
        Value value = ((Measured) this).value();
        return new Measured(value.plus(((Measured) other).value()));
    }

    default Size times(Size other) {
        if (this instanceof Fixed(long mine)) {
            return other.times(mine);
        }
        if (other instanceof Fixed(long factor)) {
            return times(factor);
        }
        Value value = ((Measured) this).value();
        return new Measured(value.times(((Measured) other).value()));
    }

    /** Whole times {@code divisor} goes into it. */
    default Size over(long divisor) {
        return switch (this) {
            case Fixed(long count) -> of(Math.floorDiv(count, divisor));
            case Measured(Value value) -> new Measured(value.over(value.graph().longs(divisor)));
        };
    }

    /** What is missing to the next multiple of {@code unit}. */
    default Size missingTo(long unit) {
        return plus(unit - 1).over(unit).times(unit).plus(times(-1));
    }

    /** INT64 of shape [1]. */
    default Value in(Graph graph) {
        return switch (this) {
            case Fixed(long count) -> graph.longs(count);
            case Measured(Value value) -> value;
        };
    }

    /** The number, or {@link Shape#ANY}. */
    default long known() {
        return this instanceof Fixed(long count) ? count : Shape.ANY;
    }
}
