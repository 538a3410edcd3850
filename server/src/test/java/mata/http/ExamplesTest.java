package mata.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import mata.task.Task;
import mata.testing.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@code docs/api/examples.md} as a reader would: with a shell and curl. */
final class ExamplesTest {

    @TempDir
    private Path folder;

    @Test
    void everyExampleDoesWhatItSays() throws Exception {
        Files.write(folder.resolve("photo.jpg"), TestPictures.jpeg());
        Path script = Files.writeString(folder.resolve("examples.sh"), script());
        try (var server = TestServer.start()) {
            server.registry().with("PekingU/rtdetr_v2_r101vd", Task.DETECT);
            Path output = folder.resolve("output.txt");
            var shell = new ProcessBuilder("bash", "-eu", "-o", "pipefail", script.toString());
            shell.directory(folder.toFile());
            shell.environment().put("URL", server.uri("").toString());
            shell.environment().put("KEY", TestServer.KEY);
            shell.redirectErrorStream(true).redirectOutput(output.toFile());

            int exit = shell.start().waitFor();

            String printed = Files.readString(output, StandardCharsets.UTF_8);
            assertThat(exit).as(printed).isZero();
            List<JsonNode> answers = answers(printed);
            assertThat(answers).as(printed).noneMatch(answer -> answer.has("detail"));
            assertThat(answers.stream().map(ExamplesTest::kind))
                    .containsExactly(
                            "ok",
                            "list",
                            "PekingU/rtdetr_v2_r101vd",
                            "pulled",
                            "ready",
                            "list",
                            "unloaded",
                            "mata.v1",
                            "mata.v1",
                            "mata.v1",
                            "results",
                            "removed");
            assertThat(server.scheduler().jobs())
                    .hasSize(5)
                    .allSatisfy(job -> assertThat(job.picture()).isEqualTo(TestPictures.jpeg()));
        }
    }

    private static String script() throws IOException {
        String document = Files.readString(Path.of("../docs/api/examples.md"), StandardCharsets.UTF_8);
        return Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL)
                .matcher(document)
                .results()
                .map((MatchResult block) -> block.group(1))
                .collect(Collectors.joining());
    }

    private static List<JsonNode> answers(String printed) throws IOException {
        try (MappingIterator<JsonNode> answers =
                new ObjectMapper().readerFor(JsonNode.class).readValues(printed)) {
            return answers.readAll();
        }
    }

    private static String kind(JsonNode answer) {
        if (answer.isArray()) {
            return "list";
        }
        for (String name : List.of("status", "schema_version", "model")) {
            if (answer.has(name)) {
                return answer.get(name).asText();
            }
        }
        return answer.fieldNames().next();
    }
}
