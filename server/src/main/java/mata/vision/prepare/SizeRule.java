package mata.vision.prepare;

/** What size a picture is resized to: the forms of {@code size} (spec 3.3), each rounded as its reference rounds. */
@FunctionalInterface
public interface SizeRule {

    Size of(Size picture);

    static SizeRule exactly(int height, int width) {
        var size = new Size(height, width);
        return _ -> size;
    }

    static SizeRule shortestEdge(int side) {
        return picture -> picture.oriented(side, (int) ((long) side * picture.longer() / picture.shorter()));
    }

    /** DETR's: the shorter side becomes {@code side}, unless the longer one would pass {@code longest}. */
    static SizeRule shortestEdge(int side, int longest) {
        return picture -> {
            double raw = side;
            int shorter = side;
            if ((double) picture.longer() / picture.shorter() * side > longest) {
                raw = (double) longest * picture.shorter() / picture.longer();
                shorter = (int) Math.rint(raw);
            }
            if (picture.shorter() == shorter) {
                return picture;
            }
            return picture.oriented(shorter, (int) (raw * picture.longer() / picture.shorter()));
        };
    }

    /** MaskFormer's way to the same end. */
    static SizeRule shortestEdgeTruncated(int side, int longest) {
        return picture -> {
            int longer = (int) ((long) side * picture.longer() / picture.shorter());
            return longer > longest
                    ? picture.oriented((int) ((long) longest * side / longer), longest)
                    : picture.oriented(side, longer);
        };
    }

    /** SAM's: the longer side becomes {@code side}. */
    static SizeRule longestEdge(int side) {
        return picture -> {
            double scale = (double) side / picture.longer();
            return new Size((int) (picture.height() * scale + 0.5), (int) (picture.width() * scale + 0.5));
        };
    }

    static SizeRule within(int maxHeight, int maxWidth) {
        return picture -> {
            double scale = Math.min((double) maxHeight / picture.height(), (double) maxWidth / picture.width());
            return new Size((int) (picture.height() * scale), (int) (picture.width() * scale));
        };
    }

    /** GLPN's: no scaling but down to whole multiples. */
    static SizeRule floorTo(int multiple) {
        return exactlyAsIs().downTo(multiple);
    }

    /** DPT's {@code keep_aspect_ratio}: both sides by that one of the two scales which changes less. */
    static SizeRule nearerScale(int height, int width, int multiple) {
        return picture -> {
            double scaleHeight = (double) height / picture.height();
            double scaleWidth = (double) width / picture.width();
            double scale = Math.abs(1 - scaleWidth) < Math.abs(1 - scaleHeight) ? scaleWidth : scaleHeight;
            return new Size(roundTo(multiple, scale * picture.height()), roundTo(multiple, scale * picture.width()));
        };
    }

    static SizeRule exactlyAsIs() {
        return picture -> picture;
    }

    private static int roundTo(int multiple, double side) {
        return (int) Math.rint(side / multiple) * multiple;
    }

    /** Then each side down to a multiple: YOLOS by 16. */
    default SizeRule downTo(int multiple) {
        return picture -> {
            Size size = of(picture);
            return new Size(size.height() / multiple * multiple, size.width() / multiple * multiple);
        };
    }

    /** Then each side stretched up to a multiple: MaskFormer; 0 = off. */
    default SizeRule upTo(int multiple) {
        return multiple == 0
                ? this
                : picture -> {
                    Size size = of(picture);
                    return new Size(
                            Math.ceilDiv(size.height(), multiple) * multiple,
                            Math.ceilDiv(size.width(), multiple) * multiple);
                };
    }
}
