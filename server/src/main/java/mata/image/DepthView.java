package mata.image;

import java.util.Arrays;
import java.util.Locale;
import mata.result.FloatGrid;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;

/** A depth map as colours beside its picture: near is warm and bright, far is dark. */
final class DepthView {

    /** Wider pictures than this times their height get the map below them. */
    private static final float WIDE = 1.4f;

    /** Share of the values at either end that may lie outside the scale, so that a few do not darken the rest. */
    private static final float OUTLIERS = 0.01f;

    private DepthView() {}

    static Frame beside(Frame picture, FloatGrid map, boolean metric) {
        float[] depth =
                Interpolate.bilinear(map.values(), map.height(), map.width(), picture.height(), picture.width());
        float[] sorted = map.values().clone();
        Arrays.sort(sorted);
        int outside = (int) (sorted.length * OUTLIERS);
        float low = sorted[outside];
        float high = sorted[sorted.length - 1 - outside];
        Frame colours = legend(coloured(depth, low, high, metric, picture), low, high, metric);
        int gap = Math.max(4, picture.width() / 100);
        return picture.width() > WIDE * picture.height()
                ? Pixels.over(Pixels.pad(picture, 0, gap, 0, 0, 255), colours)
                : Pixels.besides(Pixels.pad(picture, 0, 0, 0, gap, 255), colours);
    }

    private static Frame coloured(float[] depth, float low, float high, boolean metric, Frame picture) {
        float range = Math.max(high - low, Float.MIN_NORMAL);
        var levels = new byte[depth.length];
        for (int i = 0; i < levels.length; i++) {
            float share = Math.clamp((depth[i] - low) / range, 0, 1);
            levels[i] = (byte) Math.round(255 * (metric ? 1 - share : share));
        }
        return colours(levels, picture.width(), picture.height());
    }

    private static Frame colours(byte[] levels, int width, int height) {
        try (Mat grey = OpenCv.mat(levels, width, height);
                Mat bgr = new Mat();
                Mat rgb = new Mat()) {
            opencv_imgproc.applyColorMap(grey, bgr, opencv_imgproc.COLORMAP_INFERNO);
            opencv_imgproc.cvtColor(bgr, rgb, opencv_imgproc.COLOR_BGR2RGB);
            return OpenCv.frame(rgb);
        }
    }

    private static Frame legend(Frame colours, float low, float high, boolean metric) {
        String far = metric ? String.format(Locale.ROOT, "far %.1f m", high) : "far";
        String near = metric ? String.format(Locale.ROOT, "near %.1f m", low) : "near";
        try (Painter painter = new Painter(colours)) {
            int padding = 3 * painter.stroke();
            int bar = painter.lineHeight() * 4;
            int wide = painter.textWidth(far) + bar + painter.textWidth(near) + 4 * padding;
            int top = painter.height() - painter.lineHeight() - padding;
            painter.shade(0, top, wide, painter.lineHeight() + padding);
            int baseline = painter.height() - padding;
            int left = padding;
            painter.text(left, baseline, far, Colour.WHITE);
            left += painter.textWidth(far) + padding;
            var ramp = new byte[256];
            for (int i = 0; i < ramp.length; i++) {
                ramp[i] = (byte) i;
            }
            byte[] rgb = colours(ramp, 256, 1).rgb();
            for (int i = 0; i < bar; i++) {
                int at = 3 * (i * 255 / (bar - 1));
                var colour = new Colour(rgb[at] & 0xff, rgb[at + 1] & 0xff, rgb[at + 2] & 0xff);
                painter.field(left + i, baseline - painter.lineHeight() / 2, 1, painter.lineHeight() / 2, colour);
            }
            painter.text(left + bar + padding, baseline, near, Colour.WHITE);
            return painter.frame();
        }
    }
}
