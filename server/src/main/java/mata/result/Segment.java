package mata.result;

public record Segment(String label, float confidence, Box box, Mask mask) {}
