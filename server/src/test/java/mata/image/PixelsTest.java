package mata.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;

class PixelsTest {

    private static final float[] MEAN = {.485f, .456f, .406f};
    private static final float[] STD = {.229f, .224f, .225f};
    private static final Frame TWO = new Frame(2, 1, new byte[] {0, (byte) 128, (byte) 255, 10, 20, 30});

    /** Expected values: numpy 2.4.6, {@code (float32(v * (1/255)) - float32(mean)) / float32(std)}. */
    @Test
    void valuesAreNormalisedIntoPlanes() {
        FloatBuffer planes = Pixels.chw(TWO, 1 / 255.0, 0, MEAN, STD, false);

        assertThat(planes.isDirect()).isTrue();
        assertThat(planes.order()).isEqualTo(ByteOrder.nativeOrder());
        assertThat(floats(planes))
                .containsExactly(-2.117904f, -1.9466565f, 0.2051822f, -1.6855742f, 2.64f, -1.2815686f);
    }

    @Test
    void channelsChangePlacesAfterNormalising() {
        assertThat(floats(Pixels.chw(TWO, 1 / 255.0, 0, MEAN, STD, true)))
                .containsExactly(2.64f, -1.2815686f, 0.2051822f, -1.6855742f, -2.117904f, -1.9466565f);
    }

    @Test
    void withoutRescalingTheBytesThemselvesComeOut() {
        float[] zero = {0, 0, 0};
        float[] one = {1, 1, 1};

        assertThat(floats(Pixels.chw(TWO, 1, -1, zero, one, false))).containsExactly(-1, 9, 127, 19, 254, 29);
    }

    @Test
    void severalFramesFillOneBuffer() {
        float[] zero = {0, 0, 0};
        float[] one = {1, 1, 1};
        FloatBuffer batch =
                ByteBuffer.allocateDirect(4 * 12).order(ByteOrder.nativeOrder()).asFloatBuffer();

        Pixels.chw(TWO, 1, 0, zero, one, false, batch);
        Pixels.chw(TWO, 1, 0, zero, one, true, batch);

        assertThat(floats(batch.flip())).containsExactly(0, 10, 128, 20, 255, 30, 255, 30, 128, 20, 0, 10);
    }

    @Test
    void theMiddleIsCutOutFromTheLowerHalfPixel() {
        Frame frame = numbered(5, 4);

        Frame cut = Pixels.centreCrop(frame, 2, 2);

        assertThat(reds(cut)).containsExactly(6, 7, 11, 12);
    }

    /** transformers' center_crop: {@code top_pad = ceil((new - old) / 2)}. */
    @Test
    void whatIsTooSmallIsFilledWithZerosMoreOnTheTopLeft() {
        Frame frame = new Frame(1, 2, new byte[] {7, 7, 7, 8, 8, 8});

        Frame filled = Pixels.centreCrop(frame, 5, 2);

        assertThat(reds(filled)).containsExactly(0, 0, 0, 0, 0, 7, 0, 8, 0, 0);
    }

    @Test
    void oneSideIsCutWhileTheOtherIsFilled() {
        assertThat(reds(Pixels.centreCrop(numbered(4, 1), 2, 2))).containsExactly(0, 0, 1, 2);
    }

    @Test
    void aCropOutsideTheFrameIsRefused() {
        assertThatThrownBy(() -> Pixels.crop(TWO, 1, 0, 2, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aBorderIsLaidAround() {
        assertThat(reds(Pixels.pad(numbered(1, 1), 1, 0, 1, 0, 114))).containsExactly(114, 114, 114, 0);
    }

    /** Each pixel holds its index in all channels. */
    private static Frame numbered(int width, int height) {
        var rgb = new byte[3 * width * height];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (i / 3);
        }
        return new Frame(width, height, rgb);
    }

    private static int[] reds(Frame frame) {
        var reds = new int[frame.width() * frame.height()];
        for (int i = 0; i < reds.length; i++) {
            reds[i] = frame.rgb()[3 * i] & 0xff;
        }
        return reds;
    }

    private static float[] floats(FloatBuffer buffer) {
        var values = new float[buffer.remaining()];
        buffer.duplicate().get(values);
        return values;
    }
}
