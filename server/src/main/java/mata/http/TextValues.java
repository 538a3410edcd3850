package mata.http;

import java.math.BigDecimal;
import mata.params.Parameter;
import mata.params.Shape;

/** Values that came as texts, in a form or a query, as the JSON values they stand for. */
final class TextValues {

    private static final int LONGEST_NUMBER = 40;

    private TextValues() {}

    /** The value for a parameter of this shape; the text itself where it does not read as one, for the check to complain of. */
    static Object of(Parameter parameter, String text) {
        return switch (parameter.shape()) {
            case Shape.Fraction _, Shape.Real _, Shape.Whole _ -> number(text);
            case Shape.Flag _ -> flag(text);
            case Shape.Text _, Shape.Template _, Shape.Words _, Shape.OneOf _, Shape.Size _, Shape.Rows _ -> text;
        };
    }

    /** An Integer where it is one, else a Double; the text itself where it is no number. */
    static Object number(String text) {
        if (text.length() > LONGEST_NUMBER) {
            return text;
        }
        try {
            var number = new BigDecimal(text.strip());
            return isInt(number) ? (Object) number.intValue() : number.doubleValue();
        } catch (NumberFormatException e) {
            return text;
        }
    }

    private static boolean isInt(BigDecimal number) {
        return number.scale() == 0 && number.compareTo(BigDecimal.valueOf(number.intValue())) == 0;
    }

    private static Object flag(String text) {
        return switch (text.strip()) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> text;
        };
    }
}
