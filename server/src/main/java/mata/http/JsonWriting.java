package mata.http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** A JSON value that writes itself, piece by piece, so that no answer ever exists as one large text. */
@FunctionalInterface
interface JsonWriting {

    void to(JsonGenerator out) throws IOException;
}
