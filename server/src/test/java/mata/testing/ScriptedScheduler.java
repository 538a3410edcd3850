package mata.testing;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.result.Answer;
import mata.scheduler.Job;
import mata.scheduler.Scheduler;
import mata.scheduler.Ticket;
import mata.scheduler.TicketId;

/** Answers every job as it is told to, and remembers them. */
public final class ScriptedScheduler implements Scheduler {

    private final List<Job> jobs = new CopyOnWriteArrayList<>();
    private final List<ScriptedTicket> tickets = new CopyOnWriteArrayList<>();
    private volatile Function<Job, Answer> script = job -> Answers.to(job.task());
    private volatile boolean holding;

    /** From now on a job is answered so; a {@link Rejected} that the script throws becomes the ticket's answer. */
    public void answers(Function<Job, Answer> newScript) {
        script = newScript;
    }

    public void fails(Problem problem) {
        script = _ -> {
            throw new Rejected(problem);
        };
    }

    /** From now on tickets stay unanswered. */
    public void holds() {
        holding = true;
    }

    /** From now on every job is answered as it is submitted; so it is from the start. */
    public void answersAtOnce() {
        holding = false;
    }

    @Override
    public Ticket submit(Job job) {
        jobs.add(job);
        var ticket = new ScriptedTicket(new TicketId(jobs.size()));
        if (!holding) {
            try {
                ticket.answer.complete(script.apply(job));
            } catch (Rejected rejected) {
                if (rejected.problem() instanceof Problem.Busy) {
                    throw rejected;
                }
                ticket.answer.completeExceptionally(rejected);
            }
        }
        tickets.add(ticket);
        return ticket;
    }

    public List<Job> jobs() {
        return List.copyOf(jobs);
    }

    public Job lastJob() {
        return jobs.getLast();
    }

    public List<ScriptedTicket> tickets() {
        return List.copyOf(tickets);
    }

    /** A ticket that shows whether it was cancelled. */
    public static final class ScriptedTicket implements Ticket {

        private final TicketId id;
        private final CompletableFuture<Answer> answer = new CompletableFuture<>();

        private ScriptedTicket(TicketId id) {
            this.id = id;
        }

        @Override
        public TicketId id() {
            return id;
        }

        public void answer(Answer given) {
            answer.complete(given);
        }

        @Override
        public Answer await() throws InterruptedException {
            try {
                return answer.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof Rejected rejected) {
                    throw rejected;
                }
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void cancel() {
            answer.completeExceptionally(new Rejected(new Problem.Cancelled("the caller has gone")));
        }

        @Override
        public boolean isDone() {
            return answer.isDone();
        }

        public boolean isCancelled() {
            return answer.isCompletedExceptionally()
                    && answer.exceptionNow() instanceof Rejected rejected
                    && rejected.problem() instanceof Problem.Cancelled;
        }
    }
}
