package mata.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import mata.result.Box;
import mata.result.Mask;
import org.junit.jupiter.api.Test;

class BitMaskTest {

    /** An ellipse with a hole, a single pixel and a square of nine, 60 x 40. */
    static BitMask shapes() {
        var bits = new byte[60 * 40];
        for (int y = 0; y < 40; y++) {
            for (int x = 0; x < 60; x++) {
                double dx = (x - 30) / 22.0;
                double dy = (y - 18) / 11.0;
                boolean ellipse = dx * dx + dy * dy < 1;
                boolean hole = y >= 12 && y < 20 && x >= 28 && x < 34;
                boolean square = y >= 36 && y < 39 && x >= 50 && x < 53;
                boolean pixel = y == 35 && x == 5;
                bits[y * 60 + x] = (byte) ((ellipse && !hole) || square || pixel ? 1 : 0);
            }
        }
        return new BitMask(60, 40, bits);
    }

    @Test
    void theBoxEndsOneBehindTheLastPixel() {
        assertThat(shapes().box()).isEqualTo(new Box(5, 8, 53, 39));
        assertThat(new BitMask(2, 2, new byte[] {1, 1, 1, 1}).box()).isEqualTo(new Box(0, 0, 2, 2));
    }

    @Test
    void nothingOnHasNoArea() {
        BitMask empty = new BitMask(3, 2, new byte[6]);

        assertThat(empty.area()).isZero();
        assertThat(empty.box().area()).isZero();
        assertThat(empty.polygons()).isEmpty();
        assertThat(empty.rle().counts()).containsExactly(6);
    }

    /** Reference: numpy's ravel(order="F") and itertools.groupby over the same mask. */
    @Test
    void runsAreCountedDownTheColumns() {
        Mask.Rle rle = shapes().rle();

        assertThat(shapes().area()).isEqualTo(713);
        assertThat(rle.height()).isEqualTo(40);
        assertThat(rle.width()).isEqualTo(60);
        assertThat(rle.counts()).hasSize(107).startsWith(235, 1, 139, 7, 32, 9, 30, 11);
        assertThat(Arrays.stream(rle.counts()).sum()).isEqualTo(60 * 40);
        String joined = Arrays.stream(rle.counts()).mapToObj(String::valueOf).collect(Collectors.joining(" "));
        assertThat(Fixtures.sha256(joined.getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo("9ec0a46245c1f8e7c914d332d0ba3dc90e5501a0cfe57a42f34d8c935bf15af2");
    }

    @Test
    void aMaskThatBeginsWithOnesCountsNoZerosFirst() {
        assertThat(new BitMask(2, 2, new byte[] {1, 0, 0, 1}).rle().counts()).containsExactly(0, 1, 2, 1);
    }

    /** Reference: OpenCV 5.0 from Python, external contours, simple approximation. */
    @Test
    void polygonsGoAroundTheParts() {
        var polygons = shapes().polygons();

        assertThat(polygons).hasSize(2);
        assertThat(polygons.get(0)).containsExactly(50, 36, 50, 38, 52, 38, 52, 36);
        assertThat(polygons.get(1))
                .hasSize(64)
                .startsWith(21, 8, 20, 9, 18, 9, 17, 10)
                .endsWith(40, 9, 39, 8);
    }

    @Test
    void thePngHoldsBlackAndWhite() {
        BitMask mask = shapes();

        Frame decoded = Decoder.decode(((Mask.Png) mask.encode("png")).bytes(), 10_000);

        assertThat(decoded.width()).isEqualTo(60);
        assertThat(decoded.height()).isEqualTo(40);
        for (int i = 0; i < decoded.rgb().length; i++) {
            assertThat(decoded.rgb()[i]).isEqualTo((byte) -mask.bits()[i / 3]);
        }
    }

    @Test
    void eachFormatGivesItsOwnKind() {
        assertThat(shapes().encode("rle")).isInstanceOf(Mask.Rle.class);
        assertThat(shapes().encode("polygon")).isInstanceOf(Mask.Polygons.class);
    }

    @Test
    void everyFormatLeadsBackToTheMask() {
        BitMask mask = shapes();

        assertThat(BitMask.of(mask.encode("png"), 60, 40).bits()).isEqualTo(mask.bits());
        assertThat(BitMask.of(mask.encode("rle"), 60, 40).bits()).isEqualTo(mask.bits());
        BitMask filled = BitMask.of(mask.encode("polygon"), 60, 40);
        assertThat(filled.area())
                .as("with its hole of 8 x 6 filled, without the single pixel")
                .isEqualTo(713 + 48 - 1);
    }

    @Test
    void anEnlargedMaskHasLargerPixels() {
        assertThat(new BitMask(2, 1, new byte[] {1, 0}).enlarged(2).bits()).containsExactly(1, 1, 0, 0, 1, 1, 0, 0);
    }
}
