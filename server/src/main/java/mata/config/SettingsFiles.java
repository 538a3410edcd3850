package mata.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.github.cdimascio.dotenv.Dotenv;
import io.github.cdimascio.dotenv.DotenvEntry;
import io.github.cdimascio.dotenv.DotenvException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The two files that may hold settings, as names and texts. What cannot be read becomes a fault. */
final class SettingsFiles {

    private SettingsFiles() {}

    static Map<String, String> dotEnv(Path folder, List<String> faults) {
        if (!Files.isRegularFile(folder.resolve(".env"))) {
            return Map.of();
        }
        try {
            Dotenv file = Dotenv.configure().directory(folder.toString()).load();
            return file.entries(Dotenv.Filter.DECLARED_IN_ENV_FILE).stream()
                    .collect(Collectors.toMap(
                            DotenvEntry::getKey, entry -> unquoted(entry.getValue()), (_, later) -> later));
        } catch (DotenvException unreadable) {
            faults.add(".env: " + unreadable.getMessage());
            return Map.of();
        }
    }

    /** The library takes double quotes off; shells and the Python tools take single ones off as well. */
    private static String unquoted(String text) {
        boolean quoted = text.length() > 1 && text.startsWith("'") && text.endsWith("'");
        return quoted ? text.substring(1, text.length() - 1) : text;
    }

    /** A flat map; lists become words with commas between them, null means not given. */
    static Map<String, String> yaml(Path file, List<String> faults) {
        Map<String, String> entries = new LinkedHashMap<>();
        try {
            YAMLFactory yaml = YAMLFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build();
            JsonNode root = new ObjectMapper(yaml).readTree(file.toFile());
            if (root.isObject()) {
                root.forEachEntry((key, value) -> put(key, value, entries, faults));
            } else if (!root.isMissingNode() && !root.isNull()) {
                faults.add(Setting.CONFIG.variable() + ": " + file + " does not hold names and values");
            }
        } catch (JsonProcessingException malformed) {
            faults.add(Setting.CONFIG.variable() + ": " + file + " line "
                    + malformed.getLocation().getLineNr() + ": " + malformed.getOriginalMessage());
        } catch (IOException unreadable) {
            faults.add(Setting.CONFIG.variable() + ": cannot read " + file);
        }
        return entries;
    }

    private static void put(String key, JsonNode value, Map<String, String> entries, List<String> faults) {
        if (value.isValueNode()) {
            entries.put(key, value.isNull() ? "" : value.asText());
        } else if (value.isArray() && value.valueStream().allMatch(JsonNode::isValueNode)) {
            entries.put(key, value.valueStream().map(JsonNode::asText).collect(Collectors.joining(",")));
        } else {
            faults.add(key + " in the YAML file: expected a value or a list of values");
        }
    }
}
