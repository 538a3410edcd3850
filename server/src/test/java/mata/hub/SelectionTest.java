package mata.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import mata.folder.Family;
import mata.folder.NumberFormat;
import mata.task.ModelRef;
import org.junit.jupiter.api.Test;

/** File lists as published repositories have them (spec onnx-models 1.1 to 1.3, 17). */
final class SelectionTest {

    private static RepoListing listing(String... paths) {
        List<RepoFile> files = Arrays.stream(paths)
                .map(path -> new RepoFile(path, 100, "0".repeat(40), Optional.empty(), Optional.empty()))
                .toList();
        return new RepoListing(new ModelRef("acme/eye"), "main", "c".repeat(40), files);
    }

    private static List<String> chosen(RepoListing listing, Set<Family> families, NumberFormat usual) {
        return Selection.ofGraphs(listing, families, Optional.empty(), usual)
                .map(selection -> selection.files().stream().map(RepoFile::path).toList())
                .orElse(List.of());
    }

    @Test
    void aFlorenceRepositoryGivesItsFourGraphsOnceInOneFormat() {
        RepoListing listing = listing(
                "config.json",
                "tokenizer.json",
                "onnx/vision_encoder.onnx",
                "onnx/vision_encoder_fp16.onnx",
                "onnx/embed_tokens.onnx",
                "onnx/embed_tokens_fp16.onnx",
                "onnx/encoder_model.onnx",
                "onnx/encoder_model_fp16.onnx",
                "onnx/decoder_model.onnx",
                "onnx/decoder_model_merged.onnx",
                "onnx/decoder_model_merged_fp16.onnx",
                "onnx/decoder_with_past_model.onnx",
                "model.safetensors",
                "pytorch_model.bin");

        assertThat(chosen(listing, EnumSet.of(Family.FLORENCE2), NumberFormat.FP16))
                .containsExactly(
                        "config.json",
                        "tokenizer.json",
                        "onnx/vision_encoder_fp16.onnx",
                        "onnx/embed_tokens_fp16.onnx",
                        "onnx/encoder_model_fp16.onnx",
                        "onnx/decoder_model_merged_fp16.onnx");
    }

    @Test
    void aFormatThatOneGraphLacksIsNotMixedWithAnother() {
        RepoListing listing = listing(
                "onnx/vision_encoder.onnx",
                "onnx/prompt_encoder_mask_decoder.onnx",
                "onnx/prompt_encoder_mask_decoder_fp16.onnx");

        assertThat(chosen(listing, EnumSet.of(Family.SAM), NumberFormat.FP16))
                .containsExactly("onnx/vision_encoder.onnx", "onnx/prompt_encoder_mask_decoder.onnx");
        assertThat(Selection.ofGraphs(
                        listing, EnumSet.of(Family.SAM), Optional.of(NumberFormat.FP16), NumberFormat.FP32))
                .isEmpty();
    }

    @Test
    void clipIsTakenWholeWhereItCanBeAndInHalvesElsewhere() {
        assertThat(chosen(
                        listing("onnx/model.onnx", "onnx/text_model.onnx", "onnx/vision_model.onnx"),
                        EnumSet.of(Family.CLIP),
                        NumberFormat.FP32))
                .containsExactly("onnx/model.onnx");
        assertThat(chosen(
                        listing("onnx/text_model.onnx", "onnx/vision_model.onnx"),
                        EnumSet.of(Family.CLIP),
                        NumberFormat.FP32))
                .containsExactly("onnx/vision_model.onnx", "onnx/text_model.onnx");
    }

    @Test
    void anOlderExportOfAnEncoderAndDecoderNeedsBothDecoders() {
        assertThat(chosen(
                        listing("encoder_model.onnx", "decoder_model.onnx", "decoder_with_past_model.onnx"),
                        EnumSet.of(Family.ENCODER_DECODER),
                        NumberFormat.FP32))
                .containsExactly("encoder_model.onnx", "decoder_model.onnx", "decoder_with_past_model.onnx");
    }

    @Test
    void theOnlyGraphMayHaveAnyNameAndSeveralAreAmbiguous() {
        assertThat(chosen(listing("yolov10n.onnx", "yolov10n_fp16.onnx"), Set.of(), NumberFormat.FP32))
                .containsExactly("yolov10n.onnx");
        assertThat(chosen(listing("yolov10n.onnx", "yolov10s.onnx"), Set.of(), NumberFormat.FP32))
                .isEmpty();
    }

    @Test
    void graphsOfOtherFoldersAndPicklesAreNobodysBusiness() {
        assertThat(chosen(
                        listing("onnx/old/model.onnx", "openvino/model.onnx", "pytorch_model.bin", "model.pt"),
                        EnumSet.of(Family.CLASSIFIER),
                        NumberFormat.FP32))
                .isEmpty();
    }

    @Test
    void shardedWeightsComeWithTheirIndex() {
        assertThat(Selection.ofSafetensors(listing(
                                "config.json",
                                "model-00001-of-00002.safetensors",
                                "model-00002-of-00002.safetensors",
                                "model.safetensors.index.json",
                                "adapter.safetensors",
                                "pytorch_model.bin.index.json"))
                        .orElseThrow()
                        .files())
                .extracting(RepoFile::path)
                .containsExactly(
                        "config.json",
                        "model-00001-of-00002.safetensors",
                        "model-00002-of-00002.safetensors",
                        "model.safetensors.index.json");
    }
}
