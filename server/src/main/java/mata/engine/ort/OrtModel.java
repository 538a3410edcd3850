package mata.engine.ort;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import mata.engine.ElementType;
import mata.engine.LoadedModel;
import mata.engine.Signature;
import mata.engine.Signature.Port;
import mata.engine.Tensor;
import mata.engine.Tensors;
import mata.problem.Problem;
import mata.problem.Rejected;

/** One session. Runs may overlap; closing waits for them. */
final class OrtModel implements LoadedModel {

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final Path graph;
    private final Signature signature;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean closed; // guarded by lock

    private OrtModel(OrtEnvironment environment, OrtSession session, Path graph, Signature signature) {
        this.environment = environment;
        this.session = session;
        this.graph = graph;
        this.signature = signature;
    }

    /** Owns the session from here on, even when this fails. */
    static OrtModel of(OrtEnvironment environment, OrtSession session, Path graph) throws OrtException {
        try {
            var signature = new Signature(
                    ports(session.getInputInfo()),
                    ports(session.getOutputInfo()),
                    session.getMetadata().getCustomMetadata());
            return new OrtModel(environment, session, graph, signature);
        } catch (OrtException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private static List<Port> ports(Map<String, NodeInfo> nodes) {
        List<Port> ports = new ArrayList<>();
        nodes.forEach((name, node) -> {
            if (!(node.getInfo() instanceof TensorInfo info)) {
                throw new Rejected(new Problem.BadInput(name + " is no tensor but " + node.getInfo()));
            }
            ports.add(new Port(name, elementType(name, info.type), info.getShape()));
        });
        return ports;
    }

    private static ElementType elementType(String name, OnnxJavaType type) {
        return switch (type) {
            case FLOAT -> ElementType.FLOAT;
            case FLOAT16 -> ElementType.FLOAT16;
            case INT64 -> ElementType.INT64;
            case INT32 -> ElementType.INT32;
            case BOOL -> ElementType.BOOL;
            case UINT8 -> ElementType.UINT8;
            case DOUBLE, INT8, INT16, STRING, BFLOAT16, UNKNOWN ->
                throw new Rejected(
                        new Problem.BadInput(name + " holds " + type + ", which this server does not speak"));
        };
    }

    @Override
    public Signature signature() {
        return signature;
    }

    @Override
    public Tensors run(Tensors inputs) {
        lock.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException(graph.getFileName() + " is closed");
            }
            return runOpen(inputs);
        } catch (OrtException e) {
            throw OrtFault.running(graph, e);
        } finally {
            lock.readLock().unlock();
        }
    }

    private Tensors runOpen(Tensors inputs) throws OrtException {
        Map<String, OnnxTensor> given = new LinkedHashMap<>();
        try {
            for (Port port : signature.inputs()) {
                if (inputs.has(port.name())) {
                    given.put(port.name(), Conversion.toNative(environment, port, inputs.get(port.name())));
                }
            }
            try (OrtSession.Result outputs = session.run(given)) {
                return copy(outputs);
            }
        } finally {
            given.values().forEach(OnnxTensor::close);
        }
    }

    private static Tensors copy(OrtSession.Result outputs) {
        Map<String, Tensor> copies = new LinkedHashMap<>();
        for (Map.Entry<String, OnnxValue> output : outputs) {
            if (output.getValue() instanceof OnnxTensor tensor) {
                copies.put(output.getKey(), Conversion.toHeap(tensor));
            }
        }
        return new Tensors(copies);
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                session.close();
            }
        } catch (OrtException e) {
            throw OrtFault.running(graph, e);
        } finally {
            lock.writeLock().unlock();
        }
    }
}
