package network.conet.edge.protocol;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads one JSON text strictly as RFC 8259 defines it. One use, one thread. */
final class JsonParser {
    private final String text;
    private int at;
    private int depth;
    private final int valuesMax;
    private int values;

    JsonParser(String text, int valuesMax) {
        this.text = text;
        this.valuesMax = valuesMax;
    }

    JsonValue parse() throws JsonException {
        JsonValue value = value();
        skipSpace();
        if (at != text.length()) {
            throw fail("text after the end");
        }
        return value;
    }

    private JsonValue value() throws JsonException {
        if (++values > valuesMax) {
            throw fail("too many values");
        }
        skipSpace();
        char c = peek();
        switch (c) {
            case '{':
                return object();
            case '[':
                return array();
            case '"':
                return new JsonValue.Text(string());
            case 't':
                return word("true", JsonValue.Literal.TRUE);
            case 'f':
                return word("false", JsonValue.Literal.FALSE);
            case 'n':
                return word("null", JsonValue.Literal.NULL);
            default:
                return number();
        }
    }

    private JsonValue object() throws JsonException {
        enter();
        Map<String, JsonValue> members = new LinkedHashMap<>();
        skipSpace();
        if (peek() == '}') {
            at++;
        } else {
            do {
                skipSpace();
                String name = string();
                skipSpace();
                expect(':');
                members.put(name, value());
            } while (more('}'));
        }
        depth--;
        return new JsonValue.Obj(Collections.unmodifiableMap(members));
    }

    private JsonValue array() throws JsonException {
        enter();
        List<JsonValue> values = new ArrayList<>();
        skipSpace();
        if (peek() == ']') {
            at++;
        } else {
            do {
                values.add(value());
            } while (more(']'));
        }
        depth--;
        return new JsonValue.Array(Collections.unmodifiableList(values));
    }

    private void enter() throws JsonException {
        at++;
        if (++depth > ProtocolLimits.JSON_DEPTH_MAX) {
            throw fail("nested too deep");
        }
    }

    /** After an element: true behind a comma, false behind the closing bracket. */
    private boolean more(char close) throws JsonException {
        skipSpace();
        char c = peek();
        at++;
        if (c == ',') {
            return true;
        }
        if (c == close) {
            return false;
        }
        at--;
        throw fail("expected , or " + close);
    }

    private String string() throws JsonException {
        expect('"');
        int start = at;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '"') {
                return text.substring(start, at++);
            }
            if (c == '\\') {
                return escapedString(start);
            }
            if (c < ' ') {
                throw fail("control character in a string");
            }
            at++;
        }
        throw fail("string without end");
    }

    private String escapedString(int start) throws JsonException {
        StringBuilder out = new StringBuilder(text.length() - start > 1024 ? 1024 : text.length() - start);
        out.append(text, start, at);
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return out.toString();
            }
            if (c < ' ') {
                throw fail("control character in a string");
            }
            out.append(c == '\\' ? escape() : c);
        }
        throw fail("string without end");
    }

    private char escape() throws JsonException {
        char c = peek();
        at++;
        switch (c) {
            case '"':
            case '\\':
            case '/':
                return c;
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'u':
                int code = 0;
                for (int i = 0; i < 4; i++) {
                    int digit = Character.digit(peek(), 16);
                    if (digit < 0 || peek() > 'f') {
                        throw fail("not a hexadecimal digit");
                    }
                    code = code << 4 | digit;
                    at++;
                }
                return (char) code;
            default:
                throw fail("unknown escape");
        }
    }

    private JsonValue number() throws JsonException {
        int start = at;
        if (peek() == '-') {
            at++;
        }
        if (peek() == '0') {
            at++;
        } else {
            digits();
        }
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            digits();
        }
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            at++;
            if (peek() == '+' || peek() == '-') {
                at++;
            }
            int exponent = at;
            digits();
            if (at - exponent > 4) {
                throw fail("exponent too large");
            }
        }
        return new JsonValue.Numeric(text.substring(start, at));
    }

    private void digits() throws JsonException {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at == start) {
            throw fail("expected a value");
        }
    }

    private JsonValue word(String word, JsonValue value) throws JsonException {
        if (!text.startsWith(word, at)) {
            throw fail("expected a value");
        }
        at += word.length();
        return value;
    }

    private void expect(char c) throws JsonException {
        if (peek() != c) {
            throw fail("expected " + c);
        }
        at++;
    }

    private char peek() throws JsonException {
        if (at >= text.length()) {
            throw fail("text ends too early");
        }
        return text.charAt(at);
    }

    private void skipSpace() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
                return;
            }
            at++;
        }
    }

    private JsonException fail(String message) {
        return new JsonException(message, at);
    }
}
