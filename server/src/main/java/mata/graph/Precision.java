package mata.graph;

/** How exactly linear layers hold their weights; everything else stays as it is stored. */
public enum Precision {
    /** As they are stored. */
    STORED(0),
    /** Eight bits a number, with a scale for every 32 of them. */
    Q8(8),
    /** Four bits. */
    Q4(4);

    private final int bits;

    Precision(int bits) {
        this.bits = bits;
    }

    int bits() {
        return bits;
    }
}
