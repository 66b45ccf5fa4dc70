package network.conet.edge.protocol;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A JSON text as a tree (RFC 8259). Immutable; members keep their order; of members with the same name the last
 * one counts, as in JavaScript. {@link #toString()} is the compact text, written as JavaScript writes it.
 */
public sealed interface JsonValue {
    /**
     * Reads one JSON text, nested at most {@link ProtocolLimits#JSON_DEPTH_MAX} deep, with at most {@link
     * ProtocolLimits#JSON_VALUES_MAX} values.
     *
     * @param text the text; its length is for the caller to bound
     */
    static JsonValue parse(String text) throws JsonException {
        return new JsonParser(text, ProtocolLimits.JSON_VALUES_MAX).parse();
    }

    /**
     * Reads one JSON text from a source that we chose: a file of the operator, a chain's server.
     *
     * @param valuesMax values that it may hold; each takes some 40 bytes of heap
     */
    static JsonValue parse(byte[] utf8, int valuesMax) throws JsonException {
        return new JsonParser(new String(utf8, StandardCharsets.UTF_8), valuesMax).parse();
    }

    /** Reads UTF-8; a malformed byte becomes U+FFFD, as in JavaScript. */
    static JsonValue parse(byte[] utf8) throws JsonException {
        return parse(new String(utf8, StandardCharsets.UTF_8));
    }

    /** The text of a string; empty for another kind. */
    default Optional<String> asString() {
        return this instanceof Text text ? Optional.of(text.value) : Optional.empty();
    }

    /**
     * A number without fraction, at most {@link ProtocolLimits#JSON_INTEGER_MAX} either side of zero; empty for
     * anything else. Sums and differences of two of them fit 64 bits.
     */
    default OptionalLong asLong() {
        if (this instanceof Numeric numeric && numeric.text.length() <= ProtocolLimits.JSON_INTEGER_CHARS_MAX) {
            try {
                long number = new BigDecimal(numeric.text).longValueExact();
                return Math.abs(number) <= ProtocolLimits.JSON_INTEGER_MAX && number != Long.MIN_VALUE
                        ? OptionalLong.of(number)
                        : OptionalLong.empty();
            } catch (ArithmeticException notWholeOrTooLarge) {
                return OptionalLong.empty();
            }
        }
        return OptionalLong.empty();
    }

    /** The elements of an array; empty for another kind. */
    default List<JsonValue> elements() {
        return this instanceof Array array ? array.values : List.of();
    }

    /** A member of an object; empty when there is none or this is another kind. */
    default Optional<JsonValue> member(String name) {
        return this instanceof Obj object ? Optional.ofNullable(object.members.get(name)) : Optional.empty();
    }

    /** The text of a string member. */
    default Optional<String> string(String name) {
        return member(name).flatMap(JsonValue::asString);
    }

    /** A whole-number member. */
    default OptionalLong integer(String name) {
        Optional<JsonValue> member = member(name);
        return member.isPresent() ? member.get().asLong() : OptionalLong.empty();
    }

    /** Whether this is an object. */
    default boolean isObject() {
        return this instanceof Obj;
    }

    /** A string. */
    static JsonValue of(String text) {
        return new Text(Objects.requireNonNull(text));
    }

    /** A number. */
    static JsonValue of(long number) {
        return new Numeric(Long.toString(number));
    }

    /** A number, written as JavaScript writes it: without fraction when it is whole. */
    static JsonValue of(double number) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            throw new IllegalArgumentException("JSON has no " + number);
        }
        BigDecimal decimal = BigDecimal.valueOf(number).stripTrailingZeros();
        int exponent = decimal.precision() - decimal.scale() - 1;
        if (exponent >= -6 && exponent <= 20) {
            return new Numeric(decimal.toPlainString());
        }
        String digits = decimal.unscaledValue().abs().toString();
        String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
        String sign = number < 0 ? "-" : "";
        return new Numeric(sign + digits.charAt(0) + fraction + (exponent < 0 ? "e" : "e+") + exponent);
    }

    /** A boolean. */
    static JsonValue of(boolean value) {
        return value ? Literal.TRUE : Literal.FALSE;
    }

    /** An array. */
    static JsonValue array(List<JsonValue> values) {
        return new Array(List.copyOf(values));
    }

    /** Begins an object. */
    static Builder object() {
        return new Builder();
    }

    /** Collects the members of an object in order. */
    final class Builder {
        private final Map<String, JsonValue> members = new LinkedHashMap<>();

        private Builder() {}

        /** Adds or replaces a member. */
        public Builder put(String name, JsonValue value) {
            members.put(name, Objects.requireNonNull(value));
            return this;
        }

        /** Adds or replaces a string member. */
        public Builder put(String name, String value) {
            return put(name, JsonValue.of(value));
        }

        /** Adds or replaces a number member. */
        public Builder put(String name, long value) {
            return put(name, JsonValue.of(value));
        }

        /** Adds or replaces a boolean member. */
        public Builder put(String name, boolean value) {
            return put(name, JsonValue.of(value));
        }

        /** Adds or replaces a member that is null. */
        public Builder putNull(String name) {
            return put(name, Literal.NULL);
        }

        /** The object. */
        public JsonValue build() {
            return new Obj(Collections.unmodifiableMap(new LinkedHashMap<>(members)));
        }
    }

    /**
     * Appends a JSON string as JavaScript's {@code JSON.stringify} writes it: only quote, backslash and control
     * characters (and lone surrogates) are escaped.
     */
    static void appendQuoted(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < ' ' || isLoneSurrogate(text, i)) {
                        out.append("\\u").append(HexFormat.of().toHexDigits(c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static boolean isLoneSurrogate(String text, int i) {
        char c = text.charAt(i);
        if (Character.isHighSurrogate(c)) {
            return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
        }
        return Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
    }

    /** A string. */
    record Text(String value) implements JsonValue {
        @Override
        public String toString() {
            StringBuilder out = new StringBuilder(value.length() + 2);
            appendQuoted(out, value);
            return out.toString();
        }
    }

    /** A number, kept as it was written. */
    record Numeric(String text) implements JsonValue {
        @Override
        public String toString() {
            return text;
        }
    }

    /** One of the three words. */
    enum Literal implements JsonValue {
        /** {@code true} */
        TRUE,
        /** {@code false} */
        FALSE,
        /** {@code null} */
        NULL;

        @Override
        public String toString() {
            return switch (this) {
                case TRUE -> "true";
                case FALSE -> "false";
                case NULL -> "null";
            };
        }
    }

    /** An array. */
    record Array(List<JsonValue> values) implements JsonValue {
        @Override
        public String toString() {
            StringBuilder out = new StringBuilder("[");
            for (JsonValue value : values) {
                out.append(out.length() > 1 ? "," : "").append(value);
            }
            return out.append(']').toString();
        }
    }

    /** An object. */
    record Obj(Map<String, JsonValue> members) implements JsonValue {
        @Override
        public String toString() {
            StringBuilder out = new StringBuilder("{");
            for (Map.Entry<String, JsonValue> member : members.entrySet()) {
                out.append(out.length() > 1 ? "," : "");
                appendQuoted(out, member.getKey());
                out.append(':').append(member.getValue());
            }
            return out.append('}').toString();
        }
    }
}
