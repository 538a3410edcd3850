package mata.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ApiKeyFileTest {

    @TempDir
    Path folder;

    @Test
    void aKeyIsMadeOnceForItsOwnerOnly() throws IOException {
        ApiKeyFile file = ApiKeyFile.in(folder.resolve("new"));

        String key = file.readOrMake();

        assertThat(key).hasSize(32);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
                .isEqualTo("rw-------");
        assertThat(file.readOrMake()).isEqualTo(key);
        assertThat(ApiKeyFile.in(folder.resolve("new")).read()).contains(key);
        try (Stream<Path> files = Files.list(folder.resolve("new"))) {
            assertThat(files).containsExactly(file.path());
        }
    }

    @Test
    void manyThatMakeOneAtOnceAgree() throws Exception {
        Callable<String> start = () -> ApiKeyFile.in(folder).readOrMake();

        try (var threads = Executors.newFixedThreadPool(8)) {
            var keys = threads.invokeAll(Stream.generate(() -> start).limit(32).toList()).stream()
                    .map(future -> future.resultNow())
                    .distinct();

            assertThat(keys).hasSize(1);
        }
    }

    @Test
    void anEmptyFileIsAFaultRatherThanAnOpenDoor() throws IOException {
        Files.createFile(folder.resolve("api_key"));

        assertThat(ApiKeyFile.in(folder).read()).isEmpty();
        assertThatThrownBy(() -> ApiKeyFile.in(folder).readOrMake())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("cannot make an API key in " + folder.resolve("api_key"));
    }
}
