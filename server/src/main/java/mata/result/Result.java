package mata.result;

import java.util.List;

/** What a model found in one picture: exactly one of the records below. */
public sealed interface Result {

    /** Best first. */
    record Classifications(List<Classification> items) implements Result {
        public Classifications {
            items = List.copyOf(items);
        }
    }

    /** Best first. */
    record Detections(List<Detection> items) implements Result {
        public Detections {
            items = List.copyOf(items);
        }
    }

    record Segments(List<Segment> items) implements Result {
        public Segments {
            items = List.copyOf(items);
        }
    }

    /** One entry a person (or other jointed thing). */
    record Poses(List<Pose> items) implements Result {
        public Poses {
            items = List.copyOf(items);
        }
    }

    /** {@code metric}: metres, near is small; otherwise inverse relative depth, near is large. */
    record Depth(FloatGrid map, boolean metric) implements Result {}

    /** Text read from the picture; {@code text} is the regions joined by newlines. */
    record Text(String text, List<TextRegion> regions) implements Result {
        public Text {
            regions = List.copyOf(regions);
        }
    }

    /** What a vision-language model answered. */
    record Said(String text, String finishReason, int promptTokens, int completionTokens) implements Result {}
}
