/** The front door: {@link mata.Main} starts a command, {@code App} builds the server's parts by hand. */
@org.jspecify.annotations.NullMarked
package mata;
