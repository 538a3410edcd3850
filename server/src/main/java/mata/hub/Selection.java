package mata.hub;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mata.folder.Family;
import mata.folder.NumberFormat;

/**
 * What to fetch of a repository: the small files, and one variant of the weights (spec onnx-models 1.1 to 1.3). Nothing else, so
 * never a pickle.
 *
 * @param format of the graphs taken
 */
record Selection(List<RepoFile> files, NumberFormat format) {

    private static final Set<String> SMALL = Set.of(
            "config.json",
            "preprocessor_config.json",
            "processor_config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "chat_template.jinja",
            "chat_template.json",
            "generation_config.json");

    /** No tokenizer is larger; what calls itself config.json and is, is something else. */
    private static final long LARGEST_SMALL = 64L << 20;

    private static final String GRAPH = ".onnx";
    private static final String IN_FOLDER = "onnx/";
    private static final Pattern EXTERNAL = Pattern.compile("(\\.onnx)(_data(_\\d+)?|\\.data)$");
    private static final Pattern SHARD = Pattern.compile("model-\\d+-of-\\d+\\.safetensors");

    Selection {
        files = List.copyOf(files);
    }

    /** The small files of a repository, by which a model says what it is. */
    static List<RepoFile> small(RepoListing listing) {
        return listing.files().stream()
                .filter(file -> SMALL.contains(file.path()) && file.size() <= LARGEST_SMALL)
                .toList();
    }

    /**
     * The graphs of a repository.
     *
     * @param families what the model may be; empty where its config.json doesn't say
     * @param wanted the format asked for in so many words: that one or none
     * @param usual the format that is tried first where nobody asked
     */
    static Optional<Selection> ofGraphs(
            RepoListing listing, Set<Family> families, Optional<NumberFormat> wanted, NumberFormat usual) {
        List<NumberFormat> formats = wanted.map(List::of).orElseGet(() -> inOrder(usual));
        for (List<String> names : graphSets(listing, families)) {
            for (NumberFormat format : formats) {
                List<RepoFile> graphs = names.stream()
                        .flatMap(name -> graph(listing, name, format).stream())
                        .toList();
                if (graphs.size() == names.size()) {
                    return Optional.of(new Selection(withWeights(listing, graphs), format));
                }
            }
        }
        return Optional.empty();
    }

    /** Weights that the server reads itself. */
    static Optional<Selection> ofSafetensors(RepoListing listing) {
        List<RepoFile> weights = listing.find("model.safetensors")
                .map(List::of)
                .orElseGet(() -> listing.files().stream()
                        .filter(file -> SHARD.matcher(file.path()).matches()
                                || file.path().equals("model.safetensors.index.json"))
                        .toList());
        return weights.isEmpty()
                ? Optional.empty()
                : Optional.of(new Selection(
                        Stream.concat(small(listing).stream(), weights.stream()).toList(), NumberFormat.FP32));
    }

    /** For messages: the formats in which a repository has graphs at all. */
    static Set<NumberFormat> formats(RepoListing listing) {
        return listing.files().stream()
                .filter(Selection::isGraph)
                .map(file -> NumberFormat.ofFile(Path.of(file.name())))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(NumberFormat.class)));
    }

    /** For messages: what the graphs of a repository are called. */
    static List<String> graphNames(RepoListing listing) {
        return listing.files().stream()
                .filter(Selection::isGraph)
                .map(RepoFile::path)
                .toList();
    }

    private static List<NumberFormat> inOrder(NumberFormat usual) {
        List<NumberFormat> formats = new ArrayList<>(List.of(NumberFormat.values()));
        formats.remove(usual);
        formats.addFirst(usual);
        return formats;
    }

    /** Sets of graphs, any one of which makes a model, the best first. */
    private static List<List<String>> graphSets(RepoListing listing, Set<Family> families) {
        List<List<String>> sets = new ArrayList<>();
        for (Family family : families) {
            sets.addAll(family.graphs());
        }
        if (families.isEmpty()) {
            sets.add(List.of("model"));
        }
        List<String> names = listing.files().stream()
                .filter(Selection::isGraph)
                .map(Selection::nameOfGraph)
                .distinct()
                .toList();
        boolean oneWillDo = sets.contains(List.of("model")) && names.size() == 1;
        if (oneWillDo || (sets.isEmpty() && !names.isEmpty())) {
            // One-file repositories call their graph as they like; some families tell theirs by what is in them.
            sets.add(names);
        }
        return sets.stream().distinct().toList();
    }

    private static boolean isGraph(RepoFile file) {
        String folder =
                file.path().substring(0, file.path().length() - file.name().length());
        return file.name().endsWith(GRAPH) && (folder.isEmpty() || folder.equals(IN_FOLDER));
    }

    /** A graph's name without folder, format and ending. */
    private static String nameOfGraph(RepoFile file) {
        String stem = file.name().substring(0, file.name().length() - GRAPH.length());
        String suffix = NumberFormat.ofFile(Path.of(file.name())).suffix();
        return stem.substring(0, stem.length() - suffix.length());
    }

    private static Optional<RepoFile> graph(RepoListing listing, String name, NumberFormat format) {
        String file = name + format.suffix() + GRAPH;
        return listing.find(IN_FOLDER + file).or(() -> listing.find(file));
    }

    private static List<RepoFile> withWeights(RepoListing listing, List<RepoFile> graphs) {
        Set<String> paths = graphs.stream().map(RepoFile::path).collect(Collectors.toSet());
        Stream<RepoFile> weights = listing.files().stream()
                .filter(file -> EXTERNAL.matcher(file.path()).find()
                        && paths.contains(EXTERNAL.matcher(file.path()).replaceFirst("$1")));
        return Stream.concat(Stream.concat(small(listing).stream(), graphs.stream()), weights)
                .toList();
    }
}
