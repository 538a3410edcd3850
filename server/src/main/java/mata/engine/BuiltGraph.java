package mata.engine;

import java.nio.file.Path;

/**
 * A graph that was written in memory, over weights that stay in files.
 *
 * @param name for messages
 * @param model an ONNX ModelProto; not to be changed
 * @param folder what the locations of its external data are relative to: a real folder with real files, no symbolic links
 */
@SuppressWarnings("ArrayRecordComponent") // handed to the runtime as it is
public record BuiltGraph(String name, byte[] model, Path folder) {}
