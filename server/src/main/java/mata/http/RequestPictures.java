package mata.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import mata.picture.PictureHeader;
import mata.problem.Rejected;
import org.jspecify.annotations.Nullable;

/**
 * Takes the pictures out of a request and looks at their headers, so that what is no picture, or too large a one, never
 * queues. Faults are noted in the request's fields.
 */
final class RequestPictures {

    private static final int MOST = 100;

    private final RequestFields fields;
    private final long maxPixels;

    RequestPictures(RequestFields fields, long maxPixels) {
        this.fields = fields;
        this.maxPixels = maxPixels;
    }

    /** The {@code image} or {@code images} of a JSON body. */
    List<byte[]> encoded(@Nullable Object image, @Nullable Object images) {
        if (image != null && images != null) {
            fields.complain("value_error", "images", "Send either image or images, not both", null);
            return List.of();
        }
        List<byte[]> pictures = new ArrayList<>();
        switch (images) {
            case null -> encoded(image, List.of("image"), "image").ifPresent(pictures::add);
            case List<?> list
            when list.isEmpty() || list.size() > MOST ->
                fields.complain("value_error", "images", "Send 1 to " + MOST + " images", null);
            case List<?> list -> {
                for (int i = 0; i < list.size(); i++) {
                    encoded(list.get(i), List.of("images", i), "images[" + i + "]")
                            .ifPresent(pictures::add);
                }
            }
            case Object other ->
                fields.complain("list_type", "images", "Input should be a list of base64 texts", other);
        }
        return pictures;
    }

    private Optional<byte[]> encoded(@Nullable Object value, List<Object> where, String name) {
        switch (value) {
            case null -> fields.complainOfPicture("missing", where, "Missing " + name + " field");
            case EncodedPicture text
            when text.isEmpty() -> fields.complainOfPicture("empty", where, "The " + name + " field is empty");
            case EncodedPicture text -> {
                try {
                    byte[] picture = text.decode();
                    look(picture, where, name);
                    return Optional.of(picture);
                } catch (IllegalArgumentException e) {
                    fields.complainOfPicture("base64", where, "Invalid base64 in " + name + ": " + e.getMessage());
                }
            }
            case Object other -> fields.complain("string_type", where, "Input should be a base64 text", other);
        }
        return Optional.empty();
    }

    /** Looks at a picture that came as it is; {@code ifEmpty} is what to say when nothing came. */
    void look(byte[] picture, List<Object> where, String name, String ifEmpty) {
        if (picture.length == 0) {
            fields.complainOfPicture("empty", where, ifEmpty);
        } else {
            look(picture, where, name);
        }
    }

    private void look(byte[] picture, List<Object> where, String name) {
        try {
            PictureHeader header = PictureHeader.read(picture);
            if (header.pixels() > maxPixels) {
                fields.complainOfPicture(
                        "too_many_pixels",
                        where,
                        "%s has %d x %d pixels; at most %d pixels are taken"
                                .formatted(name, header.width(), header.height(), maxPixels));
            }
        } catch (Rejected rejected) {
            fields.complainOfPicture(
                    "not_a_picture", where, name + ": " + rejected.problem().detail());
        }
    }
}
