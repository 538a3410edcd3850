package mata.fleet;

/** One start of a reader. A restart keeps the name and adds 1; no two starts in a server's life are equal. */
public record Incarnation(ReaderId reader, int number) {

    Incarnation next() {
        return new Incarnation(reader, number + 1);
    }

    @Override
    public String toString() {
        return reader + "#" + number;
    }
}
