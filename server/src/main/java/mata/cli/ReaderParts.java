package mata.cli;

import java.nio.file.Path;
import java.util.Optional;
import mata.config.Installation;
import mata.engine.Engine;
import mata.engine.EngineOptions;
import mata.engine.ort.OrtEngine;
import mata.folder.Family;
import mata.folder.ModelFolder;
import mata.folder.NumberFormat;
import mata.folder.Recognition;
import mata.image.Decoder;
import mata.image.OpenCvLibraries;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.reader.ModelLoader;
import mata.reader.OpenModel;
import mata.reader.PictureDecoder;
import mata.reader.wire.Load;
import mata.task.Task;
import mata.vision.Pipelines;

/** What readers are made of in this program: which engine, which decoder, which recipes. */
public record ReaderParts(ModelLoader loader, PictureDecoder decoder) {

    /** Loads native code into this process. */
    public static ReaderParts here(Installation installation) {
        OpenCvLibraries.load(installation.nativeLibraries());
        Engine engine = new OrtEngine();
        return new ReaderParts(load -> open(load, engine), Decoder::decode);
    }

    private static OpenModel open(Load load, Engine engine) {
        NumberFormat format =
                NumberFormat.of(load.getDtype()).orElseThrow(() -> broken("no format '" + load.getDtype() + "'"));
        Task task = Task.of(load.getTask()).orElseThrow(() -> broken("no task '" + load.getTask() + "'"));
        ModelFolder folder = ModelFolder.read(Path.of(load.getFolder()), format);
        Family family = Recognition.family(folder, task);
        EngineOptions options = new EngineOptions(
                load.getDevice(),
                load.getThreads(),
                false,
                true,
                load.getEngineCache().isEmpty() ? Optional.empty() : Optional.of(Path.of(load.getEngineCache())));
        return new OpenModel(
                Pipelines.open(folder, family, engine, options, load.getSettingsMap()),
                family.word(),
                load.getDevice());
    }

    private static Rejected broken(String detail) {
        return new Rejected(new Problem.Broken(detail));
    }
}
