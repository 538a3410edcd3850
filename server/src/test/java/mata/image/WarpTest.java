package mata.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WarpTest {

    private static final Frame CAT = Decoder.decode(Fixtures.bytes("photos/cat_rgba.png"), 1_000_000);

    /**
     * The first two are the boxes of spec section 18. Hashes: scipy 1.17.1, {@code affine_transform(order=1)} on each 8-bit
     * channel, which is what the reference processor of VitPose calls.
     */
    @ParameterizedTest
    @CsvSource({
        "19.375, 12.5, 281.25, 375, 192, 256, 989f71e181b8c355eeafb41858913b1027010017f3ce4be92f91470c2726a9e3",
        "-27.5, -130, 375, 500, 192, 256, c40c9e845da59179a4ae4e5aa2bb399b6fe6574918b153c321be6717ce7c2551",
        "60.3, 40.7, 18.13, 24.19, 50, 60, c47b84d39eacf75ee48d5bb30db5657f769d2e586f6e6f281c01c3ea301e7361",
    })
    void anUprightPartIsSampledAsScipyDoes(
            double left, double top, double wide, double high, int width, int height, String sha256) {
        Frame part = Warp.part(CAT, left, top, wide / (width - 1), high / (height - 1), width, height);

        assertThat(Fixtures.sha256(part.rgb())).isEqualTo(sha256);
    }

    @Test
    void outsideIsBlackEvenHalfAPixelOutside() {
        Frame white = new Frame(2, 2, new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1});

        Frame part = Warp.part(white, -0.5, 0, 0.5, 1, 5, 2);

        assertThat(part.rgb()).startsWith(0, 0, 0, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0);
    }

    /** Hashes: OpenCV 4.12 from Python, {@code warpPerspective} with cubic taps and a replicated border. */
    @ParameterizedTest
    @CsvSource({
        "20.5 30.2 150.3 41.7 146.1 80.9 17.2 70.4, 130, 40,"
                + " 371b412df9a7b9f8a1a6a7bd4e5a0cdf4116a191e617015e726d48580342a34e",
        "-5 10 60 -8 70 100 0 120, 72, 110, 1c75a168f179ad130b187a5e090e80ce9aaf1f44274341e4e28d6c1649444c1b",
    })
    void whatLiesBetweenFourCornersIsMadeUpright(String corners, int width, int height, String sha256) {
        Frame upright = Warp.straighten(CAT, Points.of(corners));

        assertThat(upright.width()).isEqualTo(width);
        assertThat(upright.height()).isEqualTo(height);
        assertThat(Fixtures.sha256(upright.rgb())).isEqualTo(sha256);
    }

    @Test
    void aQuarterToTheLeftPutsTheRightColumnOnTop() {
        Frame two = new Frame(2, 1, new byte[] {1, 1, 1, 2, 2, 2});

        assertThat(Warp.counterClockwise(two).width()).isEqualTo(1);
        assertThat(Warp.counterClockwise(two).rgb()).containsExactly(2, 2, 2, 1, 1, 1);
        assertThat(Warp.halfTurn(two).width()).isEqualTo(2);
        assertThat(Warp.halfTurn(two).rgb()).containsExactly(2, 2, 2, 1, 1, 1);
    }
}
