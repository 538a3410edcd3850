package mata.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine;

/** All commands on one screen. Answers go to standard output, faults to standard error as one line. */
public final class Commands {

    private static final List<Entry> ALL = List.of(
            new Entry(ServeCommand::new, "serve"),
            new Entry(PullCommand::new, "pull"),
            new Entry(ListCommand::new, "list", "ls"),
            new Entry(ShowCommand::new, "show"),
            new Entry(RemoveCommand::new, "rm"),
            new Entry(LoadCommand::new, "load", "warmup"),
            new Entry(StopCommand::new, "stop"),
            new Entry(PsCommand::new, "ps"),
            new Entry(InferCommand::new, "infer"),
            new Entry(DemoCommand::new, "demo"),
            new Entry(ExportCommand::new, "export"),
            new Entry(ImportCommand::new, "import"),
            new Entry(VersionCommand::new, "version"),
            new Entry(CompletionCommand::new, "completion"),
            new Entry(ReaderCommand::new, "reader"),
            new Entry(TrainCommand::new, "train"));

    private final Surroundings surroundings;

    /** A command, and the words that call it. */
    private record Entry(Function<Surroundings, Object> command, List<String> words) {
        Entry(Function<Surroundings, Object> command, String... words) {
            this(command, List.of(words));
        }
    }

    public Commands(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** @return the exit code: 0 done, 1 failed, 2 the words make no sense */
    public int run(String... words) {
        return parser(words.length == 0 ? "" : words[0]).execute(words);
    }

    /** Knows every command. */
    CommandLine parser() {
        return parser("");
    }

    /**
     * Knows the one command that a word calls, or all where it calls none: describing all of them to the parser takes longer
     * than most of them run.
     */
    private CommandLine parser(String word) {
        Optional<Entry> called =
                ALL.stream().filter(entry -> entry.words().contains(word)).findFirst();
        CommandLine parser = new CommandLine(new Root(surroundings));
        for (Entry entry : called.map(List::of).orElse(ALL)) {
            parser.addSubcommand(entry.command().apply(surroundings));
        }
        return parser.setOut(new PrintWriter(surroundings.out(), true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(surroundings.err(), true, StandardCharsets.UTF_8))
                .setParameterExceptionHandler(Faults::wrongWords)
                .setExecutionExceptionHandler(new Faults(surroundings));
    }
}
