package mata.benchmarks;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/**
 * Sends the same request over one kept connection. On two cores the caller shares them with the server, so it does as
 * little as can be: ready-made bytes out, status and length of the answer in.
 */
final class HttpCaller implements Load.Caller {

    private final Socket socket;
    private final OutputStream out;
    private final InputStream in;
    private final byte[] request;

    HttpCaller(int port, byte[] request) throws IOException {
        this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
        this.socket.setTcpNoDelay(true);
        this.out = socket.getOutputStream();
        this.in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        this.request = request;
    }

    /** The picture as raw body: the cheapest form. */
    static byte[] rawRequest(String model, byte[] picture, String contentType) {
        return request("/v1/infer?model=" + model, contentType, picture);
    }

    /** The picture as base64 in JSON: the page's form. */
    static byte[] jsonRequest(String model, byte[] picture) {
        String body = "{\"model\":\"" + model + "\",\"image\":\""
                + Base64.getEncoder().encodeToString(picture) + "\"}";
        return request("/v1/infer", "application/json", body.getBytes(StandardCharsets.US_ASCII));
    }

    static byte[] request(String path, String contentType, byte[] body) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + contentType
                        + "\r\nContent-Length: " + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        bytes.writeBytes(body);
        return bytes.toByteArray();
    }

    @Override
    public void ask() throws IOException {
        out.write(request);
        String status = line();
        int length = 0;
        for (String header = line(); !header.isEmpty(); header = line()) {
            if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(header.substring(15).strip());
            }
        }
        byte[] body = in.readNBytes(length);
        if (!status.contains(" 20")) {
            throw new IOException(status + ": " + new String(body, StandardCharsets.UTF_8));
        }
    }

    private String line() throws IOException {
        var line = new StringBuilder(64);
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the server closed the connection");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
