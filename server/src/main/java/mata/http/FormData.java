package mata.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import mata.problem.Problem;
import mata.problem.Rejected;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.http.MultiPartConfig;
import org.eclipse.jetty.http.MultiPartFormData;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Attributes;

/** Reads a {@code multipart/form-data} body that is in memory; no file is ever written. */
final class FormData {

    private static final int MOST_PARTS = 64;

    private FormData() {}

    /** A part that holds a file. */
    @SuppressWarnings("ArrayRecordComponent") // a picture, never compared
    record File(byte[] bytes) {

        @Override
        public String toString() {
            return "<file of " + bytes.length + " bytes>";
        }
    }

    /**
     * @param contentType the request's, with its boundary
     * @param files names of the fields that hold files, whether or not the sender named a file
     * @return name to text or {@link File}, in the order sent
     * @throws Rejected BadInput when this is not a form, or names a field twice
     */
    static Map<String, Object> read(String contentType, byte[] body, Set<String> files) {
        var config = new MultiPartConfig.Builder()
                .maxParts(MOST_PARTS)
                .maxMemoryPartSize(-1)
                .maxPartSize(-1)
                .maxSize(-1)
                .useFilesForPartsWithoutFileName(false)
                .build();
        Content.Source source = Content.Source.from(ByteBuffer.wrap(body));
        Map<String, Object> fields = new LinkedHashMap<>();
        try (var parts = MultiPartFormData.getParts(source, new Attributes.Mapped(), contentType, config)) {
            for (MultiPart.Part part : parts) {
                boolean file = part.getFileName() != null || files.contains(part.getName());
                Object value = file ? new File(bytes(part)) : part.getContentAsString(StandardCharsets.UTF_8);
                if (fields.put(part.getName(), value) != null) {
                    throw new Rejected(new Problem.BadInput("The form gives '" + part.getName() + "' twice"));
                }
            }
        } catch (Rejected rejected) {
            throw rejected;
        } catch (RuntimeException e) {
            throw new Rejected(new Problem.BadInput("The form cannot be read: " + reason(e)), e);
        }
        return fields;
    }

    private static byte[] bytes(MultiPart.Part part) {
        try {
            ByteBuffer content = Content.Source.asByteBuffer(part.getContentSource());
            byte[] bytes = new byte[content.remaining()];
            content.get(bytes);
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException("bytes in memory cannot fail to be read", e);
        }
    }

    private static String reason(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}
