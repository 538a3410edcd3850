package mata.config;

import java.util.List;

/** What values a setting takes. {@code SettingsReader} reads by it, the documentation prints it. */
public sealed interface Kind {

    /** Held as {@link String}. */
    record Text() implements Kind {}

    /** One of these words, in lower case. Held as {@link String}. */
    record OneOf(List<String> words) implements Kind {
        public OneOf {
            words = List.copyOf(words);
        }

        OneOf(String... words) {
            this(List.of(words));
        }
    }

    /** {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:<n>}. Held as {@link String}. */
    record DeviceName() implements Kind {}

    /** {@code true}/{@code false}, {@code 1}/{@code 0}, {@code yes}/{@code no}, {@code on}/{@code off}. Held as {@link Boolean}. */
    record Flag() implements Kind {}

    /** A whole number from {@code least} to {@code most}. Held as {@link Long}. */
    record Whole(long least, long most) implements Kind {}

    /** A number above 0, at most 1. Held as {@link Double}. */
    record Share() implements Kind {}

    /** A number from {@code least} to {@code most}. Held as {@link Double}. */
    record Real(double least, double most) implements Kind {}

    /** Seconds above 0, fractions allowed. Held as {@link java.time.Duration}. */
    record Seconds() implements Kind {}

    /** Seconds, fractions allowed; 0 = at once, -1 = for ever. Held as {@link java.time.Duration}. */
    record SecondsOrNever() implements Kind {}

    /** A port; 0 = any free one. Held as {@link Long}. */
    record Port() implements Kind {}

    /** A file or folder; {@code ~} is the home folder, relative ones start at the working directory. Held as {@link java.nio.file.Path}. */
    record Place() implements Kind {}

    /** Words with commas between them, or a list in YAML. Held as {@code List<String>}. */
    record Words() implements Kind {}

    /** The name of a model. Held as {@link mata.task.ModelRef}. */
    record Model() implements Kind {}

    /** Names of models with commas between them, or a list in YAML. Held as {@code List<ModelRef>}. */
    record Models() implements Kind {}

    /** For a person: what may be written. */
    default String shown() {
        return switch (this) {
            case Text _ -> "a text";
            case OneOf(List<String> words) ->
                String.join(", ", words.subList(0, words.size() - 1)) + " or " + words.getLast();
            case DeviceName _ -> "auto, cpu, cuda or cuda:<n>";
            case Flag _ -> "true or false";
            case Whole(long least, long most) ->
                most == Long.MAX_VALUE
                        ? "a whole number, " + least + " or more"
                        : "a whole number from " + least + " to " + most;
            case Share _ -> "a number above 0, at most 1";
            case Real(double least, double most) ->
                most == Double.MAX_VALUE ? "a number, " + least + " or more" : "a number from " + least + " to " + most;
            case Seconds _ -> "seconds, above 0";
            case SecondsOrNever _ -> "seconds, 0 or more, or -1 for never";
            case Port _ -> "a port from 0 to 65535";
            case Place _ -> "a path";
            case Words _ -> "words with commas between them";
            case Model _ -> "the name of a model";
            case Models _ -> "names of models with commas between them";
        };
    }
}
