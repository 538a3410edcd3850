package mata.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import mata.graph.onnx.GraphProto;
import mata.graph.onnx.StringStringEntryProto;
import mata.graph.onnx.TensorProto.DataType;
import mata.graph.onnx.ValueInfoProto;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.task.Task;
import mata.testing.Fixture;
import mata.testing.Graphs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tables of the specification's section 2. */
final class RecognitionTest {

    @TempDir
    Path folder;

    private Family family(Task task) {
        return Recognition.family(ModelFolder.read(folder, NumberFormat.FP32), task);
    }

    private void config(String json) throws IOException {
        Files.writeString(folder.resolve("config.json"), json);
    }

    private void graph(GraphProto.Builder graph, Map<String, String> metadata) throws IOException {
        var model = Graphs.model(graph);
        metadata.forEach((key, value) -> model.addMetadataProps(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        Graphs.write(folder.resolve("model.onnx"), model);
    }

    private static ValueInfoProto port(String name, Object... shape) {
        return Graphs.port(name, DataType.FLOAT, shape);
    }

    @ParameterizedTest
    @CsvSource({
        "table-transformer, DETECT, DETR",
        "yolos, TRACK, DETR",
        "conditional_detr, DETECT, RT_DETR",
        "deformable_detr, DETECT, RT_DETR",
        "rt_detr, DETECT, RT_DETR",
        "rt_detr_v2, DETECT, RT_DETR",
        "d_fine, TRACK, RT_DETR",
        "rf_detr, DETECT, RT_DETR",
        "owlvit, DETECT, OWL_VIT",
        "owlv2, DETECT, OWL_V2",
        "grounding-dino, DETECT, GROUNDING_DINO",
        "maskformer, SEGMENT, MASKFORMER",
        "mask2former, SEGMENT, MASK2FORMER",
        "upernet, SEGMENT, SEMANTIC",
        "sam, SEGMENT, SAM",
        "sam2, SEGMENT, SAM2",
        "vit, CLASSIFY, CLASSIFIER",
        "deit, CLASSIFY, CLASSIFIER",
        "swin, CLASSIFY, CLASSIFIER",
        "swinv2, CLASSIFY, CLASSIFIER",
        "resnet, CLASSIFY, CLASSIFIER",
        "convnext, CLASSIFY, CLASSIFIER",
        "convnextv2, CLASSIFY, CLASSIFIER",
        "mobilenet_v1, CLASSIFY, CLASSIFIER",
        "efficientnet, CLASSIFY, CLASSIFIER",
        "regnet, CLASSIFY, CLASSIFIER",
        "levit, CLASSIFY, CLASSIFIER",
        "cvt, CLASSIFY, CLASSIFIER",
        "pvt, CLASSIFY, CLASSIFIER",
        "hiera, CLASSIFY, CLASSIFIER",
        "dinov2, CLASSIFY, CLASSIFIER",
        "clip, CLASSIFY, CLIP",
        "siglip, CLASSIFY, SIGLIP",
        "siglip2, CLASSIFY, SIGLIP",
        "vitpose, POSE, VITPOSE",
        "depth_anything, DEPTH, DEPTH_MAP",
        "glpn, DEPTH, DEPTH_MAP",
        "depth_pro, DEPTH, DEPTH_MAP",
        "vision-encoder-decoder, OCR, ENCODER_DECODER",
        "vision-encoder-decoder, VLM, ENCODER_DECODER",
        "florence2, VLM, FLORENCE2",
        "florence2, DETECT, FLORENCE2",
        "florence2, OCR, FLORENCE2",
        "smolvlm, VLM, SMOLVLM",
        "idefics3, VLM, SMOLVLM",
        "qwen2_vl, VLM, QWEN2_VL",
        "llava, VLM, LLAVA",
        "moondream1, VLM, MOONDREAM",
        "yolox, DETECT, YOLOX",
        "yolov8, DETECT, YOLO_DETECT",
        "movenet, POSE, MOVENET",
        "selfie_segmentation, SEGMENT, FOREGROUND",
        "isnet, SEGMENT, FOREGROUND",
        "fastdepth, DEPTH, DEPTH_MAP",
        "pp_ocr, OCR, PP_OCR"
    })
    void theModelTypeTellsTheFamilyWithoutAnyGraph(String modelType, Task task, Family family) throws IOException {
        config("{\"model_type\": \"" + modelType + "\"}");

        assertThat(family(task)).isEqualTo(family);
    }

    @Test
    void theHeadDecidesWhereATypeHasSeveral() throws IOException {
        config("{\"model_type\": \"beit\"}");
        graph(ports("pixel_values").addOutput(port("logits", 1, 7)), Map.of());
        assertThat(family(Task.CLASSIFY)).isEqualTo(Family.CLASSIFIER);
        assertThatThrownBy(() -> family(Task.SEGMENT))
                .hasMessage("task mismatch: asked for segment, but this model (beit) can do: classify");

        graph(ports("pixel_values").addOutput(port("logits", 1, 7, 2, 2)), Map.of());
        assertThat(family(Task.SEGMENT)).isEqualTo(Family.SEMANTIC);
    }

    @Test
    void aDetrWithMasksCanBoth() throws IOException {
        config("{\"model_type\": \"detr\"}");
        GraphProto.Builder boxes =
                ports("pixel_values").addOutput(port("logits", 1, 20, 8)).addOutput(port("pred_boxes", 1, 20, 4));
        graph(boxes, Map.of());
        assertThat(family(Task.DETECT)).isEqualTo(Family.DETR);
        assertThatThrownBy(() -> family(Task.SEGMENT))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.problem())
                                .isEqualTo(
                                        new Problem.BadInput(
                                                "task mismatch: asked for segment, but this model (detr) can do: detect, track")));

        graph(boxes.addOutput(port("pred_masks", 1, 20, 16, 16)), Map.of());
        assertThat(family(Task.SEGMENT)).isEqualTo(Family.DETR_PANOPTIC);
        assertThat(family(Task.DETECT)).isEqualTo(Family.DETR);
    }

    @ParameterizedTest
    @CsvSource({
        "detect, DETECT, YOLO_DETECT",
        "segment, SEGMENT, YOLO_SEGMENT",
        "pose, POSE, YOLO_POSE",
        "classify, CLASSIFY, YOLO_CLASSIFY",
        "obb, DETECT, YOLO_OBB"
    })
    void aYoloExportNamesItsTaskInTheMetadata(String metadata, Task task, Family family) throws IOException {
        graph(ports("images").addOutput(port("output0", 1, 84, 84)), Map.of("task", metadata));

        assertThat(family(task)).isEqualTo(family);
        assertThatThrownBy(() -> family(Task.VLM)).hasMessageStartingWith("task mismatch: asked for vlm");
    }

    @Test
    void timmsOwnConfigMeansAClassifier() throws IOException {
        config("{\"architecture\": \"resnet18\", \"pretrained_cfg\": {\"input_size\": [3, 224, 224]}}");

        assertThat(family(Task.CLASSIFY)).isEqualTo(Family.CLASSIFIER);
    }

    @Test
    void withoutAnyWordTensorsTell() throws IOException {
        config("{\"id2label\": {\"0\": \"cat\", \"1\": \"dog\"}}");
        GraphProto.Builder boxes = ports("pixel_values").addOutput(port("pred_boxes", 1, 5, 4));

        graph(boxes.clone().addOutput(port("logits", 1, 5, 3)), Map.of());
        assertThat(family(Task.DETECT)).isEqualTo(Family.DETR);
        graph(boxes.clone().addOutput(port("logits", 1, 5, 2)), Map.of());
        assertThat(family(Task.DETECT)).isEqualTo(Family.RT_DETR);
        graph(boxes.clone().addOutput(port("logits", 1, 5, 9)), Map.of());
        assertThatThrownBy(() -> family(Task.DETECT))
                .hasMessageContaining("9 columns")
                .hasMessageContaining("2 labels");

        graph(ports("images", "orig_target_sizes").addOutput(port("labels", 1, 300)), Map.of());
        assertThat(family(Task.DETECT)).isEqualTo(Family.RT_DETR_NATIVE);
        graph(ports("input").addOutput(port("dets", 1, 5, 4)).addOutput(port("labels", 1, 5, 2)), Map.of());
        assertThat(family(Task.DETECT)).isEqualTo(Family.RF_DETR_NATIVE);
        graph(ports("images").addOutput(port("output0", 1, 6, 84)), Map.of());
        assertThat(family(Task.DETECT)).isEqualTo(Family.YOLO_DETECT);
        graph(ports("images").addOutput(port("output0", 1, 38, 84)).addOutput(port("output1", 1, 32, 2, 2)), Map.of());
        assertThat(family(Task.SEGMENT)).isEqualTo(Family.YOLO_SEGMENT);
        graph(ports("images").addOutput(port("output", 1, 84, 7)), Map.of());
        assertThat(family(Task.DETECT)).isEqualTo(Family.YOLOX);
        graph(ports("x").addOutput(port("sigmoid_0.tmp_0", "n", 1, "h", "w")), Map.of());
        assertThat(family(Task.OCR)).isEqualTo(Family.PP_OCR);
        graph(ports("x").addOutput(port("softmax_2.tmp_0", "n", "t", 99)), Map.of("character", "a\nb"));
        assertThat(family(Task.OCR)).isEqualTo(Family.PP_OCR);
        graph(ports("pixel_values").addOutput(port("logits", 1, 2)), Map.of());
        assertThat(family(Task.CLASSIFY)).isEqualTo(Family.CLASSIFIER);
        graph(ports("pixel_values").addOutput(port("logits", 1, 2, 4, 4)), Map.of());
        assertThat(family(Task.SEGMENT)).isEqualTo(Family.SEMANTIC);
        graph(ports("pixel_values").addOutput(port("predicted_depth", 1, 4, 4)), Map.of());
        assertThat(family(Task.DEPTH)).isEqualTo(Family.DEPTH_MAP);
    }

    private static GraphProto.Builder ports(String... inputs) {
        var graph = GraphProto.newBuilder();
        for (String input : inputs) {
            graph.addInput(port(input, 1, 3, 8, 8));
        }
        return graph;
    }

    @Test
    void whatIsOfNoKnownFamilyIsRefusedWithItsInputsAndOutputs() throws IOException {
        config("{\"model_type\": \"wav2vec2\"}");
        graph(ports("input_values").addOutput(port("last_hidden_state", 1, "t", 16)), Map.of());

        assertThatThrownBy(() -> family(Task.DETECT))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.problem())
                                .isEqualTo(
                                        new Problem.BadInput(
                                                "model_type \"wav2vec2\" is not known, and the graph is of no known family: inputs"
                                                        + " [input_values float[1,3,8,8]], outputs [last_hidden_state float[1,?,16]]")));
    }

    @Test
    void aMismatchShowsInConfigJsonBeforeAnythingIsFetched() throws IOException {
        config("{\"model_type\": \"mobilevit\", \"architectures\": [\"MobileViTForSemanticSegmentation\"]}");
        Entries config = ModelFolder.read(folder, NumberFormat.FP32).config();

        assertThat(Recognition.mayServe(config, Task.SEGMENT)).isTrue();
        assertThatThrownBy(() -> Recognition.mayServe(config, Task.CLASSIFY))
                .hasMessage("task mismatch: asked for classify, but this model (mobilevit) can do: segment");

        config("{\"model_type\": \"brand_new\"}");
        assertThat(Recognition.mayServe(
                        ModelFolder.read(folder, NumberFormat.FP32).config(), Task.CLASSIFY))
                .isFalse();
    }

    @Test
    void everyFixtureIsRecognised() {
        assertThat(Fixture.all()).hasSizeGreaterThan(19).allSatisfy(fixture -> {
            Task task = fixture.serverTask();

            assertThat(Recognition.family(ModelFolder.read(fixture.model(), NumberFormat.FP32), task)
                            .can(task))
                    .isTrue();
        });
    }
}
