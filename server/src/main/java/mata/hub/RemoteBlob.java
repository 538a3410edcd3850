package mata.hub;

import java.net.URI;

/**
 * Where the content of a file is to be had, and how it can be checked.
 *
 * @param etag name of the blob in the cache: sha256 of large files, git's hash of small ones
 * @param size bytes
 * @param location may be signed and die within minutes
 */
record RemoteBlob(String etag, long size, URI location) {}
