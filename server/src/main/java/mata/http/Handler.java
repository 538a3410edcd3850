package mata.http;

import java.io.IOException;

/** Answers one request. Blocks as it likes: it has a virtual thread of its own. */
@FunctionalInterface
interface Handler {

    /**
     * @throws mata.problem.Rejected what is wrong with the request; the listener answers it
     * @throws IOException when the connection broke; nobody is left to answer
     */
    void handle(Exchange exchange) throws IOException, InterruptedException;
}
