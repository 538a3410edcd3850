package mata.graph.build;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * What a node of a graph gives: an immutable handle, with the operations that can be applied to it. Axes count from the back
 * where negative; shapes are checked as far as they are known, and a mismatch names the weight that brought it in.
 */
@SuppressWarnings("ClassCanBeRecord") // the constructor is the package's own
public final class Value {

    private final Graph graph;
    private final String name;
    private final Type type;
    private final Shape shape;
    private final String origin;

    /** @param origin the input or weight that the value's shape comes from, for messages */
    Value(Graph graph, String name, Type type, Shape shape, String origin) {
        this.graph = graph;
        this.name = name;
        this.type = type;
        this.shape = shape;
        this.origin = origin;
    }

    public Graph graph() {
        return graph;
    }

    String name() {
        return name;
    }

    Type type() {
        return type;
    }

    Shape shape() {
        return shape;
    }

    String origin() {
        return origin;
    }

    boolean isWeight() {
        return graph.has(origin);
    }

    String described() {
        return shape + " (of " + origin + ")";
    }

    public int rank() {
        return shape.rank();
    }

    /** How long an axis is: a number where it is known now. */
    public Size size(int axis) {
        if (shape.at(axis) != Shape.ANY) {
            return Size.of(shape.at(axis));
        }
        int from = shape.axis(axis);
        return new Size.Measured(graph.node("Shape")
                .in(this)
                .with("start", from)
                .with("end", from + 1)
                .out(Type.INT64, Shape.of(1)));
    }

    /** An axis whose length must be known now. */
    public int width(int axis) {
        long width = shape.at(axis);
        if (width == Shape.ANY) {
            throw graph.refuse("the length of axis " + axis + " of " + described() + " is not known");
        }
        return Math.toIntExact(width);
    }

    // arithmetic

    public Value plus(Value other) {
        return elementwise("Add", other);
    }

    public Value plus(double number) {
        return plus(graph.scalar(number));
    }

    public Value minus(Value other) {
        return elementwise("Sub", other);
    }

    public Value times(Value other) {
        return elementwise("Mul", other);
    }

    public Value times(double number) {
        return times(graph.scalar(number));
    }

    public Value over(Value other) {
        return elementwise("Div", other);
    }

    public Value over(double number) {
        return over(graph.scalar(number));
    }

    public Value max(Value other) {
        return elementwise("Max", other);
    }

    public Value min(Value other) {
        return elementwise("Min", other);
    }

    public Value abs() {
        return same("Abs");
    }

    public Value sqrt() {
        return same("Sqrt");
    }

    public Value exp() {
        return same("Exp");
    }

    public Value log() {
        return same("Log");
    }

    public Value sin() {
        return same("Sin");
    }

    public Value cos() {
        return same("Cos");
    }

    public Value relu() {
        return same("Relu");
    }

    public Value sigmoid() {
        return same("Sigmoid");
    }

    public Value tanh() {
        return same("Tanh");
    }

    public Value elu() {
        return same("Elu");
    }

    /** By the error function. */
    public Value gelu() {
        return same("Gelu");
    }

    public Value geluTanh() {
        return graph.node("Gelu").in(this).with("approximate", "tanh").out(type, shape);
    }

    /** {@code x * σ(1.702 x)}. */
    public Value quickGelu() {
        return graph.node("QuickGelu").fused().in(this).with("alpha", 1.702).out(type, shape);
    }

    /** {@code x * σ(x)}. */
    public Value silu() {
        return times(sigmoid());
    }

    /** @param name as configurations spell it: {@code hidden_act} */
    public Value activated(String name) {
        return switch (name) {
            case "gelu" -> gelu();
            case "gelu_new", "gelu_pytorch_tanh", "gelu_fast" -> geluTanh();
            case "quick_gelu" -> quickGelu();
            case "relu" -> relu();
            case "silu", "swish" -> silu();
            case "tanh" -> tanh();
            case "sigmoid" -> sigmoid();
            default -> throw graph.refuse("the activation " + name + " is not known");
        };
    }

    public Value softmax(int axis) {
        return graph.node("Softmax").in(this).with("axis", axis).out(type, shape);
    }

    public Value clipped(double low, double high) {
        return graph.node("Clip")
                .in(this, graph.scalar(low), graph.scalar(high))
                .out(type, shape);
    }

    /** {@code log(x / (1 - x))} with x in 0…1 and both parts at least {@code eps}. */
    public Value logit(double eps) {
        Value x = clipped(0, 1);
        Value high = x.clipped(eps, Double.POSITIVE_INFINITY);
        Value low = graph.scalar(1).minus(x).clipped(eps, Double.POSITIVE_INFINITY);
        return high.over(low).log();
    }

    /** Divided by its length along an axis, which is kept at least {@code floor}. */
    public Value normalized(int axis, double floor) {
        Value length = graph.node("ReduceL2")
                .in(this, graph.longs(axis))
                .with("keepdims", 1)
                .out(type, shape.with(axis, 1));
        return over(floor > 0 ? length.max(graph.scalar(floor)) : length);
    }

    // comparison

    public Value equalTo(Value other) {
        return compare("Equal", other);
    }

    public Value less(Value other) {
        return compare("Less", other);
    }

    public Value greater(Value other) {
        return compare("Greater", other);
    }

    public Value atMost(Value other) {
        return compare("LessOrEqual", other);
    }

    public Value and(Value other) {
        return compare("And", other);
    }

    public Value or(Value other) {
        return compare("Or", other);
    }

    public Value not() {
        return same("Not");
    }

    /** Where this BOOL holds {@code yes}, else {@code no}. */
    public Value choose(Value yes, Value no) {
        Shape joint = yes.shape
                .broadcast(no.shape)
                .flatMap(shape::broadcast)
                .orElseThrow(() -> graph.refuse(
                        "cannot choose by " + described() + " from " + yes.described() + " and " + no.described()));
        return graph.node("Where").in(this, yes, no).out(yes.type, joint);
    }

    public Value cast(Type to) {
        return graph.node("Cast").in(this).with("to", to.number()).out(to, shape);
    }

    // products

    /** Of the last two axes. */
    public Value matmul(Value other) {
        return product(other, false);
    }

    /** Of the last two axes, those of {@code other} exchanged: as linear layers store their weights. Fused, so that no weight is copied. */
    public Value matmulTransposed(Value other) {
        return product(other, true);
    }

    private Value product(Value other, boolean transposed) {
        long inner = other.shape.at(transposed ? -1 : -2);
        long width = other.shape.at(transposed ? -2 : -1);
        if (!Shape.of(inner).fits(Shape.of(shape.at(-1)))) {
            throw graph.refuse("cannot multiply " + described() + " with " + other.described());
        }
        Shape result = shape.with(-1, width);
        if (other.rank() > 2) {
            Shape batch = leading(shape).broadcast(leading(other.shape)).orElseThrow();
            result = Shape.of(LongStream.concat(
                            batch.dims().stream().mapToLong(Long::longValue), LongStream.of(shape.at(-2), width))
                    .toArray());
        }
        return transposed
                ? graph.node("FusedMatMul")
                        .fused()
                        .in(this, other)
                        .with("transB", 1)
                        .out(type, result)
                : graph.node("MatMul").in(this, other).out(type, result);
    }

    private static Shape leading(Shape shape) {
        return new Shape(shape.dims().subList(0, shape.rank() - 2));
    }

    // shape

    /** Each a number, {@link Size#keep} or {@link Size#rest}, or measured. */
    public Value reshape(Size... sizes) {
        Shape reshaped = reshaped(sizes);
        if (shape.elements().isPresent()
                && reshaped.elements().isPresent()
                && !shape.elements().equals(reshaped.elements())) {
            throw graph.refuse("cannot give " + described() + " the shape " + reshaped);
        }
        return graph.node("Reshape").in(this, graph.sizes(sizes)).out(type, reshaped);
    }

    /** What is kept cancels out, so that a free batch does not hide how many are left. */
    private Shape reshaped(Size... sizes) {
        long[] known = new long[sizes.length];
        Shape here = shape;
        Shape there = Shape.of(new long[sizes.length]);
        for (int i = 0; i < sizes.length; i++) {
            boolean kept = sizes[i].known() == 0;
            known[i] = kept ? shape.at(i) : sizes[i].known();
            here = kept ? here.with(i, 1) : here;
            there = there.with(i, kept || sizes[i].equals(Size.rest()) ? 1 : known[i]);
        }
        int rest = List.of(sizes).indexOf(Size.rest());
        if (rest >= 0 && here.elements().isPresent() && there.elements().isPresent()) {
            known[rest] = here.elements().get() / there.elements().get();
        }
        return Shape.of(known);
    }

    /** 0 keeps the input's length at that place, -1 takes what is left. */
    public Value reshape(long... sizes) {
        return reshape(Arrays.stream(sizes).mapToObj(Size::of).toArray(Size[]::new));
    }

    /** As {@link #reshape}, where a 0 means nothing rather than what the input has there. */
    public Value reshapeEmpty(Size... sizes) {
        Shape reshaped = Shape.of(Arrays.stream(sizes).mapToLong(Size::known).toArray());
        return graph.node("Reshape")
                .in(this, graph.sizes(sizes))
                .with("allowzero", 1)
                .out(type, reshaped);
    }

    public Value transpose(int... axes) {
        long[] order = Arrays.stream(axes).asLongStream().toArray();
        return graph.node("Transpose")
                .in(this)
                .with("perm", order)
                .out(type, Shape.of(Arrays.stream(axes).mapToLong(shape::at).toArray()));
    }

    public Value unsqueeze(int axis) {
        int at = axis < 0 ? axis + rank() + 1 : axis;
        long[] dims = new long[rank() + 1];
        for (int i = 0; i <= rank(); i++) {
            dims[i] = i == at ? 1 : shape.at(i < at ? i : i - 1);
        }
        return graph.node("Unsqueeze").in(this, graph.longs(at)).out(type, Shape.of(dims));
    }

    public Value squeeze(int axis) {
        return graph.node("Squeeze").in(this, graph.longs(shape.axis(axis))).out(type, shape.without(axis));
    }

    /** A map's rows one after the other: [n, c, h, w] to [n, h·w, c]. */
    public Value mapToTokens() {
        return reshape(0, 0, -1).transpose(0, 2, 1);
    }

    /** [n, h·w, c] to [n, c, h, w]. */
    public Value tokensToMap(Size height, Size width) {
        return transpose(0, 2, 1).reshape(Size.keep(), Size.of(shape.at(-1)), height, width);
    }

    public Value expand(Size... sizes) {
        Shape wanted = Shape.of(Arrays.stream(sizes).mapToLong(Size::known).toArray());
        Shape joint = shape.broadcast(wanted)
                .orElseThrow(() -> graph.refuse("cannot spread " + described() + " over " + wanted));
        return graph.node("Expand").in(this, graph.sizes(sizes)).out(type, joint);
    }

    /** {@code from} inclusive to {@code to} exclusive, from the back where negative. */
    public Value slice(int axis, long from, long to) {
        return slice(axis, from, to, 1);
    }

    public Value slice(int axis, long from, long to, long step) {
        long length = shape.at(axis);
        long known = Shape.ANY;
        if (length != Shape.ANY) {
            long first = Math.clamp(from < 0 ? from + length : from, 0, length);
            long end = Math.clamp(to < 0 ? to + length : to, 0, length);
            known = Math.max(0, Math.ceilDiv(end - first, step));
        } else if (from >= 0 && to >= from && to != Long.MAX_VALUE && step == 1) {
            known = to - from;
        }
        return graph.node("Slice")
                .in(this, graph.longs(from), graph.longs(to), graph.longs(axis), graph.longs(step))
                .out(type, shape.with(axis, known));
    }

    public Value from(int axis, long from) {
        return slice(axis, from, Long.MAX_VALUE);
    }

    /** The first {@code count} of an axis. */
    public Value first(int axis, Size count) {
        return between(axis, Size.of(0), count);
    }

    public Value between(int axis, Size from, Size to) {
        long known = from.known() == Shape.ANY || to.known() == Shape.ANY ? Shape.ANY : to.known() - from.known();
        return graph.node("Slice")
                .in(this, from.in(graph), to.in(graph), graph.longs(axis))
                .out(type, shape.with(axis, known));
    }

    /** Consecutive parts of an axis. */
    public List<Value> split(int axis, long... lengths) {
        return graph.node("Split")
                .in(this, graph.longs(lengths))
                .with("axis", shape.axis(axis))
                .outs(
                        Arrays.stream(lengths).mapToObj(_ -> type).toList(),
                        Arrays.stream(lengths)
                                .mapToObj(length -> shape.with(axis, length))
                                .toList());
    }

    /** One entry of an axis, which goes away. */
    public Value at(int axis, long index) {
        return graph.node("Gather")
                .in(this, graph.index(index))
                .with("axis", shape.axis(axis))
                .out(type, shape.without(axis));
    }

    /** The entries of axis 0 that {@code indices} name: rows of a table. */
    public Value rows(Value indices) {
        long[] dims = new long[indices.rank() + rank() - 1];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = i < indices.rank() ? indices.shape.at(i) : shape.at(i - indices.rank() + 1);
        }
        return graph.node("Gather").in(this, indices).with("axis", 0).out(type, Shape.of(dims));
    }

    /** ONNX GatherElements: {@code indices} have this value's rank. */
    public Value pick(int axis, Value indices) {
        return graph.node("GatherElements")
                .in(this, indices)
                .with("axis", shape.axis(axis))
                .out(type, indices.shape);
    }

    /** For [n, m, c] and indices [n, k]: the rows [n, k, c]. */
    public Value pickRows(Value indices) {
        Value spread = indices.unsqueeze(-1).expand(indices.size(0), indices.size(1), size(2));
        return pick(1, spread);
    }

    /** Zeros after the end of two axes. */
    public Value padEnd(int axis, Size more, int secondAxis, Size secondMore) {
        if (more.known() == 0 && secondMore.known() == 0) {
            return this;
        }
        Shape padded = shape.with(axis, size(axis).plus(more))
                .with(secondAxis, size(secondAxis).plus(secondMore));
        Value none = graph.longs(0, 0);
        return graph.node("Pad")
                .in(
                        this,
                        Graph.concat(0, none, more.in(graph), secondMore.in(graph)),
                        type == Type.FLOAT ? graph.scalar(0) : graph.index(0),
                        graph.longs(shape.axis(axis), shape.axis(secondAxis)))
                .out(type, padded);
    }

    // reduction

    public Value mean(int... axes) {
        return reduce("ReduceMean", false, axes);
    }

    public Value sum(int... axes) {
        return reduce("ReduceSum", false, axes);
    }

    /** Keeps the axis, with length 1. */
    public Value sumKept(int axis) {
        return reduce("ReduceSum", true, axis);
    }

    /** Keeps the axis, with length 1. */
    public Value meanKept(int axis) {
        return reduce("ReduceMean", true, axis);
    }

    public Value largest(int... axes) {
        return reduce("ReduceMax", false, axes);
    }

    public Value smallest(int... axes) {
        return reduce("ReduceMin", false, axes);
    }

    private Value reduce(String operator, boolean keep, int... axes) {
        Shape reduced = shape;
        int[] order = Arrays.stream(axes).map(shape::axis).sorted().toArray();
        for (int i = order.length - 1; i >= 0; i--) {
            reduced = keep ? reduced.with(order[i], 1) : reduced.without(order[i]);
        }
        return graph.node(operator)
                .in(this, graph.longs(Arrays.stream(order).asLongStream().toArray()))
                .with("keepdims", keep ? 1 : 0)
                .out(type, reduced);
    }

    /** Where the largest entry of an axis is; the first of equal ones. INT64; the axis goes away. */
    public Value argMax(int axis) {
        return graph.node("ArgMax")
                .in(this)
                .with("axis", shape.axis(axis))
                .with("keepdims", 0)
                .out(Type.INT64, shape.without(axis));
    }

    /** Where the {@code count} largest of the last axis are, best first. INT64. */
    public Value topIndices(Size count) {
        return top(count).get(1);
    }

    /** The {@code count} largest of the last axis, best first. */
    public Value topValues(Size count) {
        return top(count).getFirst();
    }

    private List<Value> top(Size count) {
        Shape top = shape.with(-1, count);
        return graph.node("TopK").in(this, count.in(graph)).outs(List.of(type, Type.INT64), List.of(top, top));
    }

    public Value cumulativeSum(int axis) {
        return graph.node("CumSum").in(this, graph.index(shape.axis(axis))).out(type, shape);
    }

    // maps: [n, channels, height, width]

    public Value maxPool(int kernel, int stride, int padding) {
        return graph.node("MaxPool")
                .in(this)
                .with("kernel_shape", new long[] {kernel, kernel})
                .with("strides", new long[] {stride, stride})
                .with("pads", new long[] {padding, padding, padding, padding})
                .out(type, pooled(kernel, stride, padding, false));
    }

    /** Without padding; a last window that reaches over the border averages what it covers. */
    public Value averagePool(int kernel, int stride) {
        return graph.node("AveragePool")
                .in(this)
                .with("kernel_shape", new long[] {kernel, kernel})
                .with("strides", new long[] {stride, stride})
                .with("ceil_mode", 1)
                .out(type, pooled(kernel, stride, 0, true));
    }

    private Shape pooled(int kernel, int stride, int padding, boolean ceil) {
        return shape.with(2, pooled(shape.at(2), kernel, stride, padding, ceil))
                .with(3, pooled(shape.at(3), kernel, stride, padding, ceil));
    }

    private static long pooled(long length, int kernel, int stride, int padding, boolean ceil) {
        if (length == Shape.ANY) {
            return Shape.ANY;
        }
        long room = length + 2L * padding - kernel;
        return (ceil ? Math.ceilDiv(room, stride) : Math.floorDiv(room, stride)) + 1;
    }

    /** Mean over height and width: [n, channels]. */
    public Value globalAverage() {
        return graph.node("GlobalAveragePool")
                .in(this)
                .out(type, shape.with(2, 1).with(3, 1))
                .reshape(0, -1);
    }

    public Value resize(Resizing how, Size height, Size width) {
        return how.node(graph.node("Resize")
                        .in(this)
                        .absent()
                        .absent()
                        .in(graph.sizes(size(0), size(1), height, width)))
                .out(type, shape.with(2, height).with(3, width));
    }

    /** By whole factors: half the size of a corner-aligned enlargement is exactly that of torch's {@code scale_factor}. */
    public Value enlarge(Resizing how, int factor) {
        return resize(how, size(2).times(factor), size(3).times(factor));
    }

    /**
     * Bilinear samples, zeros outside, corners not aligned.
     *
     * @param places [n, height, width, 2], x before y, -1…1
     */
    public Value sampledAt(Value places) {
        return graph.node("GridSample")
                .in(this, places)
                .with("mode", "linear")
                .with("padding_mode", "zeros")
                .with("align_corners", 0)
                .out(type, Shape.of(shape.at(0), shape.at(1), places.shape.at(1), places.shape.at(2)));
    }

    private Value same(String operator) {
        return graph.node(operator).in(this).out(type, shape);
    }

    private Value elementwise(String operator, Value other) {
        return graph.node(operator).in(this, other).out(type, jointShape(operator, other));
    }

    private Value compare(String operator, Value other) {
        return graph.node(operator).in(this, other).out(Type.BOOL, jointShape(operator, other));
    }

    private Shape jointShape(String operator, Value other) {
        return shape.broadcast(other.shape)
                .orElseThrow(() ->
                        graph.refuse(operator + " of " + described() + " and " + other.described() + " does not fit"));
    }
}
