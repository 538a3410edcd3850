package mata.engine.ort;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mata.problem.Problem;
import mata.problem.Rejected;

/** Where a graph runs. */
sealed interface OrtDevice {

    Pattern CUDA = Pattern.compile("cuda(?::(\\d{1,3}))?");

    record Cpu() implements OrtDevice {
        @Override
        public String name() {
            return "cpu";
        }
    }

    record Cuda(int number) implements OrtDevice {
        @Override
        public String name() {
            return "cuda";
        }
    }

    /** Without its number: graphs optimised for one card serve its neighbours. */
    String name();

    /** @throws Rejected with {@code BadInput} for anything but {@code cpu}, {@code cuda}, {@code cuda:<n>} */
    static OrtDevice of(String device) {
        if (device.equals("cpu")) {
            return new Cpu();
        }
        Matcher cuda = CUDA.matcher(device);
        if (cuda.matches()) {
            return new Cuda(cuda.group(1) == null ? 0 : Integer.parseInt(cuda.group(1)));
        }
        throw new Rejected(
                new Problem.BadInput("unknown device '" + device + "': expected cpu, cuda or cuda:<number>"));
    }
}
