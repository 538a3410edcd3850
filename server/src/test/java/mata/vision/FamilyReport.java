package mata.vision;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import mata.testing.Fixture;

/** What the fixtures' test found, as a table for people. */
final class FamilyReport {

    private static final String HEAD = """
            # Families checked against the reference

            Written by `FixturesTest`: each case goes from a photo to the answer and is compared step by step with the numbers of
            the reference implementation. The last three columns show the worst case: corners and joints in pixels of the photo,
            confidences (depth: mean error as a share of the map's range), and the overlap of masks.

            | family | cases | passed | pixels | confidence | mask IoU |
            | --- | ---: | ---: | ---: | ---: | ---: |
            """;

    private static final class Row {
        private int cases;
        private int passed;
        private Deviation worst = Deviation.NONE;
    }

    private final Map<String, Row> rows = new LinkedHashMap<>();

    void count(Fixture fixture) {
        rows.computeIfAbsent(fixture.toString(), _ -> new Row()).cases++;
    }

    void passed(Fixture fixture, Deviation deviation) {
        Row row = rows.computeIfAbsent(fixture.toString(), _ -> new Row());
        row.passed++;
        row.worst = row.worst.and(deviation);
    }

    int cases() {
        return rows.values().stream().mapToInt(row -> row.cases).sum();
    }

    String table() {
        return HEAD
                + rows.entrySet().stream()
                        .map(entry -> line(entry.getKey(), entry.getValue()))
                        .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String line(String family, Row row) {
        return "| %s | %d | %d | %s | %s | %s |"
                .formatted(
                        family,
                        row.cases,
                        row.passed,
                        figure(row.worst.pixels(), "%.4f"),
                        figure(row.worst.score(), "%.6f"),
                        figure(row.worst.iou(), "%.4f"));
    }

    private static String figure(double value, String format) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, format, value);
    }

    /** Without the columns that differ a little from machine to machine. */
    String withoutFigures(String table) {
        return table.lines()
                .map(line -> line.startsWith("| ") && line.split("\\|").length > 4
                        ? String.join("|", line.split("\\|", 5)[1], line.split("\\|", 5)[2], line.split("\\|", 5)[3])
                        : line)
                .collect(Collectors.joining("\n"));
    }
}
