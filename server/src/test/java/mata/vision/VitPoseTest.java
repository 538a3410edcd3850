package mata.vision;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import mata.engine.EngineOptions;
import mata.engine.ort.OrtEngine;
import mata.folder.Family;
import mata.folder.ModelFolder;
import mata.folder.NumberFormat;
import mata.image.Decoder;
import mata.image.Frame;
import mata.params.Params;
import mata.params.ParamsReader;
import mata.problem.Problem;
import mata.result.Box;
import mata.result.Detection;
import mata.result.Pose;
import mata.result.Result;
import mata.testing.Fixture;
import mata.vision.VitPose.Window;
import mata.vision.prepare.Size;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class VitPoseTest {

    private static final Size INPUT = new Size(256, 192);

    /** Worked values of spec 18. */
    @Test
    void aBoxIsWidenedToTheInputsProportionsAndGivenRoom() {
        Window tall = Window.around(new Box(100, 50, 220, 350), INPUT);
        assertThat(tall.width()).isEqualTo(281.25);
        assertThat(tall.height()).isEqualTo(375);
        assertThat(tall.left()).isEqualTo(19.375);
        assertThat(tall.top()).isEqualTo(12.5);
        assertThat(191 / tall.width()).isCloseTo(0.679111, Offset.offset(1e-6));
        assertThat(255 / tall.height()).isCloseTo(0.68, Offset.offset(1e-6));

        Window broad = Window.around(new Box(10, 20, 310, 220), INPUT);
        assertThat(broad.width()).isEqualTo(375);
        assertThat(broad.height()).isEqualTo(500);
        assertThat(broad.left()).isEqualTo(-27.5);
        assertThat(broad.top()).isEqualTo(-130);
    }

    private static Outcome ask(Map<String, String> settings, Params params) {
        ModelFolder folder = ModelFolder.read(Fixture.of("pose", "vitpose").model(), NumberFormat.FP32);
        try (var engine = new OrtEngine();
                Pipeline pipeline = Pipelines.open(folder, Family.VITPOSE, engine, EngineOptions.cpu(1), settings)) {
            return pipeline.infer(photo(), params);
        }
    }

    private static Frame photo() {
        return Decoder.decode(Fixture.bytes(Fixture.ROOT.resolve("photos/astronaut_exif6.jpg")), Long.MAX_VALUE);
    }

    private static List<Pose> poses(Outcome outcome) {
        return ((Result.Poses) ((Outcome.Done) outcome).result()).items();
    }

    @Test
    void withoutBoxesAndDetectorThePictureIsThePerson() {
        assertThat(poses(ask(Map.of(), Params.NONE))).singleElement().satisfies(pose -> {
            assertThat(pose.label()).isEqualTo("person");
            assertThat(pose.box()).isEqualTo(new Box(0, 0, 315, 433));
            assertThat(pose.joints()).hasSize(17);
        });
    }

    @Test
    void aDetectorFindsThePersonsAndTheirScoresAreThePoses() {
        Fixture detector = Fixture.of("detect", "yolo11_320_5class");
        Params confident = ParamsReader.read(Map.of("confidence", 0.9));

        List<Pose> poses =
                poses(ask(Map.of("person_detector_folder", detector.model().toString()), confident));

        List<Detection> persons = persons(detector);
        assertThat(persons).isNotEmpty();
        assertThat(poses)
                .extracting(Pose::box)
                .isEqualTo(persons.stream().map(Detection::box).toList());
        assertThat(poses)
                .extracting(Pose::confidence)
                .isEqualTo(persons.stream().map(Detection::confidence).toList());
    }

    private static List<Detection> persons(Fixture detector) {
        ModelFolder folder = ModelFolder.read(detector.model(), NumberFormat.FP32);
        try (var engine = new OrtEngine();
                Pipeline pipeline =
                        Pipelines.open(folder, Family.YOLO_DETECT, engine, EngineOptions.cpu(1), Map.of())) {
            Outcome outcome = pipeline.infer(photo(), Params.NONE);
            return ((Result.Detections) ((Outcome.Done) outcome).result())
                    .items().stream()
                            .filter(item -> item.label().equals("person") && item.confidence() > 0.9f)
                            .toList();
        }
    }

    @Test
    void aBoxWithoutAreaIsAFaultOfTheRequest() {
        Outcome outcome = ask(Map.of(), ParamsReader.read(Map.of("box_prompts", List.of(List.of(50, 50, 40, 90)))));

        assertThat(((Outcome.Failed) outcome).problem())
                .isInstanceOfSatisfying(
                        Problem.Invalid.class,
                        invalid -> assertThat(invalid.detail())
                                .startsWith("params.box_prompts: A box should be [x1, y1, x2, y2]"));
    }
}
