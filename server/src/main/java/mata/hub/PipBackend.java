package mata.hub;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import mata.task.ModelRef;

/** OCR programs that come as Python packages; section "OCR backends" of the reference. */
public enum PipBackend {
    EASYOCR("easyocr", List.of("easyocr"), "easyocr", Optional.empty()),
    PADDLEOCR("paddleocr", List.of("paddlepaddle", "paddleocr"), "paddleocr", Optional.empty()),
    TESSERACT("tesseract", List.of("pytesseract"), "pytesseract", Optional.of("tesseract")),
    /** Additive. Only the graphs of its package are used, by our own engine; nothing of it is installed. */
    RAPIDOCR("rapidocr", List.of("rapidocr-onnxruntime"), "rapidocr_onnxruntime", Optional.empty());

    private final ModelRef model;
    private final List<String> packages;
    private final String module;
    private final Optional<String> binary;

    PipBackend(String model, List<String> packages, String module, Optional<String> binary) {
        this.model = new ModelRef(model);
        this.packages = packages;
        this.module = module;
        this.binary = binary;
    }

    public static Optional<PipBackend> of(ModelRef model) {
        return Arrays.stream(values())
                .filter(backend -> backend.model.equals(model))
                .findFirst();
    }

    public ModelRef model() {
        return model;
    }

    /** Whether Python runs it; otherwise its graphs were taken out of the package, and our engine runs them. */
    public boolean runsInPython() {
        return this != RAPIDOCR;
    }

    /** What is installed for it. */
    public List<String> packages() {
        return packages;
    }

    /** What Python imports. */
    public String module() {
        return module;
    }

    /** The program of the system that it calls, which pip does not bring. */
    public Optional<String> binary() {
        return binary;
    }
}
