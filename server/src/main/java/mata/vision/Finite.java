package mata.vision;

import java.util.function.Predicate;
import mata.engine.Tensor;
import mata.engine.Tensors;
import mata.problem.Problem;
import mata.problem.Rejected;

/** Guards answers against what is no number. */
final class Finite {

    private Finite() {}

    /**
     * @param mayBeInfinite outputs in which infinity has a meaning
     * @throws Rejected with {@code Broken} naming the output that holds NaN or infinity
     */
    static void check(Tensors outputs, Predicate<String> mayBeInfinite) {
        outputs.asMap().forEach((name, tensor) -> {
            if (tensor instanceof Tensor.Floats floats && !isSound(floats.array(), mayBeInfinite.test(name))) {
                throw new Rejected(new Problem.Broken("the model's output " + name
                        + " holds NaN or infinity: its weights or their number format are unsound"));
            }
        });
    }

    private static boolean isSound(float[] values, boolean mayBeInfinite) {
        for (float value : values) {
            if (mayBeInfinite ? Float.isNaN(value) : !Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }
}
