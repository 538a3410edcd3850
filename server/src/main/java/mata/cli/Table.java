package mata.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Columns under a head and a ruler. A first column that is too narrow for what it holds is widened; others overflow. */
final class Table {

    static final String UNKNOWN = "—";

    private static final Pattern FIRST_WIDTH = Pattern.compile("^%-(\\d+)s");
    private static final Pattern WIDTHS = Pattern.compile("%-?(\\d+)s");

    private final String format;
    private final List<String[]> rows = new ArrayList<>();

    /** @param format one {@code %s} with a width for each column, the first one to the left */
    Table(String format, String... head) {
        this.format = format;
        rows.add(head);
    }

    void row(String... cells) {
        rows.add(cells);
    }

    void print(PrintStream out) {
        String fitting = fitting();
        for (int i = 0; i < rows.size(); i++) {
            out.println(String.format(fitting, (Object[]) rows.get(i)).stripTrailing());
            if (i == 0) {
                out.println("-".repeat(width(fitting)));
            }
        }
    }

    private String fitting() {
        int longest = rows.stream().mapToInt(row -> row[0].length()).max().orElse(0);
        return FIRST_WIDTH
                .matcher(format)
                .replaceFirst(first ->
                        Matcher.quoteReplacement("%-" + Math.max(longest, Integer.parseInt(first.group(1))) + "s"));
    }

    /** Of all columns with a blank between each two. */
    private static int width(String format) {
        int[] widths = WIDTHS.matcher(format)
                .results()
                .mapToInt(column -> Integer.parseInt(column.group(1)))
                .toArray();
        return Arrays.stream(widths).sum() + widths.length - 1;
    }
}
