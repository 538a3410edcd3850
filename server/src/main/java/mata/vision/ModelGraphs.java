package mata.vision;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import mata.engine.BuiltGraph;
import mata.engine.Engine;
import mata.engine.EngineOptions;
import mata.engine.LoadedModel;
import mata.folder.ModelFolder;
import mata.graph.Config;
import mata.graph.NativeGraph;
import mata.graph.NativeModels;
import mata.graph.Precision;
import mata.graph.part.WholeGraph;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.safetensors.SafeTensors;

/** A model's graphs by name: files of its folder, or written from the model's own weights where there is no such file. */
record ModelGraphs(ModelFolder folder, Engine engine, EngineOptions options) {

    /**
     * @throws Rejected with {@code BadInput} when there is neither a file nor a way to write the graph, naming what is missing;
     *     else as {@link Engine#open}
     */
    LoadedModel open(String name) {
        return folder.hasGraph(name) || !SafeTensors.present(folder.path())
                ? engine.open(folder.graph(name), options)
                : engine.open(written(name), options);
    }

    /**
     * The same graph, for parts of it to be opened.
     *
     * @throws Rejected likewise
     */
    WholeGraph whole(String name) {
        return folder.hasGraph(name) || !SafeTensors.present(folder.path())
                ? WholeGraph.read(folder.graph(name))
                : whole(written(name));
    }

    private static WholeGraph whole(BuiltGraph graph) {
        return WholeGraph.of(graph.model(), graph.folder());
    }

    /** A part of a graph: what makes {@code outputs} of inputs and of what is {@code given}. */
    LoadedModel open(WholeGraph graph, String name, List<String> outputs, List<String> given) {
        byte[] part = graph.part(name, outputs, given);
        return engine.open(new BuiltGraph(name + " part of the model", part, graph.folder()), options);
    }

    private BuiltGraph written(String name) {
        List<NativeGraph> graphs = graphs();
        NativeGraph graph = graphs.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new Rejected(new Problem.BadInput("the model consists of the graphs "
                        + graphs.stream().map(NativeGraph::name).toList() + ", not of " + name)));
        return new BuiltGraph(graph.name(), graph.model().toByteArray(), graph.folder());
    }

    private List<NativeGraph> graphs() {
        Precision precision = precision();
        try {
            Config config = Config.of(folder.config().tree());
            SafeTensors weights = SafeTensors.in(folder.path());
            return precision == Precision.STORED
                    ? NativeModels.graphs(config, weights)
                    : NativeModels.graphs(config, weights, precision, cache());
        } catch (IOException e) {
            throw new Rejected(new Problem.BadInput("the weights cannot be read: " + e.getMessage()), e);
        }
    }

    /** Formats are those of exports: the nearest that the weights can be packed into. */
    private Precision precision() {
        return switch (folder.format()) {
            case FP32, FP16 -> Precision.STORED;
            case Q8, INT8, UINT8 -> Precision.Q8;
            case Q4, Q4F16, BNB4, Q2, Q2F16, Q1, Q1F16 -> Precision.Q4;
        };
    }

    private Path cache() {
        return options.cache()
                .orElseThrow(() -> new Rejected(new Problem.BadInput("weights are packed into "
                        + folder.format().word() + " in the engine's cache, and no folder is set for it")));
    }
}
