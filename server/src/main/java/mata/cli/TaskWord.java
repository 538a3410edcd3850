package mata.cli;

import mata.task.Task;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a task by its word. */
final class TaskWord implements ITypeConverter<Task> {

    @Override
    public Task convert(String word) {
        return Task.of(word)
                .orElseThrow(() -> new TypeConversionException(
                        "expected one of " + String.join(", ", Task.words()) + ", got '" + word + "'"));
    }
}
