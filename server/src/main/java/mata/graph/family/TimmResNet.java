package mata.graph.family;

import mata.graph.build.Conv;
import mata.graph.build.Layer;
import mata.graph.build.Value;

/** The bottleneck ResNet under the names of the timm library. Depths and widths are the file's own. */
final class TimmResNet {

    private static final double EPS = 1e-5;

    private TimmResNet() {}

    /**
     * The last map: stride 32, or 16 where the last stage is dilated instead.
     *
     * @param dilated as DETR's DC5: the last stage keeps its size, and all but its first block look twice as far
     */
    static Value lastMap(Layer resnet, Value pixels, boolean dilated) {
        Value x = resnet.conv("conv1", pixels, Conv.stride(2).padded(3).unbiased());
        x = resnet.batchNorm("bn1", x, EPS).relu().maxPool(3, 2, 1);
        for (int stage = 1; stage <= 4; stage++) {
            boolean widens = dilated && stage == 4;
            for (int i = 0; i == 0 || resnet.has("layer" + stage + "." + i + ".conv1.weight"); i++) {
                int stride = i == 0 && stage > 1 && !widens ? 2 : 1;
                x = block(resnet.at("layer" + stage, i), x, stride, widens && i > 0 ? 2 : 1);
            }
        }
        return x;
    }

    private static Value block(Layer block, Value x, int stride, int dilation) {
        Value y = convNorm(block, "conv1", "bn1", x, Conv.pointwise()).relu();
        y = convNorm(
                        block,
                        "conv2",
                        "bn2",
                        y,
                        Conv.stride(stride).padded(dilation).dilated(dilation))
                .relu();
        y = convNorm(block, "conv3", "bn3", y, Conv.pointwise());
        boolean changed = block.has("downsample.0.weight");
        return y.plus(changed ? convNorm(block, "downsample.0", "downsample.1", x, Conv.stride(stride)) : x)
                .relu();
    }

    private static Value convNorm(Layer block, String conv, String norm, Value x, Conv how) {
        return block.batchNorm(norm, block.conv(conv, x, how.unbiased()), EPS);
    }
}
