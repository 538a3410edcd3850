package mata.engine.ort;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import java.io.IOException;
import java.nio.file.Path;
import mata.engine.BuiltGraph;
import mata.engine.Engine;
import mata.engine.EngineOptions;
import mata.engine.LoadedModel;
import mata.folder.GraphHeader;
import mata.problem.Problem;
import mata.problem.Rejected;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ONNX Runtime on processor or CUDA. Its native libraries come from the folder that the system property
 * {@code onnxruntime.native.path} names, else they are unpacked from the jar at every start.
 */
public final class OrtEngine implements Engine {

    private static final Logger LOG = LoggerFactory.getLogger(OrtEngine.class);

    /** What the native side has to say comes as an exception too, and is logged by whoever answers it. */
    private static final OrtLoggingLevel LOG_LEVEL = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL;

    /** Where a graph that came from memory finds its external data. */
    private static final String EXTERNAL_DATA = "session.model_external_initializers_file_folder_path";

    private final OrtEnvironment environment;

    public OrtEngine() {
        Telemetry.forbid();
        environment = OrtEnvironment.getEnvironment(LOG_LEVEL, "mataserver");
        Telemetry.forbid(environment);
    }

    @Override
    public String name() {
        return "onnxruntime " + environment.getVersion();
    }

    @Override
    public LoadedModel open(Path graph, EngineOptions options) {
        GraphHeader header = GraphHeader.read(graph);
        OrtDevice device = OrtDevice.of(options.device());
        try {
            return open(optimised(graph, header, device, options), graph, header, device, options);
        } catch (OrtException e) {
            throw OrtFault.opening(graph, e);
        }
    }

    @Override
    public LoadedModel open(BuiltGraph graph, EngineOptions options) {
        Path name = Path.of(graph.name());
        OrtDevice device = OrtDevice.of(options.device());
        try (SessionOptions settings = settings(GraphHeader.of(graph.model()), device, options)) {
            settings.addConfigEntry(EXTERNAL_DATA, graph.folder().toString());
            return OrtModel.of(environment, environment.createSession(graph.model(), settings), name);
        } catch (OrtException e) {
            throw OrtFault.opening(name, e);
        }
    }

    private LoadedModel open(Path file, Path graph, GraphHeader header, OrtDevice device, EngineOptions options)
            throws OrtException {
        try (SessionOptions settings = settings(header, device, options)) {
            return OrtModel.of(environment, environment.createSession(file.toString(), settings), graph);
        }
    }

    /**
     * The graph that is to be opened: the optimised one out of the cache, made now if need be, or the original. Graphs with
     * weights beside them stay as they are: theirs are mapped into memory, which a copy inside the graph would lose.
     *
     * <p>What is kept is optimised up to the level that depends on no processor's features, so that the folder may move to
     * another machine; the rest is done at every opening.
     */
    private Path optimised(Path graph, GraphHeader header, OrtDevice device, EngineOptions options)
            throws OrtException {
        if (options.cache().isEmpty() || !header.externalData().isEmpty()) {
            return graph;
        }
        try {
            String key = "ort-" + environment.getVersion() + "-" + device.name();
            return GraphCache.in(options.cache().get())
                    .get(graph, key, target -> optimise(graph, header, device, target));
        } catch (IOException e) {
            LOG.warn("the optimised graph of {} cannot be kept: {}", graph.getFileName(), e.toString());
            return graph;
        }
    }

    private void optimise(Path graph, GraphHeader header, OrtDevice device, Path target) throws OrtException {
        try (SessionOptions settings = settings(header, device, EngineOptions.cpu(0))) {
            settings.setOptimizationLevel(SessionOptions.OptLevel.EXTENDED_OPT);
            settings.setOptimizedModelFilePath(target.toString());
            environment.createSession(graph.toString(), settings).close();
        }
    }

    private static SessionOptions settings(GraphHeader header, OrtDevice device, EngineOptions options)
            throws OrtException {
        var settings = new SessionOptions();
        settings.setSessionLogLevel(LOG_LEVEL);
        settings.setIntraOpNumThreads(
                options.threads() > 0 ? options.threads() : Runtime.getRuntime().availableProcessors());
        settings.setInterOpNumThreads(1);
        settings.addConfigEntry("session.intra_op.allow_spinning", options.spinning() ? "1" : "0");
        settings.setCPUArenaAllocator(options.arena());
        // One memory plan is kept for each shape that was ever seen: without a bound where pictures choose the shape.
        settings.setMemoryPatternOptimization(options.arena() && header.hasFixedSizes());
        if (device instanceof OrtDevice.Cuda(int number)) {
            useCuda(settings, number);
        }
        return settings;
    }

    private static void useCuda(SessionOptions settings, int number) throws OrtException {
        if (!OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA)) {
            throw new Rejected(new Problem.BadInput("device cuda:" + number
                    + " needs the CUDA build of the runtime: this installation holds the one for processors only. Install the"
                    + " build made with the gpu profile, or set the device to cpu"));
        }
        try (var cuda = new OrtCUDAProviderOptions(number)) {
            settings.addCUDA(cuda);
        } catch (OrtException e) {
            throw new Rejected(
                    new Problem.BadInput(
                            "device cuda:" + number + " cannot be used: " + OrtFault.reason(e)
                                    + ". Needed are an NVIDIA driver, and the libraries of CUDA 12 and cuDNN 9 where the system looks for them"),
                    e);
        }
    }

    /** The environment itself lives as long as the process, by its own rule. */
    @Override
    public void close() {
        environment.close();
    }
}
