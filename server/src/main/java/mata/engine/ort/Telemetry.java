package mata.engine.ort;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Keeps the runtime from reporting to its maker. Since 1.29.0 its published builds collect and send what they run, on Linux and
 * macOS too, and now and then end the process while they prepare for that (a stack overflow in native code). Nothing but an
 * environment variable, set before the first use of the runtime, stops it altogether; a Java program can set one for its own
 * process only through the C library.
 */
final class Telemetry {

    private Telemetry() {}

    /** To be called before the environment is made. */
    static void forbid() {
        Linker.nativeLinker().defaultLookup().find("setenv").ifPresent(address -> {
            @SuppressWarnings("restricted") // the C library's own function, with its own signature
            MethodHandle setenv = Linker.nativeLinker()
                    .downcallHandle(
                            address,
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.ADDRESS,
                                    ValueLayout.JAVA_INT));
            set(setenv);
        });
    }

    private static void set(MethodHandle setenv) {
        try (Arena arena = Arena.ofConfined()) {
            int failed =
                    (int) setenv.invokeExact(arena.allocateFrom("ORT_DISABLE_TELEMETRY"), arena.allocateFrom("1"), 1);
            if (failed != 0) {
                throw new IllegalStateException("the runtime's telemetry cannot be switched off");
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("setenv throws nothing", e);
        }
    }

    /** For systems where the variable has no effect: what is left after the environment was made. */
    static void forbid(OrtEnvironment environment) {
        try {
            environment.setTelemetry(false);
        } catch (OrtException e) {
            throw new IllegalStateException("the runtime's telemetry cannot be switched off", e);
        }
    }
}
