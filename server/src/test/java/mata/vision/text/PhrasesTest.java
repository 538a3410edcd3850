package mata.vision.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import mata.folder.ModelFolder;
import mata.folder.NumberFormat;
import mata.testing.Fixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** With the tokenizer of the Grounding DINO fixture, whose words fall into several tokens. */
final class PhrasesTest {

    private static final Fixture FIXTURE = Fixture.of("zero_shot_detect", "grounding_dino");

    private final TextTokenizer tokenizer =
            TextTokenizer.open(ModelFolder.read(FIXTURE.model(), NumberFormat.FP32), 64);

    @AfterEach
    void close() {
        tokenizer.close();
    }

    @Test
    void promptsMakeOneTextWithTheReferencesIds() {
        List<Phrases> phrases = Phrases.of(List.of("cat", "a cup of coffee", "astronaut", "camera"), tokenizer, 64);

        long[] expected = FIXTURE.cases()
                .getFirst()
                .json()
                .path("preprocess")
                .path("input_ids")
                .path(0)
                .valueStream()
                .mapToLong(id -> id.asLong())
                .toArray();
        assertThat(phrases).hasSize(1);
        assertThat(phrases.getFirst().tokens().ids()).containsExactly(expected);
    }

    @Test
    void caseAndStopsAroundAPromptDoNotMatter() {
        assertThat(Phrases.of(List.of(" Cat. ", "DOG"), tokenizer, 64)
                        .getFirst()
                        .tokens()
                        .ids())
                .containsExactly(Phrases.of(List.of("cat", "dog"), tokenizer, 64)
                        .getFirst()
                        .tokens()
                        .ids());
    }

    @Test
    void whatFitsATokenBestIsNamedByThatTokensPromptAsItWasGiven() {
        Phrases phrases =
                Phrases.of(List.of("Cat", "a cup of coffee"), tokenizer, 64).getFirst();
        var scores = new float[phrases.tokens().count()];

        scores[1] = 0.3f; // cat
        assertThat(phrases.best(scores, 0)).isEqualTo("Cat");
        scores[phrases.tokens().count() - 3] = 0.9f; // the last token of coffee
        assertThat(phrases.best(scores, 0)).isEqualTo("a cup of coffee");
        scores[2] = 2; // the full stop behind cat, which is nobody's
        scores[0] = 2; // as is the token at the begin
        assertThat(phrases.best(scores, 0)).isEqualTo("a cup of coffee");
    }

    @Test
    void aListTooLongForOneTextBecomesSeveralWhoseTokensAllFit() {
        List<String> many =
                IntStream.range(0, 40).mapToObj(i -> "astronaut " + i).toList();

        List<Phrases> phrases = Phrases.of(many, tokenizer, 64);

        assertThat(phrases).hasSizeGreaterThan(1).allMatch(part -> part.tokens().count() <= 64);
        assertThat(phrases.stream().flatMap(part -> part.labels().stream()).toList())
                .isEqualTo(many);
        assertThat(phrases.stream().mapToInt(part -> part.labels().size()).max().getAsInt())
                .as("no more texts than needed")
                .isGreaterThan(many.size() / (phrases.size() + 1));
    }
}
