package mata.vision.ppocr;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import mata.folder.Entries;
import mata.folder.GraphHeader;
import mata.folder.ModelFolder;
import mata.problem.Problem;
import mata.problem.Rejected;

/**
 * Which graph of a folder does what: as config.json says, else by what it gives. A map of probabilities is the detector's, two
 * numbers are the angle's, steps over an alphabet are a recogniser's.
 *
 * @param recognisers by language, {@link Language#ANY} for one whose name tells none
 */
record PpOcrGraphs(String detector, Optional<String> angle, SortedMap<Language, String> recognisers) {

    /** @throws Rejected with {@code BadInput} where detector or recogniser are missing; the detail lists what there is */
    static PpOcrGraphs find(ModelFolder folder) {
        Entries config = folder.config();
        List<String> names = new ArrayList<>();
        Map<String, GraphHeader> headers = new TreeMap<>();
        for (Path file : folder.graphs()) {
            String name = stem(file.toString());
            names.add(name);
            headers.put(name, GraphHeader.read(file));
        }
        SortedMap<Language, String> recognisers = new TreeMap<>();
        named(config, "recognition").ifPresent(name -> recognisers.put(Language.inName(name), name));
        names.stream()
                .filter(name -> rank(headers, name) == 3)
                .forEach(name -> recognisers.putIfAbsent(Language.inName(name), name));
        Optional<String> detector = named(config, "detection")
                .or(() ->
                        names.stream().filter(name -> rank(headers, name) == 4).findFirst());
        if (detector.isEmpty() || recognisers.isEmpty()) {
            throw new Rejected(new Problem.BadInput(
                    "PP-OCR needs a detector (one map out) and a recogniser (steps over an alphabet out); the folder has "
                            + headers));
        }
        return new PpOcrGraphs(
                detector.get(),
                named(config, "classification")
                        .or(() -> names.stream()
                                .filter(name -> rank(headers, name) == 2)
                                .findFirst()),
                recognisers);
    }

    private static Optional<String> named(Entries config, String stage) {
        return config.object(stage).text("file").map(PpOcrGraphs::stem);
    }

    /** Without folder and ending: graphs are looked for where every model's graphs lie, and nowhere else. */
    private static String stem(String path) {
        String file = path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
        return file.endsWith(".onnx") ? file.substring(0, file.length() - ".onnx".length()) : file;
    }

    private static int rank(Map<String, GraphHeader> headers, String name) {
        GraphHeader header = headers.get(name);
        return header == null || header.outputs().isEmpty()
                ? -1
                : header.outputs().getFirst().rank();
    }
}
