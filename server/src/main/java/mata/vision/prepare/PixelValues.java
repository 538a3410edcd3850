package mata.vision.prepare;

import mata.engine.Tensor;

/** A picture as a graph takes it, {@code [1, 3, height, width]}, and where in it the picture lies. */
public record PixelValues(Tensor.Floats tensor, Placement placement) {}
