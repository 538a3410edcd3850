package mata.hub;

import java.util.regex.Pattern;

/** What a commit looks like. */
final class Commits {

    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    private Commits() {}

    static boolean isCommit(String revision) {
        return COMMIT.matcher(revision).matches();
    }
}
