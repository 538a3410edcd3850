package mata.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import mata.result.Box;
import mata.result.Classification;
import mata.result.Detection;
import mata.result.FloatGrid;
import mata.result.Joint;
import mata.result.Pose;
import mata.result.Result;
import mata.result.Segment;
import mata.result.TextRegion;

/** Shows an answer on its picture, for people. */
public final class Canvas {

    /** Pictures with a shorter long side are enlarged first, by a whole factor, so that captions can be read. */
    private static final int SHORTEST_LONG_SIDE = 480;

    private static final float SHOWN_JOINT = 0.3f;
    private static final int JOINTS_OF_COCO = 17;

    /** Pairs of COCO's joints. */
    private static final int[][] BONES = {
        {0, 1}, {0, 2}, {1, 3}, {2, 4}, {5, 6}, {5, 7}, {7, 9}, {6, 8}, {8, 10}, {5, 11}, {6, 12}, {11, 12}, {11, 13},
        {13, 15}, {12, 14}, {14, 16}
    };

    private static final Colour LEFT = new Colour(0xff, 0x9f, 0x1c);
    private static final Colour RIGHT = new Colour(0x2e, 0xc4, 0xff);
    private static final Colour MIDDLE = new Colour(0xf2, 0xf2, 0xf2);

    private final Painter painter;
    private final int factor;
    private final Colour.Wheel colours = new Colour.Wheel();

    private Canvas(Painter painter, int factor) {
        this.painter = painter;
        this.factor = factor;
    }

    /** @return a PNG; of the frame's size, unless that is small or the result is a depth map, which lies beside the frame */
    public static byte[] draw(Frame frame, Result result) {
        int factor = Math.ceilDiv(SHORTEST_LONG_SIDE, Math.max(frame.width(), frame.height()));
        Frame shown = Resizer.resize(frame, frame.width() * factor, frame.height() * factor, Resample.BICUBIC);
        if (result instanceof Result.Depth(FloatGrid map, boolean metric)) {
            return Png.rgb(DepthView.beside(shown, map, metric));
        }
        try (Painter painter = new Painter(shown)) {
            new Canvas(painter, factor).show(result, frame);
            return Png.rgb(painter.frame());
        }
    }

    private void show(Result result, Frame frame) {
        switch (result) {
            case Result.Classifications(List<Classification> items) -> classes(items);
            case Result.Detections(List<Detection> items) -> detections(items);
            case Result.Segments(List<Segment> items) -> segments(items, frame);
            case Result.Poses(List<Pose> items) -> poses(items);
            case Result.Text(String text, List<TextRegion> regions) -> text(text, regions);
            case Result.Said said -> panel(said.text());
            case Result.Depth depth -> throw new IllegalArgumentException("drawn beside the frame: " + depth);
        }
    }

    /** Names, bars and shares in a panel at the foot. */
    private void classes(List<Classification> items) {
        int padding = 4 * painter.stroke();
        int rows = Math.min(items.size(), Math.max(1, (painter.height() - padding) / painter.lineHeight()));
        int names = items.stream()
                .limit(rows)
                .mapToInt(item -> painter.textWidth(item.label()))
                .max()
                .orElse(0);
        int bar = painter.lineHeight() * 3;
        int share = painter.textWidth("99.9%");
        int wide = names + bar + share + 4 * padding;
        int high = rows * painter.lineHeight() + padding;
        int top = painter.height() - high;
        painter.shade(0, top, wide, high);
        for (int row = 0; row < rows; row++) {
            Classification item = items.get(row);
            String percent = percent(item.confidence());
            int baseline = top + padding / 2 + (row + 1) * painter.lineHeight() - painter.lineHeight() / 4;
            int barHeight = painter.lineHeight() / 2;
            int barLeft = names + 2 * padding;
            painter.text(padding, baseline, item.label(), Colour.WHITE);
            painter.field(barLeft, baseline - barHeight, bar, barHeight, new Colour(90, 90, 90));
            int filled = Math.clamp(Math.round(bar * item.confidence()), 1, bar);
            painter.field(barLeft, baseline - barHeight, filled, barHeight, LEFT);
            painter.text(wide - padding - painter.textWidth(percent), baseline, percent, Colour.WHITE);
        }
    }

    /** The best ones last, so that they lie on top. */
    private void detections(List<Detection> items) {
        items.forEach(item -> colours.of(item.label()));
        for (Detection item : items.reversed()) {
            painter.box(enlarged(item.box()), colour(item));
        }
        for (Detection item : items) {
            String name = item.trackId() > 0 ? "#" + item.trackId() + " " + item.label() : item.label();
            painter.caption(enlarged(item.box()), name + " " + percent(item.confidence()), colour(item));
        }
    }

    /** Who is followed keeps a colour of its own. */
    private Colour colour(Detection item) {
        return colours.of(item.trackId() > 0 ? "#" + item.trackId() : item.label());
    }

    private void segments(List<Segment> items, Frame frame) {
        List<BitMask> masks = new ArrayList<>();
        List<Colour> tints = new ArrayList<>();
        for (Segment item : items.reversed()) {
            masks.add(BitMask.of(item.mask(), frame.width(), frame.height()).enlarged(factor));
            tints.add(colours.of(item.label()));
        }
        painter.tint(masks, tints);
        for (int i = 0; i < masks.size(); i++) {
            for (float[] outline : masks.get(i).polygons()) {
                painter.edge(outline, tints.get(i));
            }
        }
        for (int i = masks.size() - 1; i >= 0; i--) {
            Segment item = items.reversed().get(i);
            if (masks.get(i).area() > 0) {
                painter.captionAt(
                        Contours.innermost(masks.get(i)),
                        item.label() + " " + percent(item.confidence()),
                        tints.get(i));
            }
        }
    }

    private void poses(List<Pose> items) {
        for (Pose item : items) {
            if (item.joints().size() == JOINTS_OF_COCO) {
                bones(item.joints());
            }
            for (int i = 0; i < item.joints().size(); i++) {
                Joint joint = item.joints().get(i);
                if (joint.confidence() >= SHOWN_JOINT) {
                    painter.dot(joint.x() * factor, joint.y() * factor, side(i));
                }
            }
        }
        for (Pose item : items) {
            painter.caption(
                    enlarged(item.box()), item.label() + " " + percent(item.confidence()), colours.of(item.label()));
        }
    }

    private void bones(List<Joint> joints) {
        for (int[] bone : BONES) {
            Joint from = joints.get(bone[0]);
            Joint to = joints.get(bone[1]);
            if (Math.min(from.confidence(), to.confidence()) >= SHOWN_JOINT) {
                painter.line(
                        from.x() * factor,
                        from.y() * factor,
                        to.x() * factor,
                        to.y() * factor,
                        side(bone[0]).equals(side(bone[1])) ? side(bone[0]) : MIDDLE);
            }
        }
    }

    /** Of COCO's joints, the first is in the middle, then left and right take turns. */
    private static Colour side(int joint) {
        if (joint == 0) {
            return MIDDLE;
        }
        return joint % 2 == 1 ? LEFT : RIGHT;
    }

    private void text(String text, List<TextRegion> regions) {
        if (regions.size() <= 1 && regions.stream().allMatch(this::coversAll)) {
            panel(text);
            return;
        }
        for (TextRegion region : regions) {
            Colour colour = colours.of(region.text());
            if (region.polygon().isEmpty()) {
                painter.box(enlarged(region.box()), colour);
            } else {
                painter.ring(enlarged(region.polygon()), colour);
            }
        }
        for (TextRegion region : regions) {
            painter.caption(enlarged(region.box()), region.text(), colours.of(region.text()));
        }
    }

    private boolean coversAll(TextRegion region) {
        Box box = enlarged(region.box());
        return box.width() >= painter.width() && box.height() >= painter.height();
    }

    /** Running text at the foot of the picture, as many of its lines as fit. */
    private void panel(String text) {
        int padding = 4 * painter.stroke();
        List<String> lines = wrapped(text, painter.width() - 2 * padding);
        int rows = Math.min(lines.size(), Math.max(1, (painter.height() - padding) / painter.lineHeight()));
        int high = rows * painter.lineHeight() + padding;
        int top = painter.height() - high;
        painter.shade(0, top, painter.width(), high);
        for (int row = 0; row < rows; row++) {
            int baseline = top + padding / 2 + (row + 1) * painter.lineHeight() - painter.lineHeight() / 4;
            painter.text(padding, baseline, lines.get(row), Colour.WHITE);
        }
    }

    private List<String> wrapped(String text, int wide) {
        List<String> lines = new ArrayList<>();
        for (String paragraph : text.strip().lines().toList()) {
            var line = new StringBuilder();
            for (String word : paragraph.split(" ")) {
                if (!line.isEmpty() && painter.textWidth(line + " " + word) > wide) {
                    lines.add(line.toString());
                    line.setLength(0);
                }
                line.append(line.isEmpty() ? "" : " ").append(word);
            }
            lines.add(line.toString());
        }
        return lines;
    }

    private Box enlarged(Box box) {
        return new Box(box.x1() * factor, box.y1() * factor, box.x2() * factor, box.y2() * factor);
    }

    private float[] enlarged(List<Float> points) {
        var enlarged = new float[points.size()];
        for (int i = 0; i < enlarged.length; i++) {
            enlarged[i] = points.get(i) * factor;
        }
        return enlarged;
    }

    private static String percent(float confidence) {
        return String.format(Locale.ROOT, confidence < 0.1f ? "%.1f%%" : "%.0f%%", confidence * 100);
    }
}
