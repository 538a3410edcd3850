package mata.vision.prepare;

import java.util.List;
import java.util.Optional;
import mata.folder.Entries;
import mata.image.Resample;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.vision.prepare.ImageSteps.Fit;
import mata.vision.prepare.ImageSteps.Values;

/** The {@code pretrained_cfg} of timm's config.json (spec 9.1). */
final class TimmSteps {

    private TimmSteps() {}

    static ImageSteps read(Entries timm) {
        List<Double> input = timm.numbers("input_size");
        if (input.size() != 3) {
            throw wrong("input_size is " + input + " where [3, height, width] is needed");
        }
        Size size = new Size(input.get(1).intValue(), input.get(2).intValue());
        double share = timm.number("crop_pct").orElse(0.875);
        var enlarged = new Size((int) (size.height() / share), (int) (size.width() / share));
        Resample kernel = kernel(timm.text("interpolation").orElse("bicubic"));
        SizeRule rule = switch (timm.text("crop_mode").orElse("center")) {
            case "squash" -> SizeRule.exactly(enlarged.height(), enlarged.width());
            case "center" -> SizeRule.shortestEdge(enlarged.shorter());
            default -> throw wrong("crop_mode is none of center, squash");
        };
        return new ImageSteps(
                new Fit.Stretch(rule, kernel),
                Optional.of(size),
                new Values(1 / 255.0, 0, channels(timm, "mean"), channels(timm, "std"), false),
                Optional.empty());
    }

    private static Resample kernel(String interpolation) {
        return switch (interpolation) {
            case "nearest" -> Resample.NEAREST;
            case "bilinear" -> Resample.BILINEAR;
            case "bicubic", "random" -> Resample.BICUBIC;
            case "lanczos" -> Resample.LANCZOS;
            default -> throw wrong("interpolation is none of nearest, bilinear, bicubic, lanczos");
        };
    }

    private static float[] channels(Entries timm, String key) {
        List<Double> numbers = timm.numbers(key);
        if (numbers.size() != 3) {
            throw wrong(key + " has " + numbers.size() + " numbers where 3 are needed");
        }
        return new float[] {
            numbers.get(0).floatValue(),
            numbers.get(1).floatValue(),
            numbers.get(2).floatValue()
        };
    }

    private static Rejected wrong(String what) {
        return new Rejected(new Problem.BadInput("config.json: pretrained_cfg: " + what));
    }
}
