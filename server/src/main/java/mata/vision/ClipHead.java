package mata.vision;

import java.util.Map;
import mata.engine.LoadedModel;
import mata.engine.Tensor;
import mata.engine.Tensors;

/** How well a picture's vector fits each text's. */
@FunctionalInterface
interface ClipHead {

    /**
     * @param picture {@code [1, size]}
     * @param texts {@code [texts, size]}
     * @return a logit for each text
     */
    float[] logits(Tensor.Floats picture, Tensor.Floats texts);

    /** The end of the whole graph, with the scale that was trained. */
    static ClipHead of(LoadedModel model) {
        return (picture, texts) -> {
            Tensors outputs = model.run(new Tensors(Map.of("image_embeds", picture, "text_embeds", texts)));
            Finite.check(outputs, _ -> false);
            return outputs.floats("logits_per_image").array();
        };
    }

    /** Where only the two halves were exported: the scale is what the user says it is. */
    static ClipHead of(double scale, double bias) {
        return (picture, texts) -> {
            float[] one = picture.array();
            float[] all = texts.array();
            var logits = new float[texts.dimension(0)];
            double length = Math.sqrt(dot(one, one, 0));
            for (int i = 0; i < logits.length; i++) {
                int from = i * one.length;
                double other = 0;
                for (int j = 0; j < one.length; j++) {
                    other += (double) all[from + j] * all[from + j];
                }
                logits[i] = (float) (scale * dot(one, all, from) / (length * Math.sqrt(other)) + bias);
            }
            return logits;
        };
    }

    private static double dot(float[] one, float[] all, int from) {
        double sum = 0;
        for (int j = 0; j < one.length; j++) {
            sum += (double) one[j] * all[from + j];
        }
        return sum;
    }
}
