package mata.image;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadataFormatImpl;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.MemoryCacheImageInputStream;
import mata.picture.PictureFormat;
import mata.picture.PictureHeader;
import mata.problem.Problem;
import mata.problem.Rejected;
import org.jspecify.annotations.Nullable;

/** The JDK's decoders, for pictures whose alpha OpenCV would blend into the colours. Slow; gives the stored orientation. */
final class JdkDecoder {

    private static final String GIF_METADATA = "javax_imageio_gif_image_1.0";

    private JdkDecoder() {}

    static Frame decode(byte[] encoded, PictureHeader header) {
        ImageReader reader =
                ImageIO.getImageReadersByFormatName(header.format().name()).next();
        try (var in = new MemoryCacheImageInputStream(new ByteArrayInputStream(encoded))) {
            reader.setInput(in);
            refuseJpegInTiff(reader, header);
            BufferedImage first = reader.read(0);
            return header.format() == PictureFormat.GIF && first.getColorModel() instanceof IndexColorModel palette
                    ? onScreen(first.getRaster(), palette, reader, header)
                    : opaque(first.getRGB(0, 0, first.getWidth(), first.getHeight(), null, 0, first.getWidth()), first);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            reader.dispose();
        }
    }

    /** The JDK takes the four channels for something else there. */
    private static void refuseJpegInTiff(ImageReader reader, PictureHeader header) throws IOException {
        if (header.format() != PictureFormat.TIFF) {
            return;
        }
        IIOMetadataNode compression =
                node(reader, IIOMetadataFormatImpl.standardMetadataFormatName, "CompressionTypeName");
        if (compression != null && compression.getAttribute("value").contains("JPEG")) {
            throw new Rejected(new Problem.BadInput(
                    "a TIFF with alpha and JPEG compression cannot be decoded: save it without alpha"));
        }
    }

    private static @Nullable IIOMetadataNode node(ImageReader reader, String format, String name) throws IOException {
        var root = (IIOMetadataNode) reader.getImageMetadata(0).getAsTree(format);
        return (IIOMetadataNode) root.getElementsByTagName(name).item(0);
    }

    private static Frame opaque(int[] argb, BufferedImage image) {
        var rgb = new byte[3 * argb.length];
        for (int i = 0; i < argb.length; i++) {
            put(argb[i], rgb, 3 * i);
        }
        return new Frame(image.getWidth(), image.getHeight(), rgb);
    }

    /** A GIF's first frame may cover only a part of the screen; the rest shows the transparent entry's colour, as in the reference. */
    private static Frame onScreen(Raster first, IndexColorModel palette, ImageReader reader, PictureHeader header)
            throws IOException {
        IIOMetadataNode place = Objects.requireNonNull(node(reader, GIF_METADATA, "ImageDescriptor"));
        int left = Integer.parseInt(place.getAttribute("imageLeftPosition"));
        int top = Integer.parseInt(place.getAttribute("imageTopPosition"));
        int background = Math.max(0, palette.getTransparentPixel());
        var rgb = new byte[3 * header.width() * header.height()];
        for (int y = 0; y < header.height(); y++) {
            for (int x = 0; x < header.width(); x++) {
                boolean covered = x >= left && x < left + first.getWidth() && y >= top && y < top + first.getHeight();
                int entry = covered ? first.getSample(x - left, y - top, 0) : background;
                put(palette.getRGB(entry), rgb, 3 * (y * header.width() + x));
            }
        }
        return new Frame(header.width(), header.height(), rgb);
    }

    private static void put(int argb, byte[] rgb, int at) {
        rgb[at] = (byte) (argb >> 16);
        rgb[at + 1] = (byte) (argb >> 8);
        rgb[at + 2] = (byte) argb;
    }
}
