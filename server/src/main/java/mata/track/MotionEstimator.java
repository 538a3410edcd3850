package mata.track;

/** Tells from two frames how the camera moved in between. Whoever has pixels implements it; trackers have none. */
public interface MotionEstimator {

    /**
     * @return the motion, in pixels of the frames, or {@link Motion#NONE} where it can't be told: too little to see, or frames
     *     of different sizes
     */
    Motion between(Grey before, Grey now);
}
