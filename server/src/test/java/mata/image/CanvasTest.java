package mata.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import mata.result.Box;
import mata.result.Classification;
import mata.result.Detection;
import mata.result.FloatGrid;
import mata.result.Joint;
import mata.result.Pose;
import mata.result.Result;
import mata.result.Segment;
import mata.result.TextRegion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CanvasTest {

    private static final int GREY = 128;

    @Test
    void aBoxIsDrawnInItsLabelsColourAndTheRestIsLeftAlone() {
        Frame drawn = draw(plain(600, 400), detections(new Detection("cup", .9f, new Box(100, 100, 300, 200))));

        assertThat(drawn.width()).isEqualTo(600);
        assertThat(drawn.height()).isEqualTo(400);
        Colour side = at(drawn, 100, 150);
        assertThat(side).isEqualTo(new Colour.Wheel().of("cup"));
        assertThat(at(drawn, 300, 150)).isEqualTo(side);
        assertThat(at(drawn, 200, 200)).isEqualTo(side);
        assertThat(brightness(at(drawn, 98, 150))).as("a dark edge").isLessThan(3 * 64);
        assertThat(at(drawn, 200, 150)).as("inside").isEqualTo(new Colour(GREY, GREY, GREY));
        assertThat(at(drawn, 400, 150)).as("outside").isEqualTo(new Colour(GREY, GREY, GREY));
        assertThat(at(drawn, 103, 92)).as("the caption's field above it").isEqualTo(side);
    }

    @Test
    void aLabelKeepsItsColourFromPictureToPicture() {
        Frame alone = draw(plain(600, 400), detections(new Detection("spoon", .9f, new Box(100, 100, 300, 200))));
        Frame second = draw(
                plain(600, 400),
                detections(
                        new Detection("cup", .9f, new Box(400, 300, 500, 350)),
                        new Detection("spoon", .8f, new Box(100, 100, 300, 200))));

        assertThat(at(second, 100, 150)).isEqualTo(at(alone, 100, 150)).isNotEqualTo(at(second, 400, 325));
    }

    @Test
    void twentyLabelsHaveTwentyColours() {
        var wheel = new Colour.Wheel();

        assertThat(Stream.iterate(0, i -> i + 1).limit(20).map(i -> wheel.of("label " + i)))
                .doesNotHaveDuplicates();
    }

    @Test
    void aSmallPictureIsEnlargedByAWholeFactor() {
        Frame drawn = draw(plain(200, 100), detections(new Detection("cup", .9f, new Box(50, 40, 150, 80))));

        assertThat(drawn.width()).isEqualTo(600);
        assertThat(drawn.height()).isEqualTo(300);
        assertThat(at(drawn, 150, 180)).isEqualTo(new Colour.Wheel().of("cup"));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void aMaskTintsWhatItCovers(String format) {
        var bits = new byte[600 * 400];
        for (int row = 100; row < 300; row++) {
            Arrays.fill(bits, row * 600 + 200, row * 600 + 400, (byte) 1);
        }
        var mask = new BitMask(600, 400, bits).encode(format);

        Frame drawn = draw(
                plain(600, 400),
                new Result.Segments(List.of(new Segment("cup", .9f, new Box(200, 100, 400, 300), mask))));

        Colour label = new Colour.Wheel().of("cup");
        assertThat(at(drawn, 230, 130))
                .isEqualTo(new Colour(tinted(label.red()), tinted(label.green()), tinted(label.blue())));
        assertThat(at(drawn, 200, 250)).as("the rim").isEqualTo(label);
        assertThat(at(drawn, 180, 130)).isEqualTo(new Colour(GREY, GREY, GREY));
    }

    private static int tinted(int level) {
        return (int) Math.rint(0.45 * level + 0.55 * GREY);
    }

    private static List<String> formats() {
        return List.of("png", "rle", "polygon");
    }

    @Test
    void jointsAreJoinedWhereTheModelIsSureOfThem() {
        List<Joint> joints = new ArrayList<>();
        for (int i = 0; i < 17; i++) {
            joints.add(new Joint(0, 0, 0));
        }
        joints.set(5, new Joint(400, 100, .9f)); // left shoulder
        joints.set(7, new Joint(400, 300, .9f)); // left elbow
        joints.set(6, new Joint(200, 100, .9f)); // right shoulder
        joints.set(8, new Joint(200, 300, .1f)); // right elbow, a guess

        Frame drawn = draw(
                plain(600, 400),
                new Result.Poses(List.of(new Pose("person", .9f, new Box(150, 50, 450, 390), joints))));

        assertThat(at(drawn, 400, 200)).as("left upper arm").isEqualTo(new Colour(0xff, 0x9f, 0x1c));
        assertThat(at(drawn, 300, 100)).as("between the shoulders").isEqualTo(new Colour(0xf2, 0xf2, 0xf2));
        assertThat(at(drawn, 200, 200)).as("no right upper arm").isEqualTo(new Colour(GREY, GREY, GREY));
    }

    @Test
    void whatIsNearIsBrighterOnADepthMapWhicheverWayTheNumbersRun() {
        float[] rising = new float[40 * 60];
        for (int i = 0; i < rising.length; i++) {
            rising[i] = i % 60;
        }
        var map = new FloatGrid(40, 60, rising);

        Frame relative = draw(plain(600, 500), new Result.Depth(map, false));
        Frame metric = draw(plain(600, 500), new Result.Depth(map, true));

        int left = 600 + 6 + 30;
        int right = 600 + 6 + 570;
        assertThat(relative.width()).isEqualTo(600 + 6 + 600);
        assertThat(brightness(at(relative, right, 100))).isGreaterThan(brightness(at(relative, left, 100)) + 100);
        assertThat(brightness(at(metric, left, 100))).isGreaterThan(brightness(at(metric, right, 100)) + 100);
        assertThat(at(relative, 300, 100)).as("the picture beside it").isEqualTo(new Colour(GREY, GREY, GREY));
    }

    @Test
    void theBarOfAClassIsAsLongAsItIsLikely() {
        Frame drawn = draw(
                plain(600, 400),
                new Result.Classifications(
                        List.of(new Classification(0, "cup", .8f), new Classification(1, "mug", .2f))));

        int likely = count(drawn, 350, 375); // two lines of 21 pixels, and 4 below
        int unlikely = count(drawn, 375, 400);
        assertThat((double) likely / (likely + unlikely)).isBetween(.79, .81);
    }

    private static int count(Frame frame, int fromRow, int toRow) {
        int count = 0;
        for (int row = fromRow; row < toRow; row++) {
            for (int column = 0; column < frame.width(); column++) {
                count += at(frame, column, row).equals(new Colour(0xff, 0x9f, 0x1c)) ? 1 : 0;
            }
        }
        return count;
    }

    @ParameterizedTest
    @MethodSource("oddResults")
    void oddResultsAreDrawnWithoutComplaint(Result result) {
        assertThat(draw(plain(600, 400), result).width()).isGreaterThanOrEqualTo(600);
        assertThat(draw(plain(1, 1), result).width()).isGreaterThanOrEqualTo(480);
        assertThat(draw(plain(1, 700), result).height()).isGreaterThanOrEqualTo(700);
    }

    private static List<Result> oddResults() {
        String endless = "a very long label ".repeat(40);
        return List.of(
                detections(),
                detections(
                        new Detection("猫", .9f, new Box(-50, -50, 9_000, 9_000)),
                        new Detection("", 0, new Box(5, 5, 5, 5), 3),
                        new Detection(endless, 1, new Box(590, 390, 600, 400))),
                new Result.Classifications(List.of()),
                new Result.Classifications(List.of(new Classification(0, endless, 1.5f))),
                new Result.Segments(List.of()),
                new Result.Poses(List.of(new Pose("hand", .5f, new Box(0, 0, 1, 1), List.of(new Joint(-7, 1e9f, 1))))),
                new Result.Text("", List.of()),
                new Result.Text(endless, List.of(new TextRegion(endless, .5f, new Box(1, 1, 2, 2), List.of()))),
                new Result.Said("漢字 naïve\n\n" + endless.repeat(20), "stop", 1, 1),
                new Result.Depth(new FloatGrid(1, 1, new float[] {3}), true));
    }

    private static Result detections(Detection... items) {
        return new Result.Detections(List.of(items));
    }

    private static Frame plain(int width, int height) {
        var rgb = new byte[3 * width * height];
        Arrays.fill(rgb, (byte) GREY);
        return new Frame(width, height, rgb);
    }

    private static Frame draw(Frame frame, Result result) {
        return Decoder.decode(Canvas.draw(frame, result), 100_000_000);
    }

    private static Colour at(Frame frame, int x, int y) {
        int at = 3 * (y * frame.width() + x);
        return new Colour(frame.rgb()[at] & 0xff, frame.rgb()[at + 1] & 0xff, frame.rgb()[at + 2] & 0xff);
    }

    private static int brightness(Colour colour) {
        return colour.red() + colour.green() + colour.blue();
    }
}
