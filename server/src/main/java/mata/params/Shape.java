package mata.params;

import java.util.List;

/** What values a parameter takes. {@code Params} reads by it, the API description prints it. */
public sealed interface Shape {

    /** A number from 0 to 1. Held as {@link Float}. */
    record Fraction() implements Shape {}

    /** A number from {@code least} to {@code most}. Held as {@link Double}. */
    record Real(double least, double most) implements Shape {}

    /** A whole number. Held as {@link Integer}. */
    record Whole(int least, int most) implements Shape {}

    /** Held as {@link Boolean}. */
    record Flag() implements Shape {}

    /** Not blank. Held as {@link String}. */
    record Text() implements Shape {}

    /** Text with exactly one {@code {}}. Held as {@link String}. */
    record Template() implements Shape {}

    /** A list of texts, or one text split at dots; blanks trimmed, empty parts dropped. Held as {@code List<String>}. */
    record Words() implements Shape {}

    /** One of these words. Held as {@link String}. */
    record OneOf(List<String> words) implements Shape {
        public OneOf {
            words = List.copyOf(words);
        }

        OneOf(String... words) {
            this(List.of(words));
        }
    }

    /** {@code [height, width]}, both above 0. Held as {@code List<Integer>}. */
    record Size() implements Shape {}

    /** At least one row of so many finite numbers. Held as {@code List<List<Float>>}. */
    record Rows(int columns) implements Shape {}
}
