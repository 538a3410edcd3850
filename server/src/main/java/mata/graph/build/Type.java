package mata.graph.build;

import mata.graph.onnx.TensorProto;

/** What the elements of a value are while a graph runs. Weights stored in other types are cast where they enter. */
public enum Type {
    FLOAT(TensorProto.DataType.FLOAT),
    INT64(TensorProto.DataType.INT64),
    INT32(TensorProto.DataType.INT32),
    BOOL(TensorProto.DataType.BOOL);

    private final TensorProto.DataType onnx;

    Type(TensorProto.DataType onnx) {
        this.onnx = onnx;
    }

    int number() {
        return onnx.getNumber();
    }
}
