package mata.image;

import mata.result.Box;

/**
 * How a source picture was fitted into a model's input without changing its proportions, and the way back.
 *
 * @param scale input pixels a source pixel
 * @param padX columns of filling to the left
 * @param padY rows of filling above
 * @param width of the resized picture, without filling
 * @param height of the resized picture, without filling
 * @param inputWidth of the model's input
 * @param inputHeight of the model's input
 */
public record Letterbox(double scale, int padX, int padY, int width, int height, int inputWidth, int inputHeight) {

    /** YOLO's (spec 5.3): sizes rounded, in the middle, an odd row or column of filling below or to the right. */
    public static Letterbox yolo(int width, int height, int inputWidth, int inputHeight) {
        double scale = scale(width, height, inputWidth, inputHeight);
        int toWidth = Math.max(1, (int) Math.rint(width * scale));
        int toHeight = Math.max(1, (int) Math.rint(height * scale));
        int padX = (int) Math.rint((inputWidth - toWidth) / 2.0 - 0.1);
        int padY = (int) Math.rint((inputHeight - toHeight) / 2.0 - 0.1);
        return new Letterbox(scale, padX, padY, toWidth, toHeight, inputWidth, inputHeight);
    }

    /** YOLOX's (spec 5.5): sizes truncated, in the top left corner. */
    public static Letterbox topLeft(int width, int height, int inputWidth, int inputHeight) {
        double scale = scale(width, height, inputWidth, inputHeight);
        int toWidth = Math.max(1, (int) (width * scale));
        int toHeight = Math.max(1, (int) (height * scale));
        return new Letterbox(scale, 0, 0, toWidth, toHeight, inputWidth, inputHeight);
    }

    /**
     * Sizes truncated (what is whole but for float noise stays whole), in the middle, an odd row or column of filling below
     * or to the right: the {@code pad_position: center} of MoveNet's files.
     */
    public static Letterbox centred(int width, int height, int inputWidth, int inputHeight) {
        double scale = scale(width, height, inputWidth, inputHeight);
        int toWidth = Math.max(1, (int) (width * scale + 1e-6));
        int toHeight = Math.max(1, (int) (height * scale + 1e-6));
        return new Letterbox(
                scale,
                (inputWidth - toWidth) / 2,
                (inputHeight - toHeight) / 2,
                toWidth,
                toHeight,
                inputWidth,
                inputHeight);
    }

    private static double scale(int width, int height, int inputWidth, int inputHeight) {
        return Math.min((double) inputHeight / height, (double) inputWidth / width);
    }

    /** The model's input: {@code resized}, which has this letterbox's width and height, with filling around it. */
    public Frame place(Frame resized, int filling) {
        return Pixels.pad(resized, padY, inputHeight - height - padY, padX, inputWidth - width - padX, filling);
    }

    /** From pixels of the model's input to pixels of the source; not clipped. */
    public Box toSource(Box box) {
        return new Box(sourceX(box.x1()), sourceY(box.y1()), sourceX(box.x2()), sourceY(box.y2()));
    }

    public float sourceX(float x) {
        return (float) ((x - padX) / scale);
    }

    public float sourceY(float y) {
        return (float) ((y - padY) / scale);
    }
}
