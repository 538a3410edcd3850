package mata.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.task.ModelRef;

/** Those who wait for the same thing to happen to a model. */
final class Waiters<T> {

    private final Map<ModelRef, List<CompletableFuture<T>>> byModel = new ConcurrentHashMap<>();

    CompletableFuture<T> join(ModelRef model) {
        var waiter = new CompletableFuture<T>();
        byModel.compute(model, (_, others) -> {
            List<CompletableFuture<T>> all = others == null ? new ArrayList<>() : others;
            all.add(waiter);
            return all;
        });
        return waiter;
    }

    void complete(ModelRef model, T what) {
        leave(model).forEach(waiter -> waiter.complete(what));
    }

    void fail(ModelRef model, Problem problem) {
        leave(model).forEach(waiter -> waiter.completeExceptionally(new Rejected(problem)));
    }

    private List<CompletableFuture<T>> leave(ModelRef model) {
        List<CompletableFuture<T>> all = byModel.remove(model);
        return all == null ? List.of() : all;
    }

    /** @throws Rejected with the problem that it failed with */
    static <T> T await(CompletableFuture<T> waiter) throws InterruptedException {
        try {
            return waiter.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Rejected rejected) {
                throw new Rejected(rejected.problem(), rejected);
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
