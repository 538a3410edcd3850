package mata.vision.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import mata.image.Frame;
import org.junit.jupiter.api.Test;

/** Against scipy 1.17.1's gaussian_filter(mode="mirror") and zoom(order=1, mode="mirror", grid_mode=True), as OWLv2's processor calls them. */
final class PaddedSquareTest {

    private static PaddedSquare to(int side) {
        return new PaddedSquare(Size.square(side), ImageSteps.Values.shares());
    }

    /** 5 wide, 3 high: red rises along the rows, green down the columns, blue is a checkerboard. */
    private static Frame small() {
        var rgb = new byte[3 * 5 * 3];
        for (int row = 0; row < 3; row++) {
            for (int column = 0; column < 5; column++) {
                int at = 3 * (row * 5 + column);
                rgb[at] = (byte) (50 * column);
                rgb[at + 1] = (byte) (100 * row);
                rgb[at + 2] = (byte) ((row + column) % 2 * 255);
            }
        }
        return new Frame(5, 3, rgb);
    }

    @Test
    void shrinkingBlursBeforeItPicks() {
        assertThat(values(2))
                .containsExactly(
                        new float[] {
                            0.1798663f,
                            0.6069535f,
                            0.4406119f,
                            0.5198410f,
                            0.3442938f,
                            0.3442938f,
                            0.5475215f,
                            0.5475215f,
                            0.4984132f,
                            0.4984132f,
                            0.5049957f,
                            0.5049957f
                        },
                        within(1e-6f));
        assertThat(values(3))
                .containsExactly(
                        new float[] {
                            0.0682007f,
                            0.3921569f,
                            0.7161131f,
                            0.0728933f,
                            0.3933288f,
                            0.7137644f,
                            0.4984358f,
                            0.4996094f,
                            0.5007828f,
                            0.1364013f,
                            0.1364013f,
                            0.1364013f,
                            0.7769622f,
                            0.7769622f,
                            0.7769622f,
                            0.5010299f,
                            0.5010299f,
                            0.5010299f,
                            0.4491695f,
                            0.3475084f,
                            0.4491695f,
                            0.3457759f,
                            0.0373278f,
                            0.3457759f,
                            0.4994225f,
                            0.4982675f,
                            0.4994225f
                        },
                        within(1e-6f));
    }

    @Test
    void enlargingDoesNotBlur() {
        assertThat(java.util.Arrays.copyOf(values(7), 7))
                .containsExactly(
                        new float[] {0.0280112f, 0.1120448f, 0.2521009f, 0.3921569f, 0.5322129f, 0.6722689f, 0.7563025f
                        },
                        within(1e-6f));
    }

    private static float[] values(int side) {
        return to(side).apply(small()).tensor().array();
    }

    @Test
    void whatLiesBelowIsGrey() {
        PixelValues values = to(5).apply(small());

        assertThat(values.tensor().get(4 * 5)).isEqualTo(0.5f);
        assertThat(values.tensor().get(2 * 5 + 4)).isCloseTo(200 / 255f, within(1e-6f));
        assertThat(values.placement().scaleX()).isEqualTo(1.0);
    }
}
