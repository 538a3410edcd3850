package mata.vision;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mata.engine.Tensor;
import mata.engine.Tensors;
import mata.image.Frame;
import mata.params.Parameter;
import mata.params.Params;
import mata.params.ParamsReader;
import mata.result.Classification;
import mata.result.Result;
import mata.vision.interpret.Ranking;
import mata.vision.interpret.Scores;
import mata.vision.prepare.ImageSteps;
import mata.vision.text.Prompts;

/**
 * CLIP and SigLIP (spec 9.2): which of the prompts fits the picture. The graph here is the half that sees; what the prompts
 * say is read before, and both meet in the head.
 *
 * @param softmax whether prompts exclude each other unless a request says otherwise: CLIP's do, SigLIP's do not
 * @param owned what texts and head are made of
 */
record ClipRecipe(
        ImageSteps steps,
        String input,
        String output,
        ClipTexts texts,
        ClipHead head,
        String template,
        boolean softmax,
        List<AutoCloseable> owned)
        implements Recipe<ClipRecipe.Question> {

    ClipRecipe {
        owned = List.copyOf(owned);
    }

    /** @param texts {@code [prompts, size]} */
    record Question(List<String> labels, Tensor.Floats texts) {}

    @Override
    public Set<Parameter> reads() {
        return Set.of(
                Parameter.PROMPTS,
                Parameter.PROMPT_TEMPLATE,
                Parameter.TOP_K,
                Parameter.USE_SOFTMAX,
                Parameter.CONFIDENCE);
    }

    @Override
    public Prepared<Question> prepare(Frame frame, Params params) {
        Prompts prompts = Prompts.of(params, template);
        Tensor picture = steps.apply(frame).tensor();
        return new Prepared<>(
                Tensors.of(input, picture), new Question(prompts.labels(), texts.vectors(prompts.texts())));
    }

    @Override
    public Result interpret(Tensors outputs, Question question, Params params) {
        float[] logits = head.logits(outputs.floats(output), question.texts);
        return answer(logits, question.labels, params.flag(Parameter.USE_SOFTMAX, softmax), params);
    }

    /** @param logits one for each label */
    static Result.Classifications answer(float[] logits, List<String> labels, boolean softmax, Params params) {
        float[] scores = softmax ? Scores.softmax(logits) : Scores.sigmoid(logits);
        float least = params.fraction(Parameter.CONFIDENCE, 0);
        List<Classification> found = new ArrayList<>();
        for (int i : Ranking.best(scores, Float.NEGATIVE_INFINITY, params.whole(Parameter.TOP_K, scores.length))) {
            if (scores[i] >= least) {
                found.add(new Classification(i, labels.get(i), scores[i]));
            }
        }
        return new Result.Classifications(found);
    }

    @Override
    public Params forWarmUp() {
        return ParamsReader.read(Map.of("prompts", List.of("warm-up")));
    }

    @Override
    public void close() {
        Clip.closeAll(owned);
    }
}
