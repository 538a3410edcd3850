package mata.picture;

import java.util.HexFormat;
import java.util.Locale;

/** Names what was sent instead of a picture. */
final class Stranger {

    private static final String WANTED = "send JPEG, PNG, WebP, BMP, GIF or TIFF";
    private static final int SHOWN = 4;
    private static final int LOOKED_AT = 512;

    private Stranger() {}

    /** A sentence for whoever sent {@code bytes}. */
    static String describe(ByteSpan bytes) {
        if (bytes.length() == 0) {
            return "not a picture: it is empty";
        }
        String name = name(bytes);
        ByteSpan first = bytes.part(0, SHOWN);
        String hex = HexFormat.ofDelimiter(" ")
                .withUpperCase()
                .formatHex(first.bytes(), first.from(), first.from() + first.length());
        return "not a picture%s: the first bytes are %s%s; %s"
                .formatted(
                        isPicture(name) ? " that this server reads" : "",
                        hex,
                        name.isEmpty() ? "" : " (" + name + ")",
                        WANTED);
    }

    private static boolean isPicture(String name) {
        return switch (name) {
            case "HEIC", "AVIF", "JPEG XL", "JPEG 2000", "SVG", "Photoshop", "BigTIFF", "icon" -> true;
            default -> false;
        };
    }

    private static String name(ByteSpan bytes) {
        if (bytes.holds(4, "ftyp")) {
            return switch (bytes.part(8, 4).ascii()) {
                case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1" -> "HEIC";
                case "avif", "avis" -> "AVIF";
                default -> "MP4 or QuickTime film";
            };
        }
        if (bytes.startsWith('%', 'P', 'D', 'F')) {
            return "PDF";
        }
        if (bytes.startsWith(0xff, 0x0a) || bytes.startsWith(0, 0, 0, 12, 'J', 'X', 'L', ' ')) {
            return "JPEG XL";
        }
        if (bytes.startsWith(0, 0, 0, 12, 'j', 'P', ' ', ' ') || bytes.startsWith(0xff, 0x4f, 0xff, 0x51)) {
            return "JPEG 2000";
        }
        if (bytes.startsWith('8', 'B', 'P', 'S')) {
            return "Photoshop";
        }
        if (bytes.startsWith('I', 'I', 43, 0) || bytes.startsWith('M', 'M', 0, 43)) {
            return "BigTIFF";
        }
        if (bytes.startsWith(0, 0, 1, 0)) {
            return "icon";
        }
        if (bytes.startsWith(0x1a, 0x45, 0xdf, 0xa3)) {
            return "Matroska or WebM film";
        }
        if (bytes.startsWith('P', 'K', 3, 4)) {
            return "ZIP";
        }
        if (bytes.startsWith(0x1f, 0x8b)) {
            return "gzip";
        }
        if (bytes.startsWith('R', 'I', 'F', 'F')) {
            return "RIFF, but not WebP";
        }
        return text(bytes.part(0, LOOKED_AT).ascii());
    }

    /** Nothing for what is no text. */
    private static String text(String start) {
        if (!start.chars().allMatch(c -> (c >= ' ' && c != 0x7f) || c == '\n' || c == '\r' || c == '\t')) {
            return "";
        }
        String trimmed = start.strip().toLowerCase(Locale.ROOT);
        if (trimmed.contains("<svg")) {
            return "SVG";
        }
        if (trimmed.startsWith("<!doctype html") || trimmed.startsWith("<html")) {
            return "HTML";
        }
        if (trimmed.startsWith("data:image/")) {
            return "a data URL";
        }
        if (start.startsWith("/9j/") || start.startsWith("iVBORw0") || start.startsWith("UklGR")) {
            return "base64 text, still encoded";
        }
        return trimmed.startsWith("{") || trimmed.startsWith("[") ? "JSON" : "text";
    }
}
