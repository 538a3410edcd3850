package mata.graph.family;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The families by the {@code model_type} of their configuration. */
public final class Families {

    private static final Map<String, Family> BY_MODEL_TYPE = Map.ofEntries(
            Map.entry("vit", new Vit("vit")),
            Map.entry("deit", new Vit("deit")),
            Map.entry("resnet", new ResNet()),
            Map.entry("clip", new Clip()),
            Map.entry("siglip", new Siglip()),
            Map.entry("detr", new Detr()),
            Map.entry("table-transformer", new Detr()),
            Map.entry("yolos", new Yolos()),
            Map.entry("rt_detr", new RtDetr()),
            Map.entry("rt_detr_v2", new RtDetr()),
            Map.entry("d_fine", new DFine()),
            Map.entry("conditional_detr", new ConditionalDetr()),
            Map.entry("beit", new Beit()),
            Map.entry("dinov2", new Dinov2()),
            Map.entry("depth_anything", new DepthAnything()),
            Map.entry("dpt", new Dpt()),
            Map.entry("segformer", new Segformer()),
            Map.entry("convnext", new ConvNext("convnext")),
            Map.entry("convnextv2", new ConvNext("convnextv2")),
            Map.entry("vitpose", new VitPose()),
            Map.entry("swin", new Swin()),
            Map.entry("sam", new Sam()),
            Map.entry("owlvit", new Owl("owlvit")),
            Map.entry("owlv2", new Owl("owlv2")),
            Map.entry("grounding-dino", new GroundingDino()),
            Map.entry("vision-encoder-decoder", new TrOcr()),
            Map.entry("idefics3", new SmolVlm()),
            Map.entry("smolvlm", new SmolVlm()),
            Map.entry("llava", new Llava()),
            Map.entry("got_ocr2", new GotOcr2()),
            Map.entry("qwen2_vl", new Qwen2Vl()),
            Map.entry("florence2", new Florence2()));

    private Families() {}

    public static Optional<Family> of(String modelType) {
        return Optional.ofNullable(BY_MODEL_TYPE.get(modelType));
    }

    public static Set<String> names() {
        return new TreeMap<>(BY_MODEL_TYPE).navigableKeySet();
    }
}
