package mata.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.reader.ModelLoader;
import mata.reader.OpenModel;
import mata.reader.ReaderMain;
import mata.reader.wire.Load;

/**
 * A reader process with a {@link ScriptedModel}: the real loop, the real socket, no engine. How it loads is said by the model's
 * setting {@code load}: a verb and what it needs, e.g. {@code sleep 200}, {@code refuse no graph}, {@code halt 3}.
 */
public final class ScriptedReaderProcess {

    private ScriptedReaderProcess() {}

    public static void main(String[] args) throws IOException {
        ReaderMain.run(Path.of(args[0]), args[1], Integer.parseInt(args[2]), loader(), ScriptedModel::decode);
    }

    /** How to start it from a test. */
    public static List<String> commandLine(Path socket, String reader, int incarnation) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+SuppressFatalErrorMessage",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                ScriptedReaderProcess.class.getName(),
                socket.toString(),
                reader,
                String.valueOf(incarnation));
    }

    public static ModelLoader loader() {
        return ScriptedReaderProcess::load;
    }

    private static OpenModel load(Load load) {
        String script = load.getSettingsOrDefault("load", "at once");
        String rest = script.substring(script.indexOf(' ') + 1);
        switch (script.split(" ")[0]) {
            case "sleep" -> ScriptedModel.sleep(Long.parseLong(rest));
            case "refuse" -> throw new Rejected(new Problem.BadInput(rest));
            case "fill" -> throw new Rejected(new Problem.OutOfMemory(rest));
            case "halt" -> Runtime.getRuntime().halt(Integer.parseInt(rest));
            case "hang" -> ScriptedModel.hang();
            default -> {}
        }
        return new OpenModel(new ScriptedModel(8), "scripted", "cpu");
    }
}
