package mata.hub;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;

/** The body of one answer on its way to a sink. Asks for one list of buffers at a time, so memory stays flat however slow the disk. */
final class Incoming implements BodySubscriber<Void> {

    private final ByteSink sink;
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private volatile Optional<Subscription> subscription = Optional.empty();
    private volatile long lastByte = System.nanoTime();
    private boolean stopped;

    Incoming(ByteSink sink) {
        this.sink = sink;
    }

    /** Whether an answer came whose body was wanted. */
    boolean isUsed() {
        return subscription.isPresent();
    }

    /** How long nothing has come. */
    Duration quiet() {
        return Duration.ofNanos(System.nanoTime() - lastByte);
    }

    /** Nothing reaches the sink once this has returned. */
    synchronized void stop() {
        stopped = true;
        subscription.ifPresent(Subscription::cancel);
    }

    @Override
    public CompletionStage<Void> getBody() {
        return end;
    }

    @Override
    public void onSubscribe(Subscription source) {
        subscription = Optional.of(source);
        lastByte = System.nanoTime();
        source.request(1);
    }

    @Override
    public synchronized void onNext(List<ByteBuffer> bytes) {
        if (stopped) {
            return;
        }
        lastByte = System.nanoTime();
        try {
            sink.accept(bytes);
            subscription.orElseThrow().request(1);
        } catch (IOException e) {
            stop();
            end.completeExceptionally(e);
        }
    }

    @Override
    public void onError(Throwable failure) {
        end.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        end.complete(null);
    }
}
