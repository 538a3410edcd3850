package mata.hub;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Ranges of one file, each tried until it is complete or patience ends. Shared by the threads that bring the ranges. */
final class Transfer {

    private final HubClient client;
    private final HubFaults faults;
    private final RepoListing listing;
    private final RepoFile file;
    private RemoteBlob remote;

    Transfer(HubClient client, HubFaults faults, RepoListing listing, RepoFile file, RemoteBlob remote) {
        this.client = client;
        this.faults = faults;
        this.listing = listing;
        this.file = file;
        this.remote = remote;
    }

    /**
     * @throws HubClient.NoRanges where the server gives the file in one piece only, and the part wants several
     * @throws LocalFault where the bytes could not be written
     */
    void bring(PartFile part, int range) throws IOException, InterruptedException {
        Patience patience = client.patience();
        while (!part.isComplete(range)) {
            long before = part.got(range);
            RemoteBlob source = current();
            try {
                client.receive(
                        faults, source, part.start(range) + before, part.end(range), bytes -> part.write(range, bytes));
                if (part.got(range) > before) {
                    patience.gotOn();
                } else if (!patience.endures(Optional.empty())) {
                    throw faults.brokenOff(file.path(), "the hub sends nothing of it");
                }
            } catch (HubClient.NoRanges onePiece) {
                if (part.count() > 1) {
                    throw onePiece;
                }
                part.restart(range);
            } catch (LocalFault disk) {
                throw disk;
            } catch (IOException failure) {
                if (part.got(range) > before) {
                    patience.gotOn();
                }
                if (!patience.endures(wished(failure))) {
                    throw faults.brokenOff(file.path(), String.valueOf(failure.getMessage()));
                }
                if (failure instanceof HubClient.Stale) {
                    locateAgain(source);
                }
            }
        }
    }

    private static Optional<Duration> wished(IOException failure) {
        return failure instanceof HubClient.Later later ? later.wished : Optional.empty();
    }

    private synchronized RemoteBlob current() {
        return remote;
    }

    /** Signed locations die; one thread asks for a fresh one and the others take it. */
    private synchronized void locateAgain(RemoteBlob dead) throws InterruptedException {
        if (remote.equals(dead)) {
            RemoteBlob fresh = client.locate(listing, file);
            if (!fresh.etag().equals(dead.etag())) {
                throw faults.rejected("'" + file.path() + "' changed on the hub while it was fetched; pull again");
            }
            remote = fresh;
        }
    }
}
