package mata.hub;

import java.util.Optional;

/**
 * One file of a repository as its list tells of it.
 *
 * @param path inside the repository, with {@code /}; checked to stay inside it
 * @param size bytes of the file itself, also where git only holds a pointer to it
 * @param oid git's hash of the file, or of the pointer to it
 * @param sha256 of the file itself; for large ones only
 * @param xetHash of the hub's newer store of large files; kept for the Python tools
 */
record RepoFile(String path, long size, String oid, Optional<String> sha256, Optional<String> xetHash) {

    /** The name of the file without its folders. */
    String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** What the hub names as the file's ETag, and the cache as its blob. */
    String etag() {
        return sha256.orElse(oid);
    }
}
