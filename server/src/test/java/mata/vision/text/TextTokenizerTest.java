package mata.vision.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import mata.folder.ModelFolder;
import mata.folder.NumberFormat;
import mata.problem.Rejected;
import mata.testing.Fixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Against the ids that transformers 4.57.6 gives ({@code tokenizer_cases} of the fixtures). */
final class TextTokenizerTest {

    static Stream<Arguments> cases() {
        return Stream.of("clip", "siglip")
                .flatMap(name -> Fixture.of("zero_shot_classify", name)
                        .expected()
                        .path("tokenizer_cases")
                        .valueStream()
                        .map(given -> Arguments.of(name, given)));
    }

    private static ModelFolder folder(String name) {
        return ModelFolder.read(Fixture.of("zero_shot_classify", name).model(), NumberFormat.FP32);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void givesTheReferencesIds(String name, JsonNode given) {
        try (var tokenizer = TextTokenizer.open(folder(name), name.equals("clip") ? 77 : 64)) {
            Tokens tokens = tokenizer.tokens(given.path("text").asText());

            assertThat(tokens.ids())
                    .containsExactly(given.path("input_ids")
                            .valueStream()
                            .mapToLong(JsonNode::asLong)
                            .toArray());
        }
    }

    @Test
    void knowsWhereInTheTextATokenBeginsBehindCharactersOfTwoUnitsToo() {
        try (var tokenizer = TextTokenizer.open(folder("siglip"), 64)) {
            String text = "🙂 bird";

            Tokens tokens = tokenizer.bare(text);

            assertThat(tokens.starts()[tokens.count() - 1]).isGreaterThanOrEqualTo(text.indexOf(" bird"));
        }
    }

    @Test
    void fillsUpWithTheTokenThatTheModelsFilesName() {
        try (var clip = TextTokenizer.open(folder("clip"), 77);
                var siglip = TextTokenizer.open(folder("siglip"), 64)) {
            assertThat(clip.filling(folder("clip"), 0)).isEqualTo(643);
            assertThat(siglip.filling(folder("siglip"), 0)).isEqualTo(1);
        }
    }

    @Test
    void opensWithoutAskingTheNetworkForAnything() {
        List<URI> asked = new ArrayList<>();
        ProxySelector usual = ProxySelector.getDefault();
        ProxySelector.setDefault(new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                asked.add(uri);
                return List.of(Proxy.NO_PROXY);
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
        });
        try (var tokenizer = TextTokenizer.open(folder("clip"), 77)) {
            assertThat(tokenizer.tokens("cat").count()).isPositive();
        } finally {
            ProxySelector.setDefault(usual);
        }

        assertThat(asked).isEmpty();
    }

    @Test
    void aFolderWithoutTokenizerOrWithABrokenOneIsRefused(@TempDir Path path) throws IOException {
        ModelFolder folder = ModelFolder.read(path, NumberFormat.FP32);

        assertThatThrownBy(() -> TextTokenizer.open(folder, 77))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("has no tokenizer.json");
        Files.writeString(path.resolve("tokenizer.json"), "{}");
        assertThatThrownBy(() -> TextTokenizer.open(folder, 77))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("tokenizer.json cannot be read");
    }
}
