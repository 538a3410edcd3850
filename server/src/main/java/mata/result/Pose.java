package mata.result;

import java.util.List;

/** One person: joints in the model's order (COCO: nose, eyes, ears, shoulders … left before right). */
public record Pose(String label, float confidence, Box box, List<Joint> joints) {
    public Pose {
        joints = List.copyOf(joints);
    }
}
