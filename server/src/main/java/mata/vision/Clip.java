package mata.vision;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mata.engine.LoadedModel;
import mata.engine.Signature;
import mata.folder.Entries;
import mata.folder.Family;
import mata.folder.ModelFolder;
import mata.graph.part.WholeGraph;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.vision.prepare.ImageSteps;
import mata.vision.text.Prompts;
import mata.vision.text.TextTokenizer;

/**
 * Opens CLIP and SigLIP. Their usual export is one graph that takes texts and picture together; it is taken apart, so that
 * texts are read once and pictures share runs whatever they are asked.
 */
final class Clip {

    private static final String USUAL_TEMPLATE = "a photo of a {}";

    private final ModelGraphs graphs;
    private final ModelFolder folder;
    private final Map<String, String> settings;
    private final boolean sigLip;
    private final List<AutoCloseable> opened = new ArrayList<>();

    private Clip(ModelGraphs graphs, Family family, Map<String, String> settings) {
        this.graphs = graphs;
        this.folder = graphs.folder();
        this.settings = settings;
        this.sigLip = family == Family.SIGLIP;
    }

    /** @throws Rejected with {@code BadInput} or {@code OutOfMemory}; nothing is left open then */
    static SingleGraph<ClipRecipe.Question> open(ModelGraphs graphs, Family family, Map<String, String> settings) {
        var clip = new Clip(graphs, family, settings);
        try {
            return clip.hasOnlyHalves() ? clip.halves(family) : clip.whole(family);
        } catch (RuntimeException e) {
            closeAll(clip.opened);
            throw e;
        }
    }

    private boolean hasOnlyHalves() {
        return !folder.hasGraph("model") && folder.hasGraph("vision_model") && folder.hasGraph("text_model");
    }

    private SingleGraph<ClipRecipe.Question> whole(Family family) {
        WholeGraph graph = graphs.whole("model");
        LoadedModel seeing = open(graph, "image", List.of("image_embeds"), List.of());
        LoadedModel reading = open(graph, "text", List.of("text_embeds"), List.of());
        LoadedModel head = open(graph, "head", List.of("logits_per_image"), List.of("image_embeds", "text_embeds"));
        return pipeline(family, seeing, "image_embeds", texts(reading, "text_embeds"), ClipHead.of(head));
    }

    private LoadedModel open(WholeGraph graph, String name, List<String> outputs, List<String> given) {
        LoadedModel model = graphs.open(graph, name, outputs, given);
        opened.add(model);
        return model;
    }

    private SingleGraph<ClipRecipe.Question> halves(Family family) {
        ClipHead head = ClipHead.of(
                number("logit_scale", "the scale that was trained, such as 100, which only the whole graph knows"),
                sigLip ? number("logit_bias", "the offset that was trained, such as -12.9") : 0);
        LoadedModel seeing = open("vision_model");
        LoadedModel reading = open("text_model");
        return pipeline(
                family,
                seeing,
                vectors(seeing.signature(), "image_embeds"),
                texts(reading, vectors(reading.signature(), "text_embeds")),
                head);
    }

    private LoadedModel open(String name) {
        LoadedModel model = graphs.open(name);
        opened.add(model);
        return model;
    }

    /** SigLIP has nothing behind its poolers. */
    private static String vectors(Signature signature, String name) {
        return signature.output(name).isPresent() ? name : "pooler_output";
    }

    private double number(String setting, String meaning) {
        String value = settings.get(setting);
        try {
            if (value != null) {
                return Double.parseDouble(value);
            }
        } catch (NumberFormatException e) {
            throw new Rejected(new Problem.BadInput(setting + ": \"" + value + "\" is no number"), e);
        }
        throw new Rejected(
                new Problem.BadInput("the folder has vision_model.onnx and text_model.onnx, but no model.onnx:"
                        + " set " + setting + " for this model, " + meaning));
    }

    private ClipTexts texts(LoadedModel reading, String output) {
        Entries config = folder.config().object("text_config");
        int most = config.whole("max_position_embeddings", sigLip ? 64 : 77);
        TextTokenizer tokenizer = TextTokenizer.open(folder, most);
        opened.add(tokenizer);
        long filling = tokenizer.filling(folder, sigLip ? 1 : 0);
        return new ClipTexts(reading, output, tokenizer, most, sigLip, filling, ClipTexts.memory());
    }

    private SingleGraph<ClipRecipe.Question> pipeline(
            Family family, LoadedModel seeing, String output, ClipTexts texts, ClipHead head) {
        List<AutoCloseable> others = new ArrayList<>(opened);
        others.remove(seeing);
        var model = new Model(folder, seeing.signature(), settings);
        var recipe = new ClipRecipe(
                ImageSteps.of(folder),
                model.pictureInput().name(),
                output,
                texts,
                head,
                Prompts.template(model.setting("prompt_template"), USUAL_TEMPLATE),
                !sigLip,
                others);
        return new SingleGraph<>(seeing, recipe, new Unused(recipe.reads(), family.tasks()));
    }

    static void closeAll(List<AutoCloseable> opened) {
        for (AutoCloseable one : opened) {
            try {
                one.close();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException("nothing that is opened here throws this when it is closed", e);
            }
        }
    }
}
