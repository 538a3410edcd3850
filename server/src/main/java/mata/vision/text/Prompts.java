package mata.vision.text;

import java.util.List;
import java.util.Optional;
import mata.params.Parameter;
import mata.params.Params;
import mata.problem.Rejected;

/**
 * What a request looks for.
 *
 * @param labels the bare prompts, as the answer names them
 * @param texts what the model is given, one for each label
 */
public record Prompts(List<String> labels, List<String> texts) {

    public Prompts {
        labels = List.copyOf(labels);
        texts = List.copyOf(texts);
    }

    /**
     * @param template the family's own, or what the user set for the model; a request's wins. {@code {}} stands for the prompt
     * @throws Rejected with {@code Invalid} where there are no prompts
     */
    public static Prompts of(Params params, String template) {
        List<String> labels = labels(params);
        String around = params.text(Parameter.PROMPT_TEMPLATE, template);
        return new Prompts(
                labels,
                labels.stream().map(label -> around.replace("{}", label)).toList());
    }

    /** @throws Rejected with {@code Invalid} where there are more */
    public Prompts atMost(int most) {
        if (labels.size() > most) {
            throw Rejected.invalid(
                    "params.prompts", "too_long", "this model looks for at most " + most + " prompts at a time");
        }
        return this;
    }

    /** The bare prompts. */
    public static List<String> labels(Params params) {
        List<String> labels = params.words(Parameter.PROMPTS);
        if (labels.isEmpty()) {
            throw Rejected.invalid(
                    "params.prompts",
                    "missing",
                    "this model finds what it is asked for: give prompts, such as \"cat . dog\"");
        }
        return labels;
    }

    /** @throws Rejected with {@code BadInput} for a setting without {@code {}} */
    public static String template(Optional<String> setting, String usual) {
        String template = setting.orElse(usual);
        if (!template.contains("{}")) {
            throw new Rejected(new mata.problem.Problem.BadInput(
                    "prompt_template: \"" + template + "\" has no {}, where the prompt goes"));
        }
        return template;
    }
}
