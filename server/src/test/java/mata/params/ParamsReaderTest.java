package mata.params;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mata.problem.Fault;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.task.Task;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

final class ParamsReaderTest {

    private static final double NAN = Double.NaN;

    /** Value sent, value held. */
    static List<Arguments> good() {
        List<Arguments> good = new ArrayList<>();
        for (Parameter parameter : Parameter.values()) {
            switch (parameter.shape()) {
                case Shape.Fraction _ -> {
                    good.add(Arguments.of(parameter, 0, 0f));
                    good.add(Arguments.of(parameter, 1, 1f));
                    good.add(Arguments.of(parameter, 0.4, 0.4f));
                }
                case Shape.Real(double least, double most) -> {
                    good.add(Arguments.of(parameter, least, least));
                    good.add(Arguments.of(parameter, most, most));
                    good.add(Arguments.of(parameter, 1, 1.0));
                }
                case Shape.Whole(int least, int most) -> {
                    good.add(Arguments.of(parameter, least, least));
                    good.add(Arguments.of(parameter, most, most));
                    good.add(Arguments.of(parameter, 1.0, 1));
                }
                case Shape.Flag _ -> {
                    good.add(Arguments.of(parameter, true, true));
                    good.add(Arguments.of(parameter, false, false));
                }
                case Shape.Text _ -> good.add(Arguments.of(parameter, " What is this? ", " What is this? "));
                case Shape.Template _ -> good.add(Arguments.of(parameter, "a photo of {}.", "a photo of {}."));
                case Shape.Words _ -> {
                    good.add(Arguments.of(parameter, "cat . dog . person", List.of("cat", "dog", "person")));
                    good.add(Arguments.of(parameter, "cat", List.of("cat")));
                    good.add(Arguments.of(parameter, ".cat..dog. ", List.of("cat", "dog")));
                    good.add(Arguments.of(parameter, List.of("a cat.", " dog ", ""), List.of("a cat.", "dog")));
                }
                case Shape.OneOf(List<String> words) ->
                    words.forEach(word -> good.add(Arguments.of(parameter, word, word)));
                case Shape.Size _ -> good.add(Arguments.of(parameter, List.of(480, 640), List.of(480, 640)));
                case Shape.Rows(int columns) -> {
                    List<Number> sent = Collections.nCopies(columns, 1.5);
                    List<Float> held = Collections.nCopies(columns, 1.5f);
                    good.add(Arguments.of(parameter, List.of(sent), List.of(held)));
                    good.add(Arguments.of(parameter, List.of(sent, sent), List.of(held, held)));
                }
            }
        }
        return good;
    }

    @ParameterizedTest(name = "{0} = {1}")
    @MethodSource("good")
    void aValueWithinTheTableIsHeldAsItsShapeSays(Parameter parameter, Object sent, Object held) {
        Params params = ParamsReader.read(Map.of(parameter.word(), sent));

        assertThat(params.has(parameter)).isTrue();
        assertThat(params.asMap()).isEqualTo(Map.of(parameter.word(), held));
    }

    /** Value sent, type of the fault, where under the parameter. */
    static List<Arguments> bad() {
        List<Arguments> bad = new ArrayList<>();
        for (Parameter parameter : Parameter.values()) {
            switch (parameter.shape()) {
                case Shape.Fraction _ -> {
                    bad.add(Arguments.of(parameter, -0.001, "greater_than_equal", List.of()));
                    bad.add(Arguments.of(parameter, 1.001, "less_than_equal", List.of()));
                    bad.add(Arguments.of(parameter, NAN, "finite_number", List.of()));
                    bad.add(Arguments.of(parameter, "0.4", "float_type", List.of()));
                    bad.add(Arguments.of(parameter, true, "float_type", List.of()));
                    bad.add(Arguments.of(parameter, List.of(0.4), "float_type", List.of()));
                }
                case Shape.Real(double least, double _) -> {
                    bad.add(Arguments.of(parameter, least - 1, "greater_than_equal", List.of()));
                    bad.add(Arguments.of(parameter, Double.POSITIVE_INFINITY, "finite_number", List.of()));
                    bad.add(Arguments.of(parameter, "hot", "float_type", List.of()));
                }
                case Shape.Whole(int least, int most) -> {
                    bad.add(Arguments.of(parameter, least - 1L, "greater_than_equal", List.of()));
                    bad.add(Arguments.of(parameter, most + 1L, "less_than_equal", List.of()));
                    bad.add(Arguments.of(parameter, least + 0.5, "int_from_float", List.of()));
                    bad.add(Arguments.of(parameter, "5", "float_type", List.of()));
                }
                case Shape.Flag _ -> {
                    bad.add(Arguments.of(parameter, "true", "bool_type", List.of()));
                    bad.add(Arguments.of(parameter, 1, "bool_type", List.of()));
                }
                case Shape.Text _ -> {
                    bad.add(Arguments.of(parameter, 7, "string_type", List.of()));
                    bad.add(Arguments.of(parameter, " ", "string_too_short", List.of()));
                }
                case Shape.Template _ -> {
                    bad.add(Arguments.of(parameter, "a photo", "value_error", List.of()));
                    bad.add(Arguments.of(parameter, "{} and {}", "value_error", List.of()));
                    bad.add(Arguments.of(parameter, 7, "string_type", List.of()));
                }
                case Shape.Words _ -> {
                    bad.add(Arguments.of(parameter, 7, "string_type", List.of()));
                    bad.add(Arguments.of(parameter, " . . ", "too_short", List.of()));
                    bad.add(Arguments.of(parameter, List.of(), "too_short", List.of()));
                    bad.add(Arguments.of(parameter, List.of("cat", 7), "string_type", List.of(1)));
                }
                case Shape.OneOf _ -> {
                    bad.add(Arguments.of(parameter, "JSON", "literal_error", List.of()));
                    bad.add(Arguments.of(parameter, 7, "literal_error", List.of()));
                }
                case Shape.Size _ -> {
                    bad.add(Arguments.of(parameter, List.of(480), "list_type", List.of()));
                    bad.add(Arguments.of(parameter, List.of(1, 2, 3), "list_type", List.of()));
                    bad.add(Arguments.of(parameter, 480, "list_type", List.of()));
                    bad.add(Arguments.of(parameter, List.of(0, 640), "greater_than_equal", List.of(0)));
                    bad.add(Arguments.of(parameter, List.of(480, 0.5), "greater_than_equal", List.of(1)));
                    bad.add(Arguments.of(parameter, List.of(480, 1.5), "int_from_float", List.of(1)));
                }
                case Shape.Rows(int columns) -> {
                    List<Object> tooShort = Collections.nCopies(columns - 1, 1);
                    List<@Nullable Object> wrong = new ArrayList<>(Collections.nCopies(columns, 1));
                    wrong.set(1, "x");
                    bad.add(Arguments.of(parameter, List.of(tooShort), "list_type", List.of(0)));
                    bad.add(Arguments.of(parameter, List.of(wrong), "float_type", List.of(0, 1)));
                    bad.add(Arguments.of(parameter, 7, "list_type", List.of()));
                }
            }
        }
        return bad;
    }

    @ParameterizedTest(name = "{0} = {1}")
    @MethodSource("bad")
    void aValueOutsideTheTableIsOneLocatedFault(Parameter parameter, Object sent, String type, List<Object> under) {
        List<Fault> faults = faults(Map.of(parameter.word(), sent));

        List<Object> loc = new ArrayList<>(List.of("body", "params", parameter.word()));
        loc.addAll(under);
        assertThat(faults).singleElement().satisfies(fault -> {
            assertThat(fault.type()).isEqualTo(type);
            assertThat(fault.loc()).isEqualTo(loc);
            assertThat(fault.msg()).isNotBlank();
        });
    }

    @ParameterizedTest
    @EnumSource(Parameter.class)
    void nullMeansNotGiven(Parameter parameter) {
        Map<String, @Nullable Object> given = new HashMap<>();
        given.put(parameter.word(), null);

        assertThat(ParamsReader.read(given)).isEqualTo(Params.NONE);
    }

    @Test
    void everyComplaintIsReportedAtOnce() {
        Map<String, Object> sent = new LinkedHashMap<>();
        sent.put("confidence", 1.4);
        sent.put("lang", "jpn");
        sent.put("nonsense_of_mine", 1);
        sent.put("top_k", 5);

        assertThat(faults(sent))
                .extracting(Fault::field)
                .containsExactly("params.confidence", "params.lang", "params.nonsense_of_mine");
    }

    @ParameterizedTest
    @CsvSource({
        "confidense, confidence",
        "promts, prompts",
        "topk, top_k",
        "max_token, max_tokens",
        "Temperature, temperature",
        "treshold, confidence",
    })
    void aMistypedNameIsToldTheNearestOne(String typed, String meant) {
        assertThat(faults(Map.of(typed, 1)))
                .extracting(Fault::msg)
                .containsExactly("Unknown parameter: did you mean '" + meant + "'?");
    }

    @Test
    void aNameLikeNoOtherIsJustUnknown() {
        assertThat(faults(Map.of("zzzzzzzz", 1))).extracting(Fault::msg).containsExactly("Unknown parameter");
    }

    @Test
    void aComplaintIsLocatedWhereTheCallerSaysThatTheParametersStand() {
        List<Fault> faults = new ArrayList<>();

        Params params = ParamsReader.read(Map.of("confidence", 2, "top_k", 3), List.of("query"), faults);

        assertThat(faults).extracting(Fault::loc).containsExactly(List.of("query", "confidence"));
        assertThat(params.whole(Parameter.TOP_K, 1)).isEqualTo(3);
        assertThat(params.has(Parameter.CONFIDENCE)).isFalse();
    }

    /** The table of the reference page: which tasks its parameters belong to, and which may come in a form. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "confidence | detect segment classify pose track | form",
                "prompts | detect segment classify track | form",
                "prompt | vlm | form",
                "system_prompt | vlm | json",
                "max_tokens | vlm ocr | form",
                "temperature | vlm | form",
                "top_p | vlm | json",
                "top_k | classify vlm | form",
                "output_mode | vlm | form",
                "use_softmax | classify | json",
                "language | ocr | form",
                "ocr_type | ocr | form",
                "detail | ocr | form",
                "normalize | depth | json",
                "target_size | depth | json",
                "point_prompts | segment | json",
                "box_prompts | segment pose | json",
                "detection_confidence | segment | json",
                "segmentation_confidence | segment | json",
            })
    void everyParameterOfThePageIsInTheTable(String word, String tasks, String form) {
        Parameter parameter = Parameter.of(word).orElseThrow();
        Set<Task> used = EnumSet.noneOf(Task.class);
        Arrays.stream(Task.values()).filter(parameter::usedBy).forEach(used::add);

        assertThat(used.stream().map(Task::word)).containsExactlyInAnyOrder(tasks.split(" "));
        assertThat(parameter.inForm()).isEqualTo(form.equals("form"));
    }

    private static List<Fault> faults(Map<String, ? extends @Nullable Object> sent) {
        List<Fault> faults = new ArrayList<>();
        assertThatThrownBy(() -> ParamsReader.read(sent))
                .isInstanceOfSatisfying(
                        Rejected.class, rejected -> faults.addAll(((Problem.Invalid) rejected.problem()).faults()));
        return faults;
    }
}
