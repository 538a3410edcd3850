package mata.vision;

import java.util.Map;
import java.util.Optional;
import mata.engine.Signature;
import mata.engine.Signature.Port;
import mata.folder.Labels;
import mata.folder.ModelFolder;
import mata.problem.Problem;
import mata.problem.Rejected;

/**
 * What a recipe may look at when it is made: the model's files, its graph's ports, and the settings that the user gave this
 * model.
 */
record Model(ModelFolder folder, Signature signature, Map<String, String> settings) {

    Labels labels() {
        return folder.labels(signature.metadata());
    }

    Optional<String> setting(String name) {
        return Optional.ofNullable(settings.get(name));
    }

    /** The first input that takes a picture: four dimensions. */
    Port pictureInput() {
        return signature.inputs().stream()
                .filter(port -> port.shape().length == 4)
                .findFirst()
                .orElseThrow(() -> refused("no input takes a picture"));
    }

    Port output(String name) {
        return signature.output(name).orElseThrow(() -> refused("there is no output " + name));
    }

    /** A graph that does not fit its family. */
    Rejected refused(String why) {
        return new Rejected(new Problem.BadInput(why + ": the graph has inputs "
                + signature.inputs().stream().map(Port::name).toList() + " and outputs "
                + signature.outputs().stream().map(Port::name).toList()));
    }
}
