package mata.track;

import mata.result.Box;

/** One thing that is being followed, from its first box until it is forgotten. */
final class Track {

    enum State {
        /** Seen in one frame only: has no id yet. */
        TENTATIVE,
        /** Seen in the last frame. */
        TRACKED,
        /** Not seen in the last frame. */
        LOST
    }

    private final Kalman place;
    private final int firstFrame;
    private int lastFrame;
    private int id;
    private State state = State.TENTATIVE;

    Track(Kalman.Form form, Box box, int frame) {
        this.place = new Kalman(form, box);
        this.firstFrame = frame;
        this.lastFrame = frame;
    }

    boolean is(State wanted) {
        return state == wanted;
    }

    /** 1 and up, or 0 while tentative. */
    int id() {
        return id;
    }

    void confirm(int newId) {
        id = newId;
        state = State.TRACKED;
    }

    /** One frame on; a tentative track stays where it was seen, as published. */
    void predict() {
        if (state != State.TENTATIVE) {
            place.predict(state == State.LOST);
        }
    }

    void move(Motion motion) {
        place.move(motion);
    }

    boolean isSomewhere() {
        return place.isFinite();
    }

    /** A confirmed track is tracked again from here on; a tentative one stays so until {@link #confirm}. */
    void see(Box box, int frame) {
        place.update(box);
        lastFrame = frame;
        if (state == State.LOST) {
            state = State.TRACKED;
        }
    }

    void lose() {
        state = State.LOST;
    }

    int framesSince(int frame) {
        return frame - lastFrame;
    }

    /** Frames from its first box to its last. */
    int life() {
        return lastFrame - firstFrame;
    }

    double overlap(Box box) {
        return overlap(place.corners(), new double[] {box.x1(), box.y1(), box.x2(), box.y2()});
    }

    double overlap(Track other) {
        return overlap(place.corners(), other.place.corners());
    }

    /** Intersection over union in doubles: what a filter predicts is not rounded to a {@link Box} in between. */
    private static double overlap(double[] a, double[] b) {
        double width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
        double height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
        if (width <= 0 || height <= 0) {
            return 0;
        }
        double both = width * height;
        return both / (area(a) + area(b) - both);
    }

    private static double area(double[] corners) {
        return (corners[2] - corners[0]) * (corners[3] - corners[1]);
    }
}
