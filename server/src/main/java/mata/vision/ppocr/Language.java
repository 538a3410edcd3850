package mata.vision.ppocr;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a recogniser reads, as the file names of the published ones tell it ({@code en_PP-OCRv4_rec_infer.onnx}); and the codes
 * by which requests call it.
 */
enum Language {
    ENGLISH("en", "eng", "english"),
    CHINESE("ch", "zh", "chi", "chi_sim", "chinese"),
    CHINESE_TRADITIONAL("chinese_cht", "cht", "chi_tra"),
    JAPANESE("japan", "ja", "jpn", "japanese"),
    KOREAN("korean", "ko", "kor"),
    LATIN("latin"),
    ARABIC("arabic", "ar", "ara"),
    CYRILLIC("cyrillic", "ru", "rus", "eslav"),
    DEVANAGARI("devanagari", "hi", "hin"),
    TAMIL("ta", "tam"),
    TELUGU("te", "tel"),
    KANNADA("ka", "kan"),
    THAI("th", "tha"),
    GREEK("el", "ell"),
    /** No name tells it: PP-OCR's usual recogniser, for Chinese and English. */
    ANY("");

    private final List<String> codes;

    Language(String... codes) {
        this.codes = List.of(codes);
    }

    /** By its code in a request; empty where we know none such. */
    static Optional<Language> of(String code) {
        return Arrays.stream(values())
                .filter(language -> language != ANY && language.codes.contains(code.toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    /** The first one that is a word of a graph's name. */
    static Language inName(String name) {
        String words = "_" + name.toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", "_") + "_";
        return Arrays.stream(values())
                .filter(language -> language.codes.stream().anyMatch(code -> words.contains("_" + code + "_")))
                .findFirst()
                .orElse(ANY);
    }

    /** The usual code. */
    String code() {
        return codes.getFirst();
    }
}
