package mata.vision;

import mata.engine.Tensors;

/** A frame as the graph wants it, and what the way back needs. */
public record Prepared<C>(Tensors inputs, C context) {}
