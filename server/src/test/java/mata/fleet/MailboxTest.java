package mata.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class MailboxTest {

    @Test
    void letterIsReadBeforeItsBringerLeavesWhereNobodyElseReads() {
        List<String> read = new ArrayList<>();
        var mailbox = new Mailbox<String>(read::add);

        mailbox.post("a");

        assertThat(read).containsExactly("a");
    }

    @Test
    void aLetterPostedWhileAnotherIsReadWaitsForItsTurn() {
        List<String> read = new ArrayList<>();
        var box = new ArrayList<Mailbox<String>>();
        var mailbox = new Mailbox<String>(letter -> {
            if (letter.equals("a")) {
                box.getFirst().post("b");
            }
            read.add(letter);
        });
        box.add(mailbox);

        mailbox.post("a");

        assertThat(read).containsExactly("a", "b");
    }

    @Test
    void lettersOfManyThreadsAreReadOneAtATimeAndEachThreadsInOrder() throws Exception {
        record Letter(int from, int number) {}
        Map<Integer, Integer> last = new HashMap<>(); // unguarded: the mailbox guards it
        var reading = new AtomicInteger();
        var faults = new AtomicInteger();
        var mailbox = new Mailbox<Letter>(letter -> {
            boolean alone = reading.incrementAndGet() == 1;
            boolean inOrder = last.merge(letter.from(), 1, Integer::sum) == letter.number();
            if (!alone || !inOrder) {
                faults.incrementAndGet();
            }
            reading.decrementAndGet();
        });
        var done = new CountDownLatch(8);

        for (int from = 0; from < 8; from++) {
            int self = from;
            Thread.ofVirtual().start(() -> {
                for (int i = 1; i <= 5000; i++) {
                    mailbox.post(new Letter(self, i));
                }
                done.countDown();
            });
        }
        done.await();
        mailbox.post(new Letter(99, 1)); // read after all others, here or by whoever still reads

        assertThat(faults).hasValue(0);
    }
}
