package mata.engine;

/** Types of tensor elements that our graphs use. FLOAT16 tensors cross the contract as FLOAT: the engine converts. */
public enum ElementType {
    FLOAT,
    FLOAT16,
    INT64,
    INT32,
    BOOL,
    UINT8
}
