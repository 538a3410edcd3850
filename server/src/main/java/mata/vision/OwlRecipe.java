package mata.vision;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import mata.engine.Tensor;
import mata.engine.Tensors;
import mata.image.Frame;
import mata.params.Parameter;
import mata.params.Params;
import mata.params.ParamsReader;
import mata.result.Detection;
import mata.result.Result;
import mata.vision.interpret.Boxes;
import mata.vision.interpret.Nms;
import mata.vision.interpret.Scores;
import mata.vision.prepare.ImageSteps;
import mata.vision.prepare.PaddedSquare;
import mata.vision.prepare.PixelValues;
import mata.vision.prepare.Placement;
import mata.vision.text.Prompts;
import mata.vision.text.TextTokenizer;
import mata.vision.text.Tokens;

/**
 * OWL-ViT and OWLv2 (spec 6.1): boxes for prompts. {@code logits [B,Q,T]}, one for each query and prompt, and
 * {@code pred_boxes [B,Q,4]} as shares of the picture; OWLv2's are shares of the padded square. Each query speaks for the prompt
 * that fits it best.
 *
 * @param length tokens of each prompt, exactly
 * @param masked whether the graph wants to know which tokens are filling
 */
record OwlRecipe(
        Function<Frame, PixelValues> steps,
        String input,
        TextTokenizer tokenizer,
        int length,
        boolean masked,
        String template,
        boolean square)
        implements Recipe<OwlRecipe.Question> {

    /** One run takes them all at once: a list without end would take memory without end. */
    private static final int MOST_PROMPTS = 2000;

    record Question(List<String> labels, Placement placement) {}

    static OwlRecipe vit(Model model) {
        return of(model, ImageSteps.of(model.folder())::apply, false);
    }

    static OwlRecipe v2(Model model) {
        return of(model, PaddedSquare.of(model.folder())::apply, true);
    }

    private static OwlRecipe of(Model model, Function<Frame, PixelValues> steps, boolean square) {
        model.output("logits");
        model.output("pred_boxes");
        int length = model.folder().config().object("text_config").whole("max_position_embeddings", 16);
        String template = Prompts.template(model.setting("prompt_template"), "{}");
        return new OwlRecipe(
                steps,
                model.pictureInput().name(),
                TextTokenizer.open(model.folder(), length),
                length,
                model.signature().input("attention_mask").isPresent(),
                template,
                square);
    }

    @Override
    public Set<Parameter> reads() {
        return Set.of(Parameter.PROMPTS, Parameter.PROMPT_TEMPLATE, Parameter.CONFIDENCE, Parameter.IOU);
    }

    /** Exports fix the batch, and a run's texts are one request's. */
    @Override
    public boolean batches() {
        return false;
    }

    @Override
    public Prepared<Question> prepare(Frame frame, Params params) {
        Prompts prompts = Prompts.of(params, template).atMost(MOST_PROMPTS);
        List<Tokens> tokens = prompts.texts().stream().map(tokenizer::tokens).toList();
        PixelValues pixels = steps.apply(frame);
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        inputs.put("input_ids", Tokens.ids(tokens, length, 0));
        if (masked) {
            inputs.put("attention_mask", Tokens.mask(tokens, length));
        }
        inputs.put(input, pixels.tensor());
        return new Prepared<>(new Tensors(inputs), new Question(prompts.labels(), pixels.placement()));
    }

    @Override
    public Result interpret(Tensors outputs, Question question, Params params) {
        Tensor.Floats logits = outputs.floats("logits");
        float[] values = logits.array();
        float[] boxes = outputs.floats("pred_boxes").array();
        int texts = logits.dimension(2);
        float least = params.fraction(Parameter.CONFIDENCE, 0.3f);
        int width = question.placement.source().width();
        int height = question.placement.source().height();
        int side = Math.max(width, height);
        List<Detection> found = new ArrayList<>();
        for (int query = 0; query < logits.dimension(1); query++) {
            int text = Scores.largest(values, query * texts, texts);
            float score = Scores.sigmoid(values[query * texts + text]);
            if (score > least) {
                found.add(new Detection(
                        question.labels.get(text),
                        score,
                        Boxes.ofShares(boxes, 4 * query, square ? side : width, square ? side : height)));
            }
        }
        List<Detection> shown = Boxes.shown(found, width, height);
        return new Result.Detections(params.has(Parameter.IOU) ? suppressed(shown, params) : shown);
    }

    /** The family has no suppression of its own; whoever names an overlap wants one, prompt by prompt. */
    private static List<Detection> suppressed(List<Detection> bestFirst, Params params) {
        List<String> labels =
                bestFirst.stream().map(Detection::label).distinct().toList();
        var order = new int[bestFirst.size()];
        java.util.Arrays.setAll(order, i -> i);
        int[] kept = Nms.keep(
                order,
                i -> labels.indexOf(bestFirst.get(i).label()),
                (a, b) -> bestFirst.get(a).box().iou(bestFirst.get(b).box()),
                params.fraction(Parameter.IOU, 1),
                order.length);
        return java.util.Arrays.stream(kept).mapToObj(bestFirst::get).toList();
    }

    @Override
    public Params forWarmUp() {
        return ParamsReader.read(Map.of("prompts", List.of("warm-up")));
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
