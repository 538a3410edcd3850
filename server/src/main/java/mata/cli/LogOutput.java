package mata.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import mata.config.Settings;
import org.slf4j.LoggerFactory;

/** Where log lines go: standard error. Found by the logging library itself, so that it looks for no file of its own. */
public final class LogOutput extends ContextAwareBase implements Configurator {

    private static final String TEXT =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0}%replace( [%X{request_id}]){' \\[\\]', ''} %msg%n%ex";

    /** For commands, before settings are read: warnings only. */
    @Override
    public ExecutionStatus configure(LoggerContext context) {
        set(context, new Settings.Log("warn", false));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** From now on. */
    static void apply(Settings.Log log) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.reset();
            set(context, log);
        }
    }

    private static void set(LoggerContext context, Settings.Log log) {
        Encoder<ILoggingEvent> encoder = log.json() ? json() : text();
        encoder.setContext(context);
        encoder.start();
        var output = new ConsoleAppender<ILoggingEvent>();
        output.setContext(context);
        output.setTarget("System.err");
        output.setEncoder(encoder);
        output.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.valueOf(log.level()));
        root.addAppender(output);
        if (!log.isDebug()) {
            context.getLogger("org.eclipse.jetty").setLevel(Level.WARN); // says at info what only its makers read
        }
    }

    private static JsonEncoder json() {
        var encoder = new JsonEncoder();
        encoder.setWithSequenceNumber(false);
        encoder.setWithNanoseconds(false);
        encoder.setWithContext(false);
        encoder.setWithMarkers(false);
        encoder.setWithKVPList(false);
        encoder.setWithMessage(false);
        encoder.setWithArguments(false);
        encoder.setWithFormattedMessage(true);
        return encoder;
    }

    private static PatternLayoutEncoder text() {
        var encoder = new PatternLayoutEncoder();
        encoder.setPattern(TEXT);
        return encoder;
    }
}
