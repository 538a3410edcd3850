package mata.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A certificate chain and its private key as PEM files: what other servers take, made into what Java takes. */
final class PemFiles {

    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE[ ]KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE[ ]KEY-----");

    private PemFiles() {}

    /**
     * @param certificate the server's certificate first, then those that vouch for it
     * @param key in PKCS #8, not encrypted
     * @throws IllegalArgumentException when a file does not hold what it should, naming the file
     * @throws UncheckedIOException when a file cannot be read
     */
    static KeyStore keyStore(Path certificate, Path key) {
        Certificate[] chain = certificates(certificate);
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            PrivateKey secret = privateKey(key, chain[0].getPublicKey().getAlgorithm());
            requirePair(chain[0], certificate, secret, key);
            store.setKeyEntry("server", secret, new char[0], chain);
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("cannot use the key in " + key + ": " + e.getMessage(), e);
        }
    }

    private static Certificate[] certificates(Path file) {
        try (var in = new ByteArrayInputStream(read(file))) {
            Collection<? extends Certificate> chain =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (chain.isEmpty()) {
                throw new IllegalArgumentException("no certificate in " + file);
            }
            return chain.toArray(Certificate[]::new);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("no certificate that can be used in " + file + ": " + e.getMessage(), e);
        }
    }

    /** @param algorithm the certificate's: a key of another kind cannot belong to it */
    private static PrivateKey privateKey(Path file, String algorithm) throws GeneralSecurityException {
        String text = new String(read(file), StandardCharsets.US_ASCII);
        Matcher key = KEY.matcher(text);
        if (!key.find()) {
            throw new IllegalArgumentException("no unencrypted PKCS #8 key in " + file
                    + "; convert it with: openssl pkcs8 -topk8 -nodes -in old.pem -out new.pem");
        }
        byte[] der = Base64.getMimeDecoder().decode(key.group(1));
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
    }

    /** Signs with the one and verifies with the other, so that a mix-up shows at start and not at the first caller. */
    private static void requirePair(Certificate certificate, Path certificateFile, PrivateKey key, Path keyFile)
            throws GeneralSecurityException {
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        byte[] message = "mataserver".getBytes(StandardCharsets.US_ASCII);
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(message);
        byte[] signed = signature.sign();
        signature.initVerify(certificate);
        signature.update(message);
        if (!signature.verify(signed)) {
            throw new IllegalArgumentException(
                    "the key in " + keyFile + " does not belong to the certificate in " + certificateFile);
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
