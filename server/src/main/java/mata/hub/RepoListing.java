package mata.hub;

import java.util.List;
import java.util.Optional;
import mata.task.ModelRef;

/**
 * What a repository holds at one commit.
 *
 * @param revision as it was asked for: branch, tag or commit
 * @param commit what that is, 40 hex digits
 */
record RepoListing(ModelRef model, String revision, String commit, List<RepoFile> files) {

    RepoListing {
        files = List.copyOf(files);
    }

    Optional<RepoFile> find(String path) {
        return files.stream().filter(file -> file.path().equals(path)).findFirst();
    }
}
