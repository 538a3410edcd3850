package mata.vision;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mata.engine.LoadedModel;
import mata.engine.Tensor;
import mata.engine.Tensors;
import mata.image.Frame;
import mata.params.Parameter;
import mata.params.Params;
import mata.params.ParamsReader;
import mata.problem.Rejected;
import mata.result.Detection;
import mata.result.Result;
import mata.vision.interpret.Boxes;
import mata.vision.interpret.Scores;
import mata.vision.prepare.ImageSteps;
import mata.vision.prepare.Placement;
import mata.vision.prepare.Size;
import mata.vision.staged.Runner;
import mata.vision.staged.Stages;
import mata.vision.text.Phrases;
import mata.vision.text.Prompts;
import mata.vision.text.TextTokenizer;
import mata.vision.text.Tokens;

/**
 * Grounding DINO (spec 6.2): boxes for phrases. All prompts make one text; {@code logits [B,Q,tokens]} tell for each query how
 * well it fits each token, minus infinity behind the text's end. Lists too long for one text are looked for one after the other.
 */
final class GroundingDino implements Stages {

    private static final int USUAL_TEXT = 256;

    private final LoadedModel model;
    private final DetrInputs inputs;
    private final TextTokenizer tokenizer;
    private final int longest;

    private GroundingDino(LoadedModel model, DetrInputs inputs, TextTokenizer tokenizer, int longest) {
        this.model = model;
        this.inputs = inputs;
        this.tokenizer = tokenizer;
        this.longest = longest;
    }

    /** @throws Rejected with {@code BadInput} or {@code OutOfMemory}; nothing is left open then */
    static GroundingDino open(ModelGraphs graphs, Map<String, String> settings) {
        LoadedModel loaded = graphs.open("model");
        try {
            var model = new Model(graphs.folder(), loaded.signature(), settings);
            model.output("logits");
            model.output("pred_boxes");
            int longest = graphs.folder().config().whole("max_text_len", USUAL_TEXT);
            DetrInputs inputs = DetrInputs.of(model, ImageSteps.of(graphs.folder()));
            return new GroundingDino(loaded, inputs, TextTokenizer.open(graphs.folder(), longest), longest);
        } catch (RuntimeException e) {
            loaded.close();
            throw e;
        }
    }

    /** {@code text_threshold} says which tokens the reference's labels are made of; ours are prompts, whatever it is. */
    @Override
    public Set<Parameter> reads() {
        return Set.of(Parameter.PROMPTS, Parameter.CONFIDENCE, Parameter.TEXT_THRESHOLD);
    }

    @Override
    public Result.Detections answer(Frame frame, Params params, Runner runner) {
        return new Result.Detections(
                find(frame, Prompts.labels(params), params.fraction(Parameter.CONFIDENCE, 0.3f), runner));
    }

    /** @return best first, clipped to the frame, labelled by the bare prompts */
    List<Detection> find(Frame frame, List<String> labels, float least, Runner runner) {
        Prepared<Placement> picture = inputs.of(frame);
        List<Detection> found = new ArrayList<>();
        for (Phrases phrases : Phrases.of(labels, tokenizer, longest)) {
            Tensors outputs = runner.run(model, withText(picture.inputs(), phrases.tokens()));
            found.addAll(read(outputs, phrases, picture.context().source(), least));
        }
        return Boxes.shown(found, frame.width(), frame.height());
    }

    private Tensors withText(Tensors picture, Tokens tokens) {
        Map<String, Tensor> all = new LinkedHashMap<>(picture.asMap());
        List<Tokens> text = List.of(tokens);
        all.put("input_ids", Tokens.ids(text, tokens.count(), 0));
        all.put("attention_mask", Tokens.mask(text, tokens.count()));
        if (model.signature().input("token_type_ids").isPresent()) {
            all.put("token_type_ids", Tokens.ids(List.of(new Tokens(new long[0], new int[0])), tokens.count(), 0));
        }
        return new Tensors(all);
    }

    private static List<Detection> read(Tensors outputs, Phrases phrases, Size source, float least) {
        Tensor.Floats logits = outputs.floats("logits");
        float[] values = logits.array();
        float[] boxes = outputs.floats("pred_boxes").array();
        int columns = logits.dimension(2);
        List<Detection> found = new ArrayList<>();
        for (int query = 0; query < logits.dimension(1); query++) {
            int from = query * columns;
            float score = Scores.sigmoid(values[from + Scores.largest(values, from, columns)]);
            if (score > least) {
                found.add(new Detection(
                        phrases.best(values, from),
                        score,
                        Boxes.ofShares(boxes, 4 * query, source.width(), source.height())));
            }
        }
        return found;
    }

    @Override
    public boolean mayBeInfinite(String output) {
        return output.equals("logits");
    }

    @Override
    public Params forWarmUp() {
        return ParamsReader.read(Map.of("prompts", List.of("warm-up")));
    }

    @Override
    public void close() {
        model.close();
        tokenizer.close();
    }
}
