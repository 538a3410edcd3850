package mata.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import mata.hub.PullRequest;
import mata.registry.RegisteredModel;
import mata.task.Task;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "pull", description = "Download a model from HuggingFace and register it")
final class PullCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Parameters(
            paramLabel = "MODEL_ID",
            description =
                    "Hugging Face repo ID (org/name), pip backend name (easyocr, paddleocr, tesseract), or a local folder")
    private String model = "";

    @Option(
            names = "--task",
            required = true,
            paramLabel = "TASK",
            converter = TaskWord.class,
            description = "what it is for: classify, depth, detect, ocr, pose, segment, track or vlm")
    private @Nullable Task task;

    @Option(names = "--name", paramLabel = "ORG/NAME", description = "id under which to register a local folder")
    private @Nullable String name;

    @Option(names = "--revision", paramLabel = "REV", description = "branch, tag or commit (default: main)")
    private @Nullable String revision;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            description = "which variant of the weights to take: fp32, fp16, q8 …")
    private @Nullable String dtype;

    @Option(
            names = "--allow-twin",
            description =
                    "where a repository has no ONNX files, take a known export of the same weights by somebody else")
    private boolean allowTwin;

    PullCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        PullRequest request = new PullRequest(
                folderOrName(),
                Optional.ofNullable(task),
                Optional.ofNullable(revision),
                Optional.ofNullable(dtype),
                Optional.ofNullable(name),
                allowTwin);
        RegisteredModel pulled;
        try (var progress = new PullOutput(surroundings)) {
            pulled = surroundings.store().puller().pull(request, progress);
        }
        surroundings
                .out()
                .printf(
                        "Pulled '%s' (task: %s, source: %s).%n",
                        pulled.model(), pulled.task().word(), pulled.source().word());
        return 0;
    }

    /** Here, where a working directory means something, a folder may be named without a dot before it. */
    private String folderOrName() {
        Path folder = Path.of(model);
        return Files.isDirectory(folder) ? folder.toAbsolutePath().toString() : model;
    }
}
