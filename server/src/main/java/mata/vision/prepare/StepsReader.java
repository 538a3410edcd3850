package mata.vision.prepare;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import mata.folder.Entries;
import mata.folder.ModelFolder;
import mata.image.Resample;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.vision.prepare.ImageSteps.Corner;
import mata.vision.prepare.ImageSteps.Fit;
import mata.vision.prepare.ImageSteps.Values;
import mata.vision.prepare.ProcessorClass.Form;

/** preprocessor_config.json, key by key (spec 3.2 and 3.3); what it leaves out is the processor's default. */
final class StepsReader {

    private static final String FILE = "preprocessor_config.json: ";

    private final ProcessorClass processor;
    private final Entries keys;

    private StepsReader(ProcessorClass processor, Entries keys) {
        this.processor = processor;
        this.keys = keys;
    }

    static ImageSteps read(ModelFolder folder) {
        ProcessorClass processor = ProcessorClass.of(folder);
        if (processor == ProcessorClass.OTHER && folder.preprocessor().isEmpty()) {
            throw wrong("there is none, and how pictures are prepared for model_type \""
                    + folder.modelType().orElse("") + "\" is not known");
        }
        return new StepsReader(processor, folder.preprocessor()).steps();
    }

    private ImageSteps steps() {
        return new ImageSteps(fit(), crop(), values(), padTo());
    }

    // ---- size

    private Fit fit() {
        if (!keys.flag("do_resize", processor != ProcessorClass.PLAIN || keys.has("size"))) {
            return new Fit.AsIs();
        }
        Resample kernel = kernel();
        boolean keepsRatio = keys.flag("keep_aspect_ratio", processor == ProcessorClass.DEPTH_ANYTHING);
        if (keepsRatio && processor.form != Form.DPT) {
            return boxed(kernel);
        }
        if (processor.form == Form.DPT && keepsRatio) {
            Size target = exactSize();
            int multiple = keys.whole("ensure_multiple_of", processor == ProcessorClass.DEPTH_ANYTHING ? 14 : 1);
            return new Fit.Stretch(
                    SizeRule.nearerScale(target.height(), target.width(), positive("ensure_multiple_of", multiple)),
                    kernel);
        }
        return new Fit.Stretch(rule(), kernel);
    }

    private Resample kernel() {
        OptionalInt code = keys.whole("resample");
        if (code.isEmpty()) {
            return processor.resample;
        }
        try {
            return Resample.of(code.getAsInt());
        } catch (IllegalArgumentException _) {
            throw wrong("resample is " + code.getAsInt()
                    + ", which is none of 0 nearest, 1 lanczos, 2 bilinear, 3 bicubic");
        }
    }

    private Fit boxed(Resample kernel) {
        String position = keys.text("pad_position").orElse("center");
        Corner corner = switch (position) {
            case "center" -> Corner.MIDDLE;
            case "bottom_right" -> Corner.TOP_LEFT;
            default -> throw wrong("pad_position is " + position + ", which is none of center, bottom_right");
        };
        return new Fit.Boxed(exactSize(), corner, keys.whole("pad_value", 0), kernel);
    }

    private SizeRule rule() {
        SizeRule rule = switch (processor.form) {
            case GLPN -> SizeRule.floorTo(positive("size_divisor", keys.whole("size_divisor", 32)));
            case CONVNEXT -> convNext();
            default -> sizeOf(sizeKey());
        };
        return switch (processor.form) {
            case YOLOS -> rule.downTo(16);
            case MASKFORMER -> rule.upTo(keys.whole("size_divisor", keys.whole("size_divisibility", 32)));
            default -> rule;
        };
    }

    /** {@code image_size} is an old name of {@code size}. */
    private String sizeKey() {
        return keys.has("size") || !keys.has("image_size") ? "size" : "image_size";
    }

    private SizeRule sizeOf(String key) {
        if (!keys.has(key)) {
            return byDefault();
        }
        if (keys.isNumber(key)) {
            return byNumber(positive(key, keys.whole(key).orElseThrow(() -> wrong(key + " is not whole"))));
        }
        Entries size = keys.object(key);
        if (size.has("height") && size.has("width")) {
            return SizeRule.exactly(side(size, "height"), side(size, "width"));
        } else if (size.has("shortest_edge")) {
            int side = side(size, "shortest_edge");
            return size.has("longest_edge") ? byNumbers(side, side(size, "longest_edge")) : shortest(side);
        } else if (size.has("longest_edge")) {
            return SizeRule.longestEdge(side(size, "longest_edge"));
        } else if (size.has("max_height") && size.has("max_width")) {
            return SizeRule.within(side(size, "max_height"), side(size, "max_width"));
        }
        throw wrong(key + " has none of the known forms: " + size.asTexts());
    }

    private SizeRule byDefault() {
        List<Integer> size = processor.size;
        if (size.isEmpty()) {
            throw wrong("size is missing");
        }
        return byNumber(size.getFirst());
    }

    private SizeRule byNumber(int side) {
        return switch (processor.form) {
            case DETR, YOLOS, MASKFORMER -> byNumbers(side, positive("max_size", keys.whole("max_size", 1333)));
            case SHORTEST, LEVIT -> shortest(side);
            case LONGEST -> SizeRule.longestEdge(side);
            case SQUARE, DPT, CONVNEXT, GLPN -> SizeRule.exactly(side, side);
        };
    }

    private SizeRule byNumbers(int shortest, int longest) {
        return processor.form == Form.MASKFORMER
                ? SizeRule.shortestEdgeTruncated(shortest, longest)
                : SizeRule.shortestEdge(shortest, longest);
    }

    private SizeRule shortest(int side) {
        return SizeRule.shortestEdge(processor.form == Form.LEVIT ? (int) (256.0 / 224 * side) : side);
    }

    private SizeRule convNext() {
        int side = convNextSide();
        return isCutByConvNext(side)
                ? SizeRule.shortestEdge((int) (side / keys.number("crop_pct").orElse(224.0 / 256)))
                : SizeRule.exactly(side, side);
    }

    private int convNextSide() {
        if (!keys.has("size")) {
            return processor.size.getFirst();
        }
        return keys.isNumber("size")
                ? positive("size", keys.whole("size").orElseThrow(() -> wrong("size is not whole")))
                : side(keys.object("size"), "shortest_edge");
    }

    /** From 384 on ConvNeXt squashes; below it resizes to more than is needed and cuts the middle out. */
    private static boolean isCutByConvNext(int side) {
        return side < 384;
    }

    /** Where only {@code [height, width]} makes sense. */
    private Size exactSize() {
        String key = sizeKey();
        if (!keys.has(key) && !processor.size.isEmpty()) {
            return Size.square(processor.size.getFirst());
        } else if (keys.isNumber(key)) {
            return Size.square(positive(key, keys.whole(key).orElseThrow(() -> wrong(key + " is not whole"))));
        }
        Entries size = keys.object(key);
        return new Size(side(size, "height"), side(size, "width"));
    }

    // ---- the other steps

    private Optional<Size> crop() {
        if (processor.form == Form.CONVNEXT && keys.flag("do_resize", true) && isCutByConvNext(convNextSide())) {
            return Optional.of(Size.square(convNextSide()));
        }
        if (!keys.flag("do_center_crop", processor.crop() > 0)) {
            return Optional.empty();
        }
        if (!keys.has("crop_size")) {
            if (processor.crop() == 0) {
                throw wrong("do_center_crop without crop_size");
            }
            return Optional.of(Size.square(processor.crop()));
        }
        if (keys.isNumber("crop_size")) {
            return Optional.of(
                    Size.square(positive("crop_size", keys.whole("crop_size").orElse(0))));
        }
        Entries size = keys.object("crop_size");
        return Optional.of(new Size(side(size, "height"), side(size, "width")));
    }

    private Values values() {
        boolean rescales = keys.flag("do_rescale", processor != ProcessorClass.PLAIN);
        double scale = rescales ? keys.number("rescale_factor").orElse(1 / 255.0) : 1;
        double offset = rescales && keys.flag("rescale_offset", false) ? -1 : 0;
        boolean bgr = keys.flag("do_flip_channel_order", processor == ProcessorClass.MOBILEVIT);
        if (!keys.flag("do_normalize", normalisesByDefault())) {
            return new Values(scale, offset, new float[3], new float[] {1, 1, 1}, bgr);
        }
        float[] mean = channels("image_mean", "mean", processor.norm.mean);
        float[] std = channels("image_std", "std", processor.norm.std);
        if (processor == ProcessorClass.EFFICIENTNET && keys.flag("include_top", true)) {
            // Its reference divides a second time, by the deviation alone.
            for (int i = 0; i < 3; i++) {
                std[i] *= std[i];
            }
        }
        return new Values(scale, offset, mean, std, bgr);
    }

    private boolean normalisesByDefault() {
        return switch (processor) {
            case OTHER -> keys.has("image_mean") || keys.has("mean");
            default -> processor.norm != ProcessorClass.Norm.OFF;
        };
    }

    private float[] channels(String key, String oldKey, List<Double> otherwise) {
        String present = keys.has(key) || !keys.has(oldKey) ? key : oldKey;
        List<Double> numbers = keys.has(present) ? keys.numbers(present) : otherwise;
        if (numbers.size() != 3) {
            throw wrong(present + " has " + numbers.size() + " numbers where 3 are needed");
        }
        var values = new float[3];
        for (int i = 0; i < 3; i++) {
            values[i] = numbers.get(i).floatValue();
        }
        return values;
    }

    /** In a batch of one only SAM really pads. */
    private Optional<Size> padTo() {
        if (processor != ProcessorClass.SAM || !keys.flag("do_pad", true)) {
            return Optional.empty();
        }
        Entries size = keys.object("pad_size");
        return Optional.of(size.isEmpty() ? Size.square(1024) : new Size(side(size, "height"), side(size, "width")));
    }

    private static int side(Entries size, String key) {
        return positive(key, size.whole(key).orElseThrow(() -> wrong(key + " is missing in " + size.asTexts())));
    }

    private static int positive(String key, int value) {
        if (value < 1) {
            throw wrong(key + " is " + value);
        }
        return value;
    }

    private static Rejected wrong(String what) {
        return new Rejected(new Problem.BadInput(FILE + what));
    }
}
