package mata.graph.part;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import mata.graph.onnx.AttributeProto;
import mata.graph.onnx.GraphProto;
import mata.graph.onnx.ModelProto;
import mata.graph.onnx.NodeProto;
import mata.graph.onnx.StringStringEntryProto;
import mata.graph.onnx.TensorProto;
import mata.graph.onnx.ValueInfoProto;
import mata.problem.Problem;
import mata.problem.Rejected;

/**
 * An exported graph that parts can be taken from, such as the half of CLIP that looks at pictures.
 *
 * @param model without its large weights
 * @param folder what the locations of the weights are relative to: where the files really lie
 */
public record WholeGraph(ModelProto model, Path folder) {

    /** @throws Rejected with {@code BadInput} where the file or its weights cannot be read; the detail names it */
    public static WholeGraph read(Path graph) {
        try {
            Path file = graph.toRealPath();
            Path folder = Objects.requireNonNull(file.getParent(), "a file is in a folder");
            var model = Skeleton.read(file).toBuilder();
            for (TensorProto.Builder tensor : model.getGraphBuilder().getInitializerBuilderList()) {
                locate(tensor, graph, file, folder);
            }
            return new WholeGraph(model.build(), folder);
        } catch (InvalidProtocolBufferException e) {
            throw new Rejected(
                    new Problem.BadInput(graph.getFileName() + " is not an ONNX graph: " + e.getMessage()), e);
        } catch (IOException e) {
            throw new Rejected(new Problem.BadInput(graph.getFileName() + " cannot be read: " + e.getMessage()), e);
        }
    }

    /** @param model a ModelProto that was written in memory, over weights in files of the folder */
    public static WholeGraph of(byte[] model, Path folder) {
        try {
            return new WholeGraph(ModelProto.parseFrom(model), folder);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("no ModelProto", e);
        }
    }

    /** Weights that lay beside the graph already: in caches both are links, and the runtime wants the files themselves. */
    private static void locate(TensorProto.Builder tensor, Path graph, Path file, Path folder) throws IOException {
        for (StringStringEntryProto.Builder entry : tensor.getExternalDataBuilderList()) {
            if (entry.getKey().equals("location")
                    && !entry.getValue().equals(file.getFileName().toString())) {
                Path weights = graph.resolveSibling(entry.getValue()).toRealPath();
                if (!weights.startsWith(folder)) {
                    throw new Rejected(new Problem.BadInput(graph.getFileName()
                            + " wants weights from outside its folder, which is refused: " + entry.getValue()));
                }
                entry.setValue(folder.relativize(weights).toString());
            }
        }
    }

    /**
     * What some tensors are made by.
     *
     * @param name for messages
     * @param outputs tensors that the part gives, outputs of the whole
     * @param given tensors that the part takes as inputs instead of making them, outputs of the whole too
     * @return a ModelProto; of the whole's inputs it has those that it needs
     * @throws Rejected with {@code BadInput} naming what the whole does not give
     */
    public byte[] part(String name, List<String> outputs, List<String> given) {
        GraphProto whole = model.getGraph();
        Map<String, ValueInfoProto> ports = new HashMap<>();
        whole.getOutputList().forEach(port -> ports.put(port.getName(), port));
        Set<String> missing = new TreeSet<>(outputs);
        missing.addAll(given);
        missing.removeAll(ports.keySet());
        if (!missing.isEmpty()) {
            throw new Rejected(new Problem.BadInput("the graph has no outputs " + String.join(", ", missing)
                    + ": without them its " + name + " part cannot run by itself; there are "
                    + whole.getOutputList().stream()
                            .map(ValueInfoProto::getName)
                            .toList()));
        }
        Set<String> needed = needed(whole, outputs, new HashSet<>(given));
        GraphProto.Builder part = GraphProto.newBuilder().setName(name);
        whole.getNodeList().stream()
                .filter(node -> node.getOutputList().stream().anyMatch(needed::contains)
                        && node.getOutputList().stream().noneMatch(given::contains))
                .forEach(part::addNode);
        whole.getInitializerList().stream()
                .filter(tensor -> needed.contains(tensor.getName()))
                .forEach(part::addInitializer);
        whole.getSparseInitializerList().stream()
                .filter(tensor -> needed.contains(tensor.getValues().getName()))
                .forEach(part::addSparseInitializer);
        whole.getInputList().stream()
                .filter(input -> needed.contains(input.getName()))
                .forEach(part::addInput);
        given.forEach(input -> part.addInput(ports.get(input)));
        outputs.forEach(output -> part.addOutput(ports.get(output)));
        return model.toBuilder().setGraph(part).build().toByteArray();
    }

    /** All tensors on the way to the outputs, back to inputs, weights, and what is given. */
    private static Set<String> needed(GraphProto whole, Collection<String> outputs, Set<String> given) {
        Map<String, NodeProto> makers = new HashMap<>();
        whole.getNodeList().forEach(node -> node.getOutputList().forEach(output -> makers.put(output, node)));
        Set<String> needed = new HashSet<>(outputs);
        Deque<String> open = new ArrayDeque<>(outputs);
        while (!open.isEmpty()) {
            NodeProto maker = makers.get(open.pop());
            if (maker != null) {
                for (String input : inputs(maker)) {
                    if (!given.contains(input) && needed.add(input)) {
                        open.push(input);
                    }
                }
            }
        }
        return needed;
    }

    /** Its own inputs, and what graphs inside it (branches, loops) take from around them. */
    private static Set<String> inputs(NodeProto node) {
        Set<String> inputs = new HashSet<>(node.getInputList());
        for (AttributeProto attribute : node.getAttributeList()) {
            if (attribute.hasG()) {
                addInputs(attribute.getG(), inputs);
            }
            attribute.getGraphsList().forEach(graph -> addInputs(graph, inputs));
        }
        return inputs;
    }

    private static void addInputs(GraphProto graph, Set<String> inputs) {
        graph.getNodeList().forEach(node -> inputs.addAll(inputs(node)));
        graph.getOutputList().forEach(output -> inputs.add(output.getName()));
    }
}
