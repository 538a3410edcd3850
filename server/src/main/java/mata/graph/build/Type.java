package mata.graph.build;

import java.util.Optional;
import mata.graph.onnx.TensorProto;
import mata.safetensors.StoredType;

/** What the elements of a value are while a graph runs. Weights stored in other types are cast where they enter. */
public enum Type {
    FLOAT(TensorProto.DataType.FLOAT),
    /** Only where a table is looked up before its rows are cast. */
    FLOAT16(TensorProto.DataType.FLOAT16),
    /** As {@link #FLOAT16}. */
    BFLOAT16(TensorProto.DataType.BFLOAT16),
    /** As {@link #FLOAT16}. */
    DOUBLE(TensorProto.DataType.DOUBLE),
    INT64(TensorProto.DataType.INT64),
    INT32(TensorProto.DataType.INT32),
    BOOL(TensorProto.DataType.BOOL),
    /** Packed weights. */
    UINT8(TensorProto.DataType.UINT8);

    private final TensorProto.DataType onnx;

    Type(TensorProto.DataType onnx) {
        this.onnx = onnx;
    }

    /** Weights of other types have no use here. */
    static Optional<Type> of(StoredType stored) {
        return switch (stored) {
            case F32 -> Optional.of(FLOAT);
            case F16 -> Optional.of(FLOAT16);
            case BF16 -> Optional.of(BFLOAT16);
            case F64 -> Optional.of(DOUBLE);
            case I64 -> Optional.of(INT64);
            case U8 -> Optional.of(UINT8);
            default -> Optional.empty();
        };
    }

    boolean isReal() {
        return this == FLOAT || this == FLOAT16 || this == BFLOAT16 || this == DOUBLE;
    }

    int number() {
        return onnx.getNumber();
    }
}
