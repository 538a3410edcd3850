package mata.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mata.problem.Problem;
import mata.problem.Rejected;

/**
 * A Python to install packages into and to run them with.
 *
 * @param program its interpreter
 * @param environment variables on top of our own
 */
record Python(String program, Map<String, String> environment) {

    private static final String IS_MANAGED = """
            import os, sys, sysconfig
            own = sys.prefix != sys.base_prefix
            marker = os.path.join(sysconfig.get_path("stdlib"), "EXTERNALLY-MANAGED")
            sys.exit(0 if own or not os.path.exists(marker) else 3)
            """;

    /** An installed Python that belongs to the system's package manager, which pip must leave alone (PEP 668). */
    private static final int MANAGED = 3;

    Python {
        environment = Map.copyOf(environment);
    }

    /** The interpreter of a virtual environment, active or ours. */
    static Python in(Path virtualEnvironment, Map<String, String> environment) {
        Path windows = virtualEnvironment.resolve("Scripts/python.exe");
        Path program = Files.exists(windows) ? windows : virtualEnvironment.resolve("bin/python");
        return new Python(program.toString(), environment);
    }

    /** @throws Rejected BadInput: there is no Python, or it does not run */
    boolean isManagedBySystem() throws InterruptedException {
        Program.Outcome outcome = run(List.of("-c", IS_MANAGED));
        if (outcome.status() != 0 && outcome.status() != MANAGED) {
            throw new Rejected(new Problem.BadInput(program + " does not run: " + String.join(" ", outcome.lines())));
        }
        return outcome.status() == MANAGED;
    }

    boolean has(String module) throws InterruptedException {
        return run(List.of(
                        "-c",
                        "import importlib.util, sys; sys.exit(importlib.util.find_spec(sys.argv[1]) is None)",
                        module))
                .isGood();
    }

    /** Whether a program of the system is on its PATH, as the packages will look for it. */
    boolean finds(String binary) throws InterruptedException {
        return run(List.of("-c", "import shutil, sys; sys.exit(shutil.which(sys.argv[1]) is None)", binary))
                .isGood();
    }

    /**
     * Runs pip.
     *
     * @throws Rejected BadInput with what pip says is wrong
     */
    void pip(String purpose, List<String> arguments) throws InterruptedException {
        List<String> words = new ArrayList<>(List.of("-m", "pip", "--disable-pip-version-check", "--no-input"));
        words.addAll(arguments);
        Program.Outcome outcome = run(words);
        if (!outcome.isGood()) {
            throw new Rejected(new Problem.BadInput("cannot " + purpose + ": " + reason(outcome)));
        }
    }

    private String reason(Program.Outcome outcome) {
        if (outcome.lines().stream().anyMatch(line -> line.endsWith("No module named pip"))) {
            return program + " has no pip; install it (Debian/Ubuntu: python3-pip) or activate a virtual environment";
        }
        List<String> errors = outcome.lines().stream()
                .filter(line -> line.startsWith("ERROR: "))
                .map(line -> line.substring("ERROR: ".length()))
                .toList();
        Optional<String> last =
                outcome.lines().stream().filter(line -> !line.isBlank()).reduce((a, b) -> b);
        return errors.isEmpty() ? "pip says: " + last.orElse("nothing") : "pip says: " + String.join(" ", errors);
    }

    /** Makes a virtual environment with this Python. */
    void makeEnvironment(Path folder) throws InterruptedException {
        Program.Outcome outcome = run(List.of("-m", "venv", folder.toString()));
        if (!outcome.isGood()) {
            throw new Rejected(new Problem.BadInput("cannot make a Python environment in " + folder + ": "
                    + String.join(" ", outcome.lines())
                    + " (Debian/Ubuntu: install python3-venv)"));
        }
    }

    private Program.Outcome run(List<String> arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(arguments);
        try {
            return Program.run(command, environment);
        } catch (IOException e) {
            throw new Rejected(
                    new Problem.BadInput(
                            "there is no Python (" + program
                                    + "): install Python 3 (Debian/Ubuntu: python3, python3-venv), or activate a virtual environment"),
                    e);
        }
    }
}
