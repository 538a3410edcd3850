package mata.fleet;

import java.util.OptionalInt;
import mata.problem.Problem;
import mata.reader.wire.Command;
import mata.result.Answer;
import mata.task.ModelRef;

/** The fleet as the scheduler needs it: readers that take work, and models that are kept while there is work for them. */
public interface Readers {

    /** Who is to hear what readers do; once, before the fleet starts. */
    void listen(Listener listener);

    /** A job for this model was accepted: it is loaded if need be, and stays until {@link #release}. Never waits. */
    void hold(ModelRef model);

    /**
     * The job is over, however it ended.
     *
     * @param keepAliveSeconds how long the model stays afterwards; -1 = for ever, empty = as the server keeps models
     * @param answered whether the model has answered it
     */
    void release(ModelRef model, OptionalInt keepAliveSeconds, boolean answered);

    /**
     * Sends a job to a reader that has room. Neither waits nor calls anybody back, so it may be called under a lock; a reader
     * that is no more hears nothing.
     */
    void give(Incarnation reader, Command job);

    /** Tells a reader that nobody waits for this answer any more. May be called under a lock. */
    void revoke(Incarnation reader, long ticket);

    /**
     * Hears the readers. Calls about one reader come one after another and in the order in which things happened, but for
     * {@link #answered}, which may overtake. Must be quick and not throw.
     */
    interface Listener {

        /** From now on this reader takes jobs for this model: so many. */
        void opened(Incarnation reader, ModelRef model, int room);

        void room(Incarnation reader, int more);

        /** It takes no more jobs; those it has it finishes. */
        void closed(Incarnation reader);

        /** It is dead, and will not answer what it has. */
        void lost(Incarnation reader, Problem why);

        void answered(Incarnation reader, long ticket, Answer answer);

        void failed(Incarnation reader, long ticket, Problem problem);

        /** No reader will come for this model by itself: those who wait for one wait in vain. */
        void unservable(ModelRef model, Problem why);
    }
}
