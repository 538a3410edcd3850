package mata.graph.build;

/** How a convolution moves; kernel and channels are the weight's own. */
public record Conv(int stride, int padding, int dilation, int groups, boolean bias) {

    public static Conv stride(int stride) {
        return new Conv(stride, 0, 1, 1, true);
    }

    public static Conv pad(int padding) {
        return stride(1).padded(padding);
    }

    public static Conv pointwise() {
        return stride(1);
    }

    public Conv padded(int by) {
        return new Conv(stride, by, dilation, groups, bias);
    }

    public Conv dilated(int by) {
        return new Conv(stride, padding, by, groups, bias);
    }

    public Conv grouped(int into) {
        return new Conv(stride, padding, dilation, into, bias);
    }

    public Conv unbiased() {
        return new Conv(stride, padding, dilation, groups, false);
    }

    /** How long a side of the result is. */
    long over(long length, long kernel) {
        return length == Shape.ANY ? Shape.ANY : (length + 2L * padding - dilation * (kernel - 1) - 1) / stride + 1;
    }
}
