package mata.folder;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Formats of weights, as settings name them and as file names end (spec 1.2). */
public enum NumberFormat {
    FP32(""),
    FP16("_fp16"),
    Q8("_quantized"),
    INT8("_int8"),
    UINT8("_uint8"),
    Q4("_q4"),
    Q4F16("_q4f16"),
    BNB4("_bnb4"),
    Q2("_q2"),
    Q2F16("_q2f16"),
    Q1("_q1"),
    Q1F16("_q1f16");

    private final String suffix;

    NumberFormat(String suffix) {
        this.suffix = suffix;
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What stands between a graph's name and {@code .onnx}. */
    public String suffix() {
        return suffix;
    }

    public static Optional<NumberFormat> of(String word) {
        return Arrays.stream(values())
                .filter(format -> format.word().equals(word))
                .findFirst();
    }

    public static List<String> words() {
        return Arrays.stream(values()).map(NumberFormat::word).toList();
    }

    /** The format that a graph's file name tells. */
    public static NumberFormat ofFile(Path graph) {
        String name = graph.getFileName().toString();
        return Arrays.stream(values())
                .filter(format -> format != FP32 && name.endsWith(format.suffix + ".onnx"))
                .findFirst()
                .orElse(FP32);
    }
}
