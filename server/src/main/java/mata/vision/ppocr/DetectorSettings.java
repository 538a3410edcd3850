package mata.vision.ppocr;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mata.folder.Entries;
import mata.folder.ModelFolder;
import mata.problem.Problem;
import mata.problem.Rejected;

/**
 * How the detector is fed and read. What the user set for the model wins over its files, those over the common package's
 * values.
 *
 * @param limit what is brought to {@code side}
 * @param side in pixels
 * @param mean of the channels, in the order that the graph takes them: blue first
 * @param std likewise
 * @param on a pixel is text above this probability
 * @param least a box is text from this mean probability on
 * @param growth by how much boxes grow: they were shrunk in training
 * @param dilation side of the square that what is on grows by; 0 or 1 = not at all
 * @param shortestSide boxes below, in pixels of the map, are specks
 * @param most outlines that are looked at
 */
@SuppressWarnings("ArrayRecordComponent") // three numbers each, never compared
record DetectorSettings(
        Limit limit,
        int side,
        float[] mean,
        float[] std,
        float on,
        float least,
        double growth,
        int dilation,
        int shortestSide,
        int most) {

    /** Enlarging needs no more than this, whatever the side says: only pictures of a few columns come near. */
    static final long MOST_PIXELS = 1L << 24;

    enum Limit {
        /** The shorter side is enlarged to the limit where it is below. */
        MIN,
        /** The longer side is shrunk to the limit where it is above. */
        MAX
    }

    private static final Pattern SIZE = Pattern.compile("(min|max)\\s+(\\d{1,5})");

    private static final List<Double> HALF = List.of(0.5, 0.5, 0.5);

    private static final List<Double> IMAGENET_MEAN = List.of(0.485, 0.456, 0.406);

    private static final List<Double> IMAGENET_STD = List.of(0.229, 0.224, 0.225);

    /** @throws Rejected with {@code BadInput} naming the setting, or the file and key, that makes no sense */
    static DetectorSettings read(ModelFolder folder, Map<String, String> settings) {
        Entries picture = folder.preprocessor().object("detection");
        Entries boxes = folder.config().object("detection");
        return new DetectorSettings(
                limit(picture, settings),
                side(picture, settings),
                channels("image_mean", picture, settings, IMAGENET_MEAN),
                channels("image_std", picture, settings, IMAGENET_STD),
                (float) boxes.number("threshold").orElse(0.3),
                (float) boxes.number("box_threshold").orElse(0.5),
                boxes.number("unclip_ratio").orElse(1.6),
                boxes.whole("dilate", 2),
                boxes.whole("min_size", 3),
                boxes.whole("max_candidates", 1000));
    }

    private static Limit limit(Entries picture, Map<String, String> settings) {
        String word = settings.containsKey("detector_size")
                ? size(settings).group(1)
                : picture.text("limit_type").orElse("min");
        return switch (word) {
            case "min" -> Limit.MIN;
            case "max" -> Limit.MAX;
            default -> throw wrong("preprocessor_config.json: detection: limit_type is " + word + ", not min or max");
        };
    }

    private static int side(Entries picture, Map<String, String> settings) {
        if (settings.containsKey("detector_size")) {
            return Math.max(1, Integer.parseInt(size(settings).group(2)));
        }
        if (picture.isNumber("size")) {
            return picture.whole("size", 736);
        }
        Entries size = picture.object("size");
        return size.whole("shortest_edge").orElse(size.whole("longest_edge", 736));
    }

    private static Matcher size(Map<String, String> settings) {
        Matcher size = SIZE.matcher(settings.getOrDefault("detector_size", ""));
        if (!size.matches()) {
            throw wrong(
                    "detector_size: \"" + settings.get("detector_size") + "\" is not like \"min 736\" or \"max 960\"");
        }
        return size;
    }

    /** PaddleOCR applies ImageNet's numbers, which belong to red, green, blue, to blue, green, red in that order. */
    private static float[] channels(String key, Entries picture, Map<String, String> settings, List<Double> imageNet) {
        List<Double> numbers = switch (settings.getOrDefault("detector_norm", "")) {
            case "" -> picture.has(key) ? picture.numbers(key) : HALF;
            case "half" -> HALF;
            case "imagenet" -> imageNet;
            default -> throw wrong("detector_norm: \"" + settings.get("detector_norm") + "\" is not half or imagenet");
        };
        if (numbers.size() != 3) {
            throw wrong("preprocessor_config.json: detection: " + key + " needs three numbers");
        }
        return new float[] {
            numbers.get(0).floatValue(),
            numbers.get(1).floatValue(),
            numbers.get(2).floatValue()
        };
    }

    private static Rejected wrong(String what) {
        return new Rejected(new Problem.BadInput(what));
    }

    /** Width and height of the detector's input for a canvas. */
    int[] inputFor(int width, int height) {
        double scale = switch (limit) {
            case MIN -> Math.max(1, (double) side / Math.min(width, height));
            case MAX -> Math.min(1, (double) side / Math.max(width, height));
        };
        double most = Math.max(1, Math.sqrt(MOST_PIXELS / ((double) width * height)));
        scale = Math.min(scale, most);
        return new int[] {Multiples.of32((int) (width * scale)), Multiples.of32((int) (height * scale))};
    }
}
