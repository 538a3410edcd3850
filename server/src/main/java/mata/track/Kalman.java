package mata.track;

import mata.result.Box;

/**
 * Where a box is, how fast it moves and how sure that is: a Kalman filter of constant velocity with eight states, the box's
 * four numbers and their change per frame. Noise grows with the box. Not safe to share between threads.
 *
 * <p>The filters of the published trackers (onnx-models.md section 14): {@code XYAH} is ByteTrack's, {@code XYWH} is
 * BoT-SORT's. Their weights, 1/20 of the size for places and 1/160 for velocities, are those of the papers' code.
 */
final class Kalman {

    private static final int AXES = 4;
    private static final double PLACE = 1.0 / 20;
    private static final double VELOCITY = 1.0 / 160;

    /** Which four numbers stand for a box: always its centre, then two that say its size. */
    enum Form {
        /** Aspect ratio (width / height) and height. The ratio's noise doesn't depend on the size. */
        XYAH {
            @Override
            double[] measure(Box box) {
                double height = (double) box.y2() - box.y1();
                return centred(box, ((double) box.x2() - box.x1()) / height, height);
            }

            @Override
            double width(double[] mean) {
                return mean[2] * mean[3];
            }

            @Override
            double noise(double[] mean, int axis, double share, double ofRatio) {
                return axis == 2 ? ofRatio : ofSize(share, mean[3]);
            }

            @Override
            void keepSize(double[] mean) {
                mean[7] = 0;
            }
        },
        /** Width and height. */
        XYWH {
            @Override
            double[] measure(Box box) {
                return centred(box, (double) box.x2() - box.x1(), (double) box.y2() - box.y1());
            }

            @Override
            double width(double[] mean) {
                return mean[2];
            }

            @Override
            double noise(double[] mean, int axis, double share, double ofRatio) {
                return ofSize(share, mean[axis % 2 == 0 ? 2 : 3]);
            }

            @Override
            void keepSize(double[] mean) {
                mean[6] = 0;
                mean[7] = 0;
            }
        };

        abstract double[] measure(Box box);

        abstract double width(double[] mean);

        /** Standard deviation along an axis: a share of the box's size, or {@code ofRatio} for an aspect ratio. */
        abstract double noise(double[] mean, int axis, double share, double ofRatio);

        /** Forgets how the size changes (of XYAH the height only, as published). */
        abstract void keepSize(double[] mean);

        /** Never 0, so that no certainty is infinite, not even about a box that a motion has squeezed flat. */
        private static double ofSize(double share, double size) {
            return Math.max(Math.abs(share * size), 1e-12);
        }

        private static double[] centred(Box box, double third, double fourth) {
            return new double[] {((double) box.x1() + box.x2()) / 2, ((double) box.y1() + box.y2()) / 2, third, fourth};
        }
    }

    private final Form form;
    private final double[] mean = new double[2 * AXES];
    private final double[][] covariance = new double[2 * AXES][2 * AXES];

    /** At rest where it was first seen. {@code box} has a width and a height above 0. */
    Kalman(Form form, Box box) {
        this.form = form;
        System.arraycopy(form.measure(box), 0, mean, 0, AXES);
        for (int axis = 0; axis < AXES; axis++) {
            covariance[axis][axis] = square(form.noise(mean, axis, 2 * PLACE, 1e-2));
            covariance[axis + AXES][axis + AXES] = square(form.noise(mean, axis, 10 * VELOCITY, 1e-5));
        }
    }

    /** One frame on. A box that was {@code lost} in the last frame moves on, but its size no longer changes. */
    void predict(boolean lost) {
        if (lost) {
            form.keepSize(mean);
        }
        double[] before = mean.clone();
        for (int axis = 0; axis < AXES; axis++) {
            mean[axis] += mean[axis + AXES];
        }
        // F·P·Fᵀ + Q, where F adds each velocity to its place.
        for (int axis = 0; axis < AXES; axis++) {
            for (int j = 0; j < 2 * AXES; j++) {
                covariance[axis][j] += covariance[axis + AXES][j];
            }
        }
        for (double[] row : covariance) {
            for (int axis = 0; axis < AXES; axis++) {
                row[axis] += row[axis + AXES];
            }
        }
        for (int axis = 0; axis < AXES; axis++) {
            covariance[axis][axis] += square(form.noise(before, axis, PLACE, 1e-2));
            covariance[axis + AXES][axis + AXES] += square(form.noise(before, axis, VELOCITY, 1e-5));
        }
    }

    /**
     * The camera moved: each pair of numbers (centre, size and their velocities) is turned and scaled, the centre is also
     * shifted. As published for XYWH; an aspect ratio can't be turned, so XYAH has no such step.
     */
    void move(Motion motion) {
        if (form != Form.XYWH) {
            throw new IllegalStateException("camera motion needs boxes as " + Form.XYWH);
        }
        for (int i = 0; i < 2 * AXES; i += 2) {
            turn(motion, mean, i);
        }
        mean[0] += motion.tx();
        mean[1] += motion.ty();
        // M·P·Mᵀ: first the columns of each row, then the rows.
        for (double[] row : covariance) {
            for (int j = 0; j < 2 * AXES; j += 2) {
                turn(motion, row, j);
            }
        }
        for (int i = 0; i < 2 * AXES; i += 2) {
            for (int j = 0; j < 2 * AXES; j++) {
                double x = covariance[i][j];
                double y = covariance[i + 1][j];
                covariance[i][j] = motion.xx() * x + motion.xy() * y;
                covariance[i + 1][j] = motion.yx() * x + motion.yy() * y;
            }
        }
    }

    private static void turn(Motion motion, double[] pairs, int at) {
        double x = pairs[at];
        double y = pairs[at + 1];
        pairs[at] = motion.xx() * x + motion.xy() * y;
        pairs[at + 1] = motion.yx() * x + motion.yy() * y;
    }

    /** The box was seen here. Its four numbers are independent, so taking them in one by one equals the update by matrices. */
    void update(Box seen) {
        double[] measured = form.measure(seen);
        double[] predicted = mean.clone();
        for (int axis = 0; axis < AXES; axis++) {
            double variance = covariance[axis][axis] + square(form.noise(predicted, axis, PLACE, 1e-1));
            double[] gain = new double[2 * AXES];
            for (int i = 0; i < 2 * AXES; i++) {
                gain[i] = covariance[i][axis] / variance;
            }
            double surprise = measured[axis] - mean[axis];
            for (int i = 0; i < 2 * AXES; i++) {
                mean[i] += gain[i] * surprise;
                for (int j = 0; j < 2 * AXES; j++) {
                    covariance[i][j] -= gain[i] * gain[j] * variance;
                }
            }
        }
    }

    /** The corners as they are believed to be now: {@code x1, y1, x2, y2} in pixels. */
    double[] corners() {
        double halfWidth = form.width(mean) / 2;
        double halfHeight = mean[3] / 2;
        return new double[] {mean[0] - halfWidth, mean[1] - halfHeight, mean[0] + halfWidth, mean[1] + halfHeight};
    }

    /** The four numbers of the form, then their velocities per frame. A copy. */
    double[] mean() {
        return mean.clone();
    }

    /** How sure each of {@link #mean()} is: the diagonal of the covariance. A copy. */
    double[] variances() {
        double[] variances = new double[2 * AXES];
        for (int i = 0; i < variances.length; i++) {
            variances[i] = covariance[i][i];
        }
        return variances;
    }

    boolean isFinite() {
        double sum = 0;
        for (int i = 0; i < 2 * AXES; i++) {
            sum += Math.abs(mean[i]);
            for (int j = 0; j < 2 * AXES; j++) {
                sum += Math.abs(covariance[i][j]);
            }
        }
        return Double.isFinite(sum);
    }

    private static double square(double value) {
        return value * value;
    }
}
