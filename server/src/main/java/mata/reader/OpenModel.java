package mata.reader;

import mata.vision.Pipeline;

/**
 * A model as it was loaded.
 *
 * @param family what the files turned out to be, for people to read
 * @param device where the weights lie: {@code cpu}, {@code cuda:0} …
 */
public record OpenModel(Pipeline pipeline, String family, String device) {}
