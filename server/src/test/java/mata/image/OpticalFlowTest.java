package mata.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import mata.track.Grey;
import mata.track.Motion;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;
import org.junit.jupiter.api.Test;

final class OpticalFlowTest {

    private final OpticalFlow flow = new OpticalFlow();

    /** Recorded from ultralytics 8.2.103 by {@code tools/reference/track/motion.py}. */
    @Test
    void windowsOfAPhotoMoveAsThePublishedTrackerSays() throws IOException {
        Grey photo = photo();
        try (InputStream in = OpticalFlowTest.class.getResourceAsStream("/track/motion.json")) {
            JsonNode recorded = new ObjectMapper().readTree(Objects.requireNonNull(in));
            int width = recorded.get("width").asInt();
            int height = recorded.get("height").asInt();
            for (JsonNode pair : recorded.get("pairs")) {
                JsonNode expected = pair.get("motion");

                Motion motion = flow.between(
                        window(photo, pair.get("before"), width, height),
                        window(photo, pair.get("now"), width, height));

                assertThat(numbers(motion))
                        .as(pair.toString())
                        .containsExactly(
                                new double[] {
                                    expected.get(0).asDouble(),
                                    expected.get(1).asDouble(),
                                    expected.get(2).asDouble(),
                                    expected.get(3).asDouble(),
                                    expected.get(4).asDouble(),
                                    expected.get(5).asDouble()
                                },
                                within(1e-6));
            }
            assertThat(recorded.get("pairs")).hasSize(5);
        }
    }

    @Test
    void aTurnAndAZoomAreFound() {
        Grey photo = photo();
        double[] truth = turned(photo, 3, 1.02);

        Motion motion = flow.between(photo, warped(photo, truth));

        assertNear(motion, truth);
    }

    @Test
    void whatMovesInFrontOfAStillCameraIsNotTheCamera() {
        Grey photo = photo();

        Motion motion = flow.between(withPatchAt(40, photo), withPatchAt(52, photo));

        // The patch moved by 12 pixels; the middle of the picture stays, to a pixel.
        assertThat(98 * motion.xx() + 134 * motion.xy() + motion.tx()).isCloseTo(98, within(1.0));
        assertThat(98 * motion.yx() + 134 * motion.yy() + motion.ty()).isCloseTo(134, within(1.0));
    }

    /** The photo, with a part of its lower half shown again in front of its upper half. */
    private static Grey withPatchAt(int left, Grey photo) {
        byte[] pixels = photo.pixels().clone();
        for (int y = 0; y < 60; y++) {
            System.arraycopy(
                    photo.pixels(), (180 + y) * photo.width() + 100, pixels, (40 + y) * photo.width() + left, 60);
        }
        return new Grey(photo.width(), photo.height(), pixels);
    }

    /** The truth is known by construction. Within a pixel at every corner: half a pixel of the halved frames it works on. */
    private static void assertNear(Motion motion, double[] truth) {
        for (double[] corner : new double[][] {{0, 0}, {197, 0}, {0, 269}, {197, 269}}) {
            double x = motion.xx() * corner[0] + motion.xy() * corner[1] + motion.tx();
            double y = motion.yx() * corner[0] + motion.yy() * corner[1] + motion.ty();
            assertThat(x).isCloseTo(truth[0] * corner[0] + truth[1] * corner[1] + truth[2], within(1.0));
            assertThat(y).isCloseTo(truth[3] * corner[0] + truth[4] * corner[1] + truth[5], within(1.0));
        }
    }

    @Test
    void withoutAnythingToSeeThereIsNoMotion() {
        var flat = new Grey(64, 48, new byte[64 * 48]);
        var dot = new Grey(1, 1, new byte[1]);

        assertThat(flow.between(flat, flat)).isEqualTo(Motion.NONE);
        assertThat(flow.between(dot, dot)).isEqualTo(Motion.NONE);
        assertThat(flow.between(photo(), flat)).as("other size").isEqualTo(Motion.NONE);
        assertThat(flow.between(photo(), new Grey(197, 269, new byte[197 * 269])))
                .as("all went dark")
                .isEqualTo(Motion.NONE);
    }

    @Test
    void brightnessIsThatOfTelevision() {
        var frame = new Frame(4, 1, new byte[] {
            (byte) 255, 0, 0, 0, (byte) 255, 0, 0, 0, (byte) 255, (byte) 200, (byte) 200, (byte) 200
        });

        // ITU-R BT.601: 0.299 R + 0.587 G + 0.114 B
        assertThat(OpticalFlow.grey(frame).pixels()).containsExactly(76, 150 - 256, 29, 200 - 256);
    }

    private static double[] numbers(Motion motion) {
        return new double[] {motion.xx(), motion.xy(), motion.tx(), motion.yx(), motion.yy(), motion.ty()};
    }

    private static Grey photo() {
        return OpticalFlow.grey(Decoder.decode(Fixtures.bytes("photos/camera_gray.png"), 1_000_000));
    }

    private static Grey window(Grey photo, JsonNode corner, int width, int height) {
        var pixels = new byte[width * height];
        for (int y = 0; y < height; y++) {
            int from =
                    (corner.get(1).asInt() + y) * photo.width() + corner.get(0).asInt();
            System.arraycopy(photo.pixels(), from, pixels, y * width, width);
        }
        return new Grey(width, height, pixels);
    }

    /** The affine that turns around the middle, as six numbers. */
    private static double[] turned(Grey photo, double degrees, double zoom) {
        double c = zoom * Math.cos(Math.toRadians(degrees));
        double s = zoom * Math.sin(Math.toRadians(degrees));
        double x = photo.width() / 2.0;
        double y = photo.height() / 2.0;
        return new double[] {c, s, (1 - c) * x - s * y, -s, c, s * x + (1 - c) * y};
    }

    private static Grey warped(Grey photo, double[] affine) {
        try (Mat from = new Mat(photo.height(), photo.width(), opencv_core.CV_8UC1);
                Mat to = new Mat();
                Mat matrix = new Mat(2, 3, opencv_core.CV_64FC1);
                BytePointer cells = matrix.data();
                DoublePointer numbers = new DoublePointer(cells);
                Size size = new Size(photo.width(), photo.height());
                BytePointer in = from.data()) {
            in.put(photo.pixels());
            numbers.put(affine);
            opencv_imgproc.warpAffine(from, to, matrix, size);
            var pixels = new byte[photo.pixels().length];
            try (BytePointer out = to.data()) {
                out.get(pixels);
            }
            return new Grey(photo.width(), photo.height(), pixels);
        }
    }
}
