package mata.vision.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import mata.folder.ModelFolder;
import mata.folder.NumberFormat;
import mata.image.Frame;
import mata.image.Resample;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.result.Box;
import mata.vision.prepare.ImageSteps.Fit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys, forms and class defaults of spec 3.2 to 3.6. */
final class ImageStepsTest {

    @TempDir
    Path folder;

    private ImageSteps steps(String preprocessor) throws IOException {
        Files.writeString(folder.resolve("preprocessor_config.json"), preprocessor);
        return ImageSteps.of(ModelFolder.read(folder, NumberFormat.FP32));
    }

    private ImageSteps ofModelType(String type) throws IOException {
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"" + type + "\"}");
        return ImageSteps.of(ModelFolder.read(folder, NumberFormat.FP32));
    }

    private static Frame plain(int height, int width, int red, int green, int blue) {
        var rgb = new byte[3 * height * width];
        for (int i = 0; i < rgb.length; i += 3) {
            rgb[i] = (byte) red;
            rgb[i + 1] = (byte) green;
            rgb[i + 2] = (byte) blue;
        }
        return new Frame(width, height, rgb);
    }

    private static Size resized(ImageSteps steps, int height, int width) {
        return steps.apply(plain(height, width, 0, 0, 0)).placement().resized();
    }

    private static Resample kernel(ImageSteps steps) {
        return ((Fit.Stretch) steps.fit()).kernel();
    }

    /** Table 3.5: size of a 480x640 picture after resizing, kernel, crop, mean of red. */
    @ParameterizedTest
    @CsvSource({
        "detr, 800x1066, BILINEAR, , 0.485",
        "conditional_detr, 800x1066, BILINEAR, , 0.485",
        "table-transformer, 800x1066, BILINEAR, , 0.485",
        "grounding-dino, 800x1066, BILINEAR, , 0.485",
        "yolos, 800x1056, BILINEAR, , 0.485",
        "rt_detr, 640x640, BILINEAR, , 0",
        "d_fine, 640x640, BILINEAR, , 0",
        "vit, 224x224, BILINEAR, , 0.5",
        "swin, 224x224, BILINEAR, , 0.5",
        "beit, 256x256, BICUBIC, 224x224, 0.5",
        "deit, 256x256, BICUBIC, 224x224, 0.5",
        "levit, 256x341, BICUBIC, 224x224, 0.485",
        "pvt, 224x224, BILINEAR, , 0.485",
        "dinov2, 224x298, BICUBIC, 224x224, 0.48145466",
        "convnext, 384x384, BILINEAR, , 0.5",
        "resnet, 384x384, BILINEAR, , 0.5",
        "efficientnet, 346x346, NEAREST, , 0.5",
        "mobilenet_v1, 256x341, BILINEAR, 224x224, 0.5",
        "mobilenet_v2, 256x341, BILINEAR, 224x224, 0.5",
        "mobilevit, 224x298, BILINEAR, 256x256, 0",
        "clip, 224x298, BICUBIC, 224x224, 0.48145466",
        "siglip, 224x224, BICUBIC, , 0.5",
        "owlvit, 768x768, BICUBIC, , 0.48145466",
        "segformer, 512x512, BILINEAR, , 0.485",
        "maskformer, 800x1088, BILINEAR, , 0.485",
        "mask2former, 800x1088, BILINEAR, , 0.485",
        "sam, 768x1024, BILINEAR, , 0.485",
        "sam2, 1024x1024, BILINEAR, , 0.485",
        "dpt, 384x384, BICUBIC, , 0.5",
        "depth_anything, 518x686, BICUBIC, , 0.485",
        "glpn, 480x640, BILINEAR, , 0"
    })
    void whatAFileLeavesOutIsTheClasssDefault(String type, String size, Resample kernel, String crop, float mean)
            throws IOException {
        ImageSteps steps = ofModelType(type);

        Size resized = resized(steps, 480, 640);
        assertThat(resized.height() + "x" + resized.width()).isEqualTo(size);
        assertThat(kernel(steps)).isEqualTo(kernel);
        assertThat(steps.crop().map(side -> side.height() + "x" + side.width())).isEqualTo(Optional.ofNullable(crop));
        assertThat(steps.values().mean()[0]).isEqualTo(mean);
        assertThat(steps.padTo().isPresent()).isEqualTo(type.equals("sam"));
        assertThat(steps.values().bgr()).isEqualTo(type.equals("mobilevit"));
    }

    @Test
    void aFileWinsOverItsClassesDefaults() throws IOException {
        ImageSteps steps = steps("""
                {"image_processor_type": "ViTImageProcessorFast", "size": {"height": 10, "width": 20}, "resample": 3,
                 "do_center_crop": true, "crop_size": 8, "image_mean": [0, 0, 0], "image_std": [1, 1, 1],
                 "rescale_factor": 0.5, "do_flip_channel_order": true}""");

        PixelValues pixels = steps.apply(plain(30, 30, 2, 4, 6));

        assertThat(kernel(steps)).isEqualTo(Resample.BICUBIC);
        assertThat(pixels.tensor().shape()).containsExactly(1, 3, 8, 8);
        assertThat(pixels.tensor().get(0)).isEqualTo(3); // blue first: 6 * 0.5
        assertThat(pixels.tensor().get(2 * 64)).isEqualTo(1); // red last: 2 * 0.5
    }

    @Test
    void oldNamesOfKeysAreUnderstood() throws IOException {
        ImageSteps detr =
                steps("{\"feature_extractor_type\": \"DetrFeatureExtractor\", \"size\": 100, \"max_size\": 120}");
        assertThat(resized(detr, 480, 640)).isEqualTo(new Size(90, 120));

        ImageSteps mean = steps(
                "{\"feature_extractor_type\": \"ViTFeatureExtractor\", \"image_size\": 16, \"mean\": [0.1, 0.2, 0.3], \"std\": [1, 1, 1]}");
        assertThat(resized(mean, 480, 640)).isEqualTo(Size.square(16));
        assertThat(mean.values().mean()).containsExactly(0.1f, 0.2f, 0.3f);
    }

    @Test
    void theOldKeyOfMobileVitForChannelsHasNoEffect() throws IOException {
        ImageSteps steps = steps(
                "{\"feature_extractor_type\": \"MobileViTFeatureExtractor\", \"do_flip_channels\": false, \"size\": 288}");

        assertThat(steps.values().bgr()).isTrue();
    }

    @Test
    void convNextCutsBelow384AndSquashesFromThere() throws IOException {
        ImageSteps below =
                steps("{\"feature_extractor_type\": \"ConvNextFeatureExtractor\", \"size\": 224, \"crop_pct\": 0.875}");
        assertThat(resized(below, 480, 640)).isEqualTo(new Size(256, 341));
        assertThat(below.crop()).contains(Size.square(224));

        ImageSteps above = steps(
                "{\"image_processor_type\": \"ConvNextImageProcessor\", \"size\": {\"shortest_edge\": 384}, \"crop_pct\": 1.0}");
        assertThat(resized(above, 480, 640)).isEqualTo(Size.square(384));
        assertThat(above.crop()).isEmpty();
    }

    @Test
    void efficientNetDividesASecondTimeAndMayShiftByOne() throws IOException {
        ImageSteps steps = steps("""
                {"image_processor_type": "EfficientNetImageProcessor", "size": {"height": 2, "width": 2},
                 "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.25, 0.1], "rescale_factor": 0.01, "rescale_offset": true}""");

        PixelValues pixels = steps.apply(plain(2, 2, 200, 200, 200));

        // (200 * 0.01 - 1 - 0.5) / std / std
        assertThat(pixels.tensor().get(0)).isEqualTo(2);
        assertThat(pixels.tensor().get(4)).isEqualTo(8);
        assertThat(pixels.tensor().get(8)).isCloseTo(50, org.assertj.core.data.Offset.offset(1e-4f));
    }

    @Test
    void samPadsWithZerosBehindNormalising() throws IOException {
        ImageSteps steps = steps("""
                {"image_processor_type": "SamImageProcessor", "size": {"longest_edge": 8},
                 "pad_size": {"height": 8, "width": 8}}""");

        PixelValues pixels = steps.apply(plain(2, 4, 255, 255, 255));

        assertThat(pixels.tensor().shape()).containsExactly(1, 3, 8, 8);
        assertThat(pixels.placement().resized()).isEqualTo(new Size(4, 8));
        assertThat(pixels.tensor().get(0)).isCloseTo((1 - 0.485f) / 0.229f, org.assertj.core.data.Offset.offset(1e-6f));
        assertThat(pixels.tensor().get(4 * 8)).isZero();
    }

    @Test
    void aBoxedPictureKeepsItsProportionsAndTheWayBack() throws IOException {
        String file = """
                {"image_processor_type": "YoloxImageProcessor", "size": {"height": 40, "width": 40}, "keep_aspect_ratio": true,
                 "do_pad": true, "pad_value": 114, "pad_position": "%s", "do_rescale": false, "do_normalize": false}""";

        PixelValues topLeft = steps(file.formatted("bottom_right")).apply(plain(40, 80, 9, 9, 9));
        assertThat(topLeft.tensor().get(0)).isEqualTo(9);
        assertThat(topLeft.tensor().get(20 * 40)).isEqualTo(114);
        assertThat(topLeft.placement().toSource(new Box(0, 0, 40, 20))).isEqualTo(new Box(0, 0, 80, 40));

        PixelValues middle = steps(file.formatted("center")).apply(plain(40, 80, 9, 9, 9));
        assertThat(middle.tensor().get(0)).isEqualTo(114);
        assertThat(middle.tensor().get(10 * 40)).isEqualTo(9);
        assertThat(middle.placement().toSource(new Box(0, 10, 40, 30))).isEqualTo(new Box(0, 0, 80, 40));
    }

    @ParameterizedTest
    @CsvSource({"480x640, 224, 0, 37", "427x640, 224, 0, 55", "1080x1920, 224, 0, 87"})
    void theMiddleIsCutOutAtTheReferencesPlace(String picture, int side, int top, int left) throws IOException {
        // spec 18, "short 224 + crop 224"
        ImageSteps steps = steps(
                "{\"image_processor_type\": \"CLIPImageProcessor\", \"size\": {\"shortest_edge\": 224}, \"crop_size\": 224}");
        int height = Integer.parseInt(picture.split("x")[0]);
        int width = Integer.parseInt(picture.split("x")[1]);

        Placement placement = steps.apply(plain(height, width, 0, 0, 0)).placement();

        assertThat(placement.input()).isEqualTo(Size.square(side));
        assertThat(-placement.top()).isEqualTo(top);
        assertThat(-placement.left()).isEqualTo(left);
    }

    @ParameterizedTest
    @CsvSource({"480x640, 16, 58", "427x640, 16, 79"})
    void theMiddleIsCutOutOfALargerPicture(String picture, int top, int left) throws IOException {
        // spec 18, "short 256 + crop 224"
        ImageSteps steps = steps(
                "{\"image_processor_type\": \"MobileNetV2ImageProcessor\", \"size\": {\"shortest_edge\": 256}, \"crop_size\": 224}");
        int height = Integer.parseInt(picture.split("x")[0]);
        int width = Integer.parseInt(picture.split("x")[1]);

        Placement placement = steps.apply(plain(height, width, 0, 0, 0)).placement();

        assertThat(-placement.top()).isEqualTo(top);
        assertThat(-placement.left()).isEqualTo(left);
    }

    @Test
    void timmsConfigSaysSizeCropKernelAndStatistics() throws IOException {
        Files.writeString(folder.resolve("config.json"), """
                {"architecture": "resnet18", "pretrained_cfg": {"input_size": [3, 224, 224], "interpolation": "bicubic",
                 "crop_pct": 0.95, "crop_mode": "center", "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}}""");
        ImageSteps steps = ImageSteps.of(ModelFolder.read(folder, NumberFormat.FP32));

        assertThat(resized(steps, 480, 640)).isEqualTo(new Size(235, 313)); // floor(224 / 0.95)
        assertThat(steps.crop()).contains(Size.square(224));
        assertThat(kernel(steps)).isEqualTo(Resample.BICUBIC);
        assertThat(steps.values().std()).containsExactly(0.229f, 0.224f, 0.225f);
    }

    @Test
    void aFileThatMakesNoSenseIsRefusedByKey() {
        assertRefused(
                "{\"image_processor_type\": \"ViTImageProcessor\", \"size\": {\"depth\": 3}}",
                "size has none of the known forms");
        assertRefused("{\"image_processor_type\": \"ViTImageProcessor\", \"size\": 0}", "size is 0");
        assertRefused("{\"image_processor_type\": \"ViTImageProcessor\", \"resample\": 5}", "resample is 5");
        assertRefused(
                "{\"image_processor_type\": \"ViTImageProcessor\", \"image_mean\": [0.5]}", "image_mean has 1 numbers");
    }

    private void assertRefused(String file, String why) {
        assertThatThrownBy(() -> steps(file))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.problem())
                                .isInstanceOfSatisfying(
                                        Problem.BadInput.class,
                                        bad -> assertThat(bad.detail())
                                                .startsWith("preprocessor_config.json: ")
                                                .contains(why)));
    }

    @Test
    void withoutAnyFileAnUnknownModelTypeIsRefused() {
        assertThatThrownBy(() -> ofModelType("brand_new")).hasMessageContaining("brand_new");
    }

    @Test
    void aPictureThatWouldVanishOrExplodeIsRefused() throws IOException {
        ImageSteps glpn = ofModelType("glpn");
        ImageSteps clip = ofModelType("clip");

        assertThatThrownBy(() -> glpn.apply(plain(20, 64, 0, 0, 0)))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.problem())
                                .isEqualTo(
                                        new Problem.BadInput(
                                                "a picture of 64x20 is too small or too narrow for this model: it would become 64x0")));
        assertThatThrownBy(() -> clip.apply(plain(1, 20_000, 0, 0, 0))).hasMessageContaining("too narrow");
    }
}
