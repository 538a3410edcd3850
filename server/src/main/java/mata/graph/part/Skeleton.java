package mata.graph.part;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.WireFormat;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import mata.graph.onnx.GraphProto;
import mata.graph.onnx.ModelProto;
import mata.graph.onnx.StringStringEntryProto;
import mata.graph.onnx.TensorProto;

/**
 * A graph's file without its weights: each large initialiser becomes external data at its own byte range of that same file, so
 * that hundreds of megabytes are neither read nor held.
 */
final class Skeleton {

    /** Smaller initialisers stay inside: shapes and axes, which the runtime wants to see. */
    private static final int SMALL = 4096;

    private final String file;

    private Skeleton(String file) {
        this.file = file;
    }

    /** @throws IOException where the file cannot be read, or is no protobuf message */
    static ModelProto read(Path graph) throws IOException {
        try (InputStream stream = new BufferedInputStream(Files.newInputStream(graph))) {
            var in = CodedInputStream.newInstance(stream);
            var model = ModelProto.newBuilder();
            new Skeleton(graph.getFileName().toString()).model(in, model);
            return model.build();
        }
    }

    private void model(CodedInputStream in, ModelProto.Builder model) throws IOException {
        var rest = UnknownFieldSet.newBuilder();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == ModelProto.GRAPH_FIELD_NUMBER) {
                int limit = in.pushLimit(in.readRawVarint32());
                graph(in, model.getGraphBuilder());
                in.popLimit(limit);
            } else {
                rest.mergeFieldFrom(tag, in);
            }
        }
        model.mergeFrom(rest.build().toByteString());
    }

    private void graph(CodedInputStream in, GraphProto.Builder graph) throws IOException {
        var rest = UnknownFieldSet.newBuilder();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == GraphProto.INITIALIZER_FIELD_NUMBER) {
                int limit = in.pushLimit(in.readRawVarint32());
                graph.addInitializer(initializer(in));
                in.popLimit(limit);
            } else {
                rest.mergeFieldFrom(tag, in);
            }
        }
        graph.mergeFrom(rest.build().toByteString());
    }

    private TensorProto initializer(CodedInputStream in) throws IOException {
        var rest = UnknownFieldSet.newBuilder();
        var tensor = TensorProto.newBuilder();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == TensorProto.RAW_DATA_FIELD_NUMBER) {
                rawData(in, tensor);
            } else {
                rest.mergeFieldFrom(tag, in);
            }
        }
        return tensor.mergeFrom(rest.build().toByteString()).build();
    }

    private void rawData(CodedInputStream in, TensorProto.Builder tensor) throws IOException {
        int length = in.readRawVarint32();
        if (length <= SMALL) {
            tensor.setRawData(ByteString.copyFrom(in.readRawBytes(length)));
            return;
        }
        tensor.setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(entry("location", file))
                .addExternalData(entry("offset", String.valueOf(in.getTotalBytesRead())))
                .addExternalData(entry("length", String.valueOf(length)));
        in.skipRawBytes(length);
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }
}
