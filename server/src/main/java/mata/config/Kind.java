package mata.config;

import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import mata.task.ModelRef;
import org.jspecify.annotations.Nullable;

/**
 * What values a setting takes. Each kind reads its own, rather than one switch for all: a switch over patterns is linked at run
 * time, which no ahead-of-time cache of Java 25 keeps, and settings are read before every command.
 */
public sealed interface Kind {

    /** Never, as {@link SecondsOrNever} holds it. */
    Duration FOR_EVER = Duration.ofSeconds(-1);

    /**
     * The value as the setting holds it, or null where the text is none of this kind.
     *
     * @param text not blank, without blanks around it
     * @param path makes paths of texts, from the home folder or the working directory
     */
    @Nullable
    Object read(String text, Function<String, Path> path);

    /** For a person: what may be written. */
    String shown();

    /** Held as {@link String}. */
    record Text() implements Kind {
        @Override
        public Object read(String text, Function<String, Path> path) {
            return text;
        }

        @Override
        public String shown() {
            return "a text";
        }
    }

    /** One of these words, in any case. Held as {@link String}, in lower case. */
    record OneOf(List<String> words) implements Kind {
        public OneOf {
            words = List.copyOf(words);
        }

        OneOf(String... words) {
            this(List.of(words));
        }

        @Override
        public @Nullable Object read(String text, Function<String, Path> path) {
            String word = text.toLowerCase(Locale.ROOT);
            return words.contains(word) ? word : null;
        }

        @Override
        public String shown() {
            return String.join(", ", words.subList(0, words.size() - 1)) + " or " + words.getLast();
        }
    }

    /** {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:<n>}. Held as {@link String}. */
    record DeviceName() implements Kind {
        private static final Pattern SHAPE = Pattern.compile("auto|cpu|cuda(:\\d{1,3})?");

        @Override
        public @Nullable Object read(String text, Function<String, Path> path) {
            String word = text.toLowerCase(Locale.ROOT);
            return SHAPE.matcher(word).matches() ? word : null;
        }

        @Override
        public String shown() {
            return "auto, cpu, cuda or cuda:<n>";
        }
    }

    /** {@code true}/{@code false}, {@code 1}/{@code 0}, {@code yes}/{@code no}, {@code on}/{@code off}. Held as {@link Boolean}. */
    record Flag() implements Kind {
        @Override
        public @Nullable Object read(String text, Function<String, Path> path) {
            String word = text.toLowerCase(Locale.ROOT);
            boolean yes = List.of("true", "1", "yes", "on").contains(word);
            boolean no = List.of("false", "0", "no", "off").contains(word);
            return (yes || no) ? (Boolean) yes : null;
        }

        @Override
        public String shown() {
            return "true or false";
        }
    }

    /** A whole number from {@code least} to {@code most}. Held as {@link Long}. */
    record Whole(long least, long most) implements Kind {
        @Override
        public @Nullable Object read(String text, Function<String, Path> path) {
            try {
                long number = Long.parseLong(text);
                return number < least || number > most ? null : (Long) number;
            } catch (NumberFormatException notANumber) {
                return null;
            }
        }

        @Override
        public String shown() {
            return most == Long.MAX_VALUE
                    ? "a whole number, " + least + " or more"
                    : "a whole number from " + least + " to " + most;
        }
    }

    /** A port; 0 = any free one. Held as {@link Long}. */
    record Port() implements Kind {
        private static final Whole NUMBER = new Whole(0, 65_535);

        @Override
        public @Nullable Object read(String text, Function<String, Path> path) {
            return NUMBER.read(text, path);
        }

        @Override
        public String shown() {
            return "a port from 0 to 65535";
        }
    }

    /** A number from {@code least} to {@code most}. Held as {@link Double}. */
    record Real(double least, double most) implements Kind {
        @Override
        public @Nullable Object read(String text, Function<String, Path> path) {
            try {
                double number = new BigDecimal(text).doubleValue();
                return number < least || number > most ? null : (Double) number;
            } catch (NumberFormatException notANumber) {
                return null;
            }
        }

        @Override
        public String shown() {
            return most == Double.MAX_VALUE
                    ? "a number, " + least + " or more"
                    : "a number from " + least + " to " + most;
        }
    }

    /** A number above 0, at most 1. Held as {@link Double}. */
    record Share() implements Kind {
        private static final Real NUMBER = new Real(Double.MIN_VALUE, 1);

        @Override
        public @Nullable Object read(String text, Function<String, Path> path) {
            return NUMBER.read(text, path);
        }

        @Override
        public String shown() {
            return "a number above 0, at most 1";
        }
    }

    /** Seconds above 0, to the millisecond. Held as {@link Duration}. */
    record Seconds() implements Kind {
        private static final Real NUMBER = new Real(0.001, 1e9);

        @Override
        public @Nullable Object read(String text, Function<String, Path> path) {
            return NUMBER.read(text, path) instanceof Double seconds
                    ? Duration.ofMillis(Math.round(seconds * 1000))
                    : null;
        }

        @Override
        public String shown() {
            return "seconds, above 0";
        }
    }

    /** Seconds, to the millisecond; 0 = at once, -1 = {@link #FOR_EVER}. Held as {@link Duration}. */
    record SecondsOrNever() implements Kind {
        private static final Seconds SOME = new Seconds();
        private static final Real NONE = new Real(0, 0);

        @Override
        public @Nullable Object read(String text, Function<String, Path> path) {
            if (text.equals("-1")) {
                return FOR_EVER;
            }
            return NONE.read(text, path) == null ? SOME.read(text, path) : Duration.ZERO;
        }

        @Override
        public String shown() {
            return "seconds, 0 or more, or -1 for never";
        }
    }

    /** A file or folder; {@code ~} is the home folder, relative ones begin at the working directory. Held as {@link Path}. */
    record Place() implements Kind {
        @Override
        public @Nullable Object read(String text, Function<String, Path> path) {
            try {
                return path.apply(text);
            } catch (InvalidPathException unusable) {
                return null;
            }
        }

        @Override
        public String shown() {
            return "a path";
        }
    }

    /** Words with commas between them, or a list in YAML. Held as {@code List<String>}. */
    record Words() implements Kind {
        @Override
        public List<String> read(String text, Function<String, Path> path) {
            return Arrays.stream(text.split(","))
                    .map(String::strip)
                    .filter(word -> !word.isEmpty())
                    .toList();
        }

        @Override
        public String shown() {
            return "words with commas between them";
        }
    }

    /** The name of a model. Held as {@link ModelRef}. */
    record Model() implements Kind {
        @Override
        public @Nullable Object read(String text, Function<String, Path> path) {
            return ModelRef.of(text).orElse(null);
        }

        @Override
        public String shown() {
            return "the name of a model";
        }
    }

    /** Names of models with commas between them, or a list in YAML. Held as {@code List<ModelRef>}. */
    record Models() implements Kind {
        private static final Words WORDS = new Words();

        @Override
        public @Nullable Object read(String text, Function<String, Path> path) {
            List<String> words = WORDS.read(text, path);
            List<ModelRef> models =
                    words.stream().flatMap(word -> ModelRef.of(word).stream()).toList();
            return models.size() == words.size() ? models : null;
        }

        @Override
        public String shown() {
            return "names of models with commas between them";
        }
    }
}
