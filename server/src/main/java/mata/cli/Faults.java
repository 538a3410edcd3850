package mata.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import mata.config.BadSettings;
import mata.problem.Nearest;
import mata.problem.Rejected;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what went wrong, in one line that begins with {@code error:}. The stack trace is for those who log at debug. */
final class Faults implements CommandLine.IExecutionExceptionHandler {

    private static final int FAILED = 1;
    private static final int WRONG_WORDS = 2;

    private final Surroundings surroundings;

    Faults(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    static int wrongWords(ParameterException fault, String[] words) {
        CommandLine parser = fault.getCommandLine();
        say(parser.getErr(), message(fault) + " (see " + parser.getCommandSpec().qualifiedName() + " --help)");
        return WRONG_WORDS;
    }

    private static String message(ParameterException fault) {
        if (fault instanceof UnmatchedArgumentException unmatched
                && unmatched.getCommandLine().getParent() == null) {
            String word = unmatched.getUnmatched().getFirst();
            return "unknown command '" + word + "'"
                    + Nearest.to(word, fault.getCommandLine().getSubcommands().keySet())
                            .map(near -> "; did you mean " + near + "?")
                            .orElse("");
        }
        return String.valueOf(fault.getMessage());
    }

    @Override
    public int handleExecutionException(Exception fault, CommandLine parser, CommandLine.ParseResult words) {
        say(parser.getErr(), message(fault));
        if (isDebug()) {
            fault.printStackTrace(parser.getErr());
        }
        return FAILED;
    }

    private static String message(Exception fault) {
        return switch (fault) {
            case Rejected rejected -> rejected.problem().detail();
            case BadSettings _, ServerClient.Failed _, UncheckedIOException _ -> String.valueOf(fault.getMessage());
            case InterruptedException _ -> "interrupted";
            case NoSuchFileException missing -> "no such file: " + missing.getFile();
            case IOException broken -> String.valueOf(broken.getMessage());
            default -> "unexpected: " + fault;
        };
    }

    private boolean isDebug() {
        try {
            return surroundings.settings().get().log().isDebug();
        } catch (BadSettings unreadable) {
            return false;
        }
    }

    private static void say(PrintWriter err, String message) {
        err.println("error: " + message.strip().replaceAll("\\s*\\R\\s*", " "));
        err.flush();
    }
}
