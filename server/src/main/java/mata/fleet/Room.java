package mata.fleet;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import mata.task.ModelRef;

/** Whether memory, and the number of models allowed, have room for one more, and who has to leave for it. */
sealed interface Room {

    record There() implements Room {}

    /** Once these, and whoever is leaving already, have gone. */
    record AfterLeaving(List<Model> models) implements Room {}

    record Nowhere(String complaint) implements Room {}

    static Room look(Models models, ReaderTable readers, ModelRef wanted, long needBytes, Memory memory) {
        long limitBytes = (long) (models.rules().memoryShare() * memory.totalBytes());
        var sum = new Sum(
                memory.usedBytes() + promisedBytes(models, readers) + needBytes - limitBytes,
                models.rules().maxLoaded().isPresent()
                        ? placesTaken(models, readers)
                                + 1
                                - models.rules().maxLoaded().getAsInt()
                        : 0);
        if (sum.isEnough()) {
            return new There();
        }
        for (Model model : models.all().values()) {
            if (Models.reader(model, readers).filter(Reader::isDraining).isPresent()) {
                sum = sum.without(model, readers);
            }
        }
        List<Model> leaving = new ArrayList<>();
        for (Model model : leastRecentlyUsed(models, readers)) {
            if (!sum.isEnough()) {
                leaving.add(model);
                sum = sum.without(model, readers);
            }
        }
        if (sum.isEnough()) {
            return new AfterLeaving(leaving);
        }
        return new Nowhere(
                sum.missingPlaces > 0
                        ? String.format(
                                Locale.ROOT,
                                "no place for %s: no more than %d models may be loaded, and none of them is idle",
                                wanted,
                                models.rules().maxLoaded().orElseThrow())
                        : String.format(
                                Locale.ROOT,
                                "no memory for %s: it needs about %d MB, %d MB are in use, models may bring that to %d MB,"
                                        + " and no idle model is left to unload",
                                wanted,
                                needBytes >> 20,
                                memory.usedBytes() >> 20,
                                limitBytes >> 20));
    }

    /** What is missing before there is room: nothing where neither number is above 0. */
    record Sum(long missingBytes, int missingPlaces) {

        boolean isEnough() {
            return missingBytes <= 0 && missingPlaces <= 0;
        }

        Sum without(Model model, ReaderTable readers) {
            return new Sum(missingBytes - Models.residentBytes(model, readers), missingPlaces - 1);
        }
    }

    /** Those that may leave: used ones before those that still wait for their first job. */
    private static List<Model> leastRecentlyUsed(Models models, ReaderTable readers) {
        return models.all().values().stream()
                .filter(model -> model.holds() == 0)
                .filter(model -> !models.rules().pinned().contains(model.ref()))
                .filter(model ->
                        Models.reader(model, readers).filter(Reader::isLive).isPresent())
                .sorted(Comparator.comparing((Model model) -> !model.use().used())
                        .thenComparing(model -> model.use().idleSince()))
                .toList();
    }

    /** What models that are loading will yet take. */
    private static long promisedBytes(Models models, ReaderTable readers) {
        return models.all().values().stream()
                .filter(model ->
                        Models.reader(model, readers).filter(Reader::isLoading).isPresent())
                .mapToLong(model -> Math.max(0, model.needBytes() - Models.residentBytes(model, readers)))
                .sum();
    }

    private static int placesTaken(Models models, ReaderTable readers) {
        return Math.toIntExact(models.all().values().stream()
                .filter(model -> Models.reader(model, readers)
                        .filter(reader -> !reader.isDead())
                        .isPresent())
                .count());
    }
}
