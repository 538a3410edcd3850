package mata.reader;

import mata.image.Frame;

/** Turns an encoded picture into pixels. Called by several threads at once. */
@FunctionalInterface
public interface PictureDecoder {

    /** @throws mata.problem.Rejected BadInput for what is no picture, or has more than {@code maxPixels} */
    Frame decode(byte[] picture, long maxPixels);
}
