package mata.folder;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One walk over a ModelProto, field by field (numbers as in onnx.proto). It goes into graphs inside nodes too, since weights
 * lie there as well, and past everything large.
 */
final class GraphWalk {

    /** Graphs within graphs, as branches and loops hold them; the published ones have two or three levels. */
    private static final int DEEPEST = 16;

    private static final List<String> TYPES = List.of(
            "undefined",
            "float",
            "uint8",
            "int8",
            "uint16",
            "int16",
            "int32",
            "int64",
            "string",
            "bool",
            "float16",
            "double",
            "uint32",
            "uint64",
            "complex64",
            "complex128",
            "bfloat16");

    private final List<GraphHeader.Port> inputs = new ArrayList<>();
    private final List<GraphHeader.Port> outputs = new ArrayList<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final Set<String> externalData = new HashSet<>();
    private final Set<String> initializers = new HashSet<>();
    private int depth;

    /** Reads one field's value; says whether it did, else the field is skipped. */
    private interface Field {
        boolean read(int number, CodedInputStream in) throws IOException;
    }

    Optional<GraphHeader> walk(CodedInputStream in) throws IOException {
        fields(in, (number, model) -> switch (number) {
            case 7 -> message(model, this::graph);
            case 14 -> message(model, this::metadataEntry);
            default -> false;
        });
        // Before IR version 4 weights were listed among the inputs as well.
        inputs.removeIf(port -> initializers.contains(port.name()));
        return outputs.isEmpty()
                ? Optional.empty()
                : Optional.of(new GraphHeader(inputs, outputs, metadata, externalData));
    }

    private void graph(CodedInputStream in) throws IOException {
        if (++depth > DEEPEST) {
            throw new InvalidProtocolBufferException("graphs are nested too deeply");
        }
        boolean outermost = depth == 1;
        fields(in, (number, graph) -> switch (number) {
            case 1 -> message(graph, this::node);
            case 5 -> message(graph, this::tensor);
            case 11 -> outermost && port(graph, inputs);
            case 12 -> outermost && port(graph, outputs);
            case 15 -> message(graph, this::sparseTensor);
            default -> false;
        });
        depth--;
    }

    private void node(CodedInputStream in) throws IOException {
        fields(in, (number, node) -> number == 5 && message(node, this::attribute));
    }

    private void attribute(CodedInputStream in) throws IOException {
        fields(in, (number, attribute) -> switch (number) {
            case 5, 10 -> message(attribute, this::tensor);
            case 6, 11 -> message(attribute, this::graph);
            case 22, 23 -> message(attribute, this::sparseTensor);
            default -> false;
        });
    }

    private void sparseTensor(CodedInputStream in) throws IOException {
        fields(in, (number, sparse) -> (number == 1 || number == 2) && message(sparse, this::tensor));
    }

    private void tensor(CodedInputStream in) throws IOException {
        fields(in, (number, tensor) -> switch (number) {
            case 8 -> {
                initializers.add(tensor.readStringRequireUtf8());
                yield true;
            }
            case 13 -> message(tensor, this::externalDataEntry);
            default -> false;
        });
    }

    private void externalDataEntry(CodedInputStream in) throws IOException {
        pair(in, (key, value) -> {
            if (key.equals("location")) {
                externalData.add(value);
            }
        });
    }

    private void metadataEntry(CodedInputStream in) throws IOException {
        pair(in, metadata::put);
    }

    private boolean port(CodedInputStream in, List<GraphHeader.Port> ports) throws IOException {
        var port = new PortBuilder();
        message(in, port::read);
        return ports.add(port.build());
    }

    private static final class PortBuilder {

        private String name = "";
        private String type = "other";
        private final List<Long> shape = new ArrayList<>();

        void read(CodedInputStream in) throws IOException {
            fields(in, (number, info) -> switch (number) {
                case 1 -> {
                    name = info.readStringRequireUtf8();
                    yield true;
                }
                case 2 -> message(info, this::type);
                default -> false;
            });
        }

        private void type(CodedInputStream in) throws IOException {
            fields(in, (number, kind) -> number == 1 && message(kind, this::tensorType));
        }

        private void tensorType(CodedInputStream in) throws IOException {
            fields(in, (number, tensor) -> switch (number) {
                case 1 -> {
                    int code = tensor.readEnum();
                    type = code > 0 && code < TYPES.size() ? TYPES.get(code) : "type " + code;
                    yield true;
                }
                case 2 -> message(tensor, this::shape);
                default -> false;
            });
        }

        private void shape(CodedInputStream in) throws IOException {
            fields(in, (number, dimensions) -> number == 1 && message(dimensions, this::dimension));
        }

        private void dimension(CodedInputStream in) throws IOException {
            int index = shape.size();
            shape.add(-1L);
            fields(in, (number, dimension) -> {
                if (number != 1) {
                    return false;
                }
                shape.set(index, dimension.readInt64());
                return true;
            });
        }

        GraphHeader.Port build() {
            return new GraphHeader.Port(name, type, shape);
        }
    }

    private interface Message {
        void read(CodedInputStream in) throws IOException;
    }

    private interface Pair {
        void take(String key, String value);
    }

    private static void pair(CodedInputStream in, Pair pair) throws IOException {
        var both = new String[] {"", ""};
        fields(in, (number, entry) -> {
            if (number != 1 && number != 2) {
                return false;
            }
            both[number - 1] = entry.readStringRequireUtf8();
            return true;
        });
        pair.take(both[0], both[1]);
    }

    private static boolean message(CodedInputStream in, Message message) throws IOException {
        int limit = in.pushLimit(in.readRawVarint32());
        message.read(in);
        in.checkLastTagWas(0);
        in.popLimit(limit);
        return true;
    }

    /** All fields up to the limit in force. What we read is length-delimited, but for two numbers. */
    private static void fields(CodedInputStream in, Field field) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (!field.read(WireFormat.getTagFieldNumber(tag), in) && !in.skipField(tag)) {
                throw new InvalidProtocolBufferException("a group ends that never began");
            }
        }
    }
}
