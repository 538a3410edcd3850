package mata.graph.build;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Dimensions as far as they are known before a run: {@link #ANY} where only the run will tell. */
record Shape(List<Long> dims) {

    static final long ANY = -1;

    Shape {
        dims = List.copyOf(dims);
    }

    static Shape of(long... dims) {
        return new Shape(Arrays.stream(dims).boxed().toList());
    }

    int rank() {
        return dims.size();
    }

    /** @param axis from the front, or from the back where negative */
    long at(int axis) {
        return dims.get(axis(axis));
    }

    int axis(int axis) {
        return axis < 0 ? axis + rank() : axis;
    }

    Shape with(int axis, long dim) {
        long[] changed = array();
        changed[axis(axis)] = dim;
        return of(changed);
    }

    Shape with(int axis, Size size) {
        return with(axis, size.known());
    }

    Shape without(int axis) {
        long[] rest = new long[rank() - 1];
        for (int i = 0, j = 0; i < rank(); i++) {
            if (i != axis(axis)) {
                rest[j++] = at(i);
            }
        }
        return of(rest);
    }

    long[] array() {
        return dims.stream().mapToLong(Long::longValue).toArray();
    }

    /** The product, where every dimension is known. */
    Optional<Long> elements() {
        return dims.contains(ANY) ? Optional.empty() : Optional.of(dims.stream().reduce(1L, Math::multiplyExact));
    }

    boolean fits(Shape other) {
        if (rank() != other.rank()) {
            return false;
        }
        for (int i = 0; i < rank(); i++) {
            if (at(i) != ANY && other.at(i) != ANY && at(i) != other.at(i)) {
                return false;
            }
        }
        return true;
    }

    /** What an elementwise operation of both gives; empty where they do not go together. */
    Optional<Shape> broadcast(Shape other) {
        int rank = Math.max(rank(), other.rank());
        long[] joint = new long[rank];
        for (int back = 1; back <= rank; back++) {
            long a = back <= rank() ? at(rank() - back) : 1;
            long b = back <= other.rank() ? other.at(other.rank() - back) : 1;
            if (a == 1 || (a == ANY && b != 1)) {
                joint[rank - back] = b;
            } else if (b == 1 || b == ANY || a == b) {
                joint[rank - back] = a;
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(of(joint));
    }

    @Override
    public String toString() {
        return dims.toString().replace("-1", "?");
    }
}
