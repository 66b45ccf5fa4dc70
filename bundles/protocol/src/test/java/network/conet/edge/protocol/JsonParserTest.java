package network.conet.edge.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 8259, and where RFC 8259 leaves a choice, the choice of JavaScript's JSON.parse. */
class JsonParserTest {
    @ParameterizedTest
    @ValueSource(strings = {
        "{}", "[]", "\"\"", "0", "-0", "1", "-1", "10", "1.5", "-0.5", "1e5", "1E+5", "1e-5", "0e0", "1.0e0", "true",
        "false", "null", "[1,2,[3]]", "{\"a\":{\"b\":[]}}", "\"\u007f\"", "\"\u2028\"", "\"\ud83d\ude00\"",
        "\"/\"", "[null]", "{\"\":1}"})
    void writesWhatItRead(String text) throws JsonException {
        assertEquals(text, JsonValue.parse(text).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", " ", "{", "}", "[", "]", "{]", "[}", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "{\"a\"}", "{\"a\":}",
        "{\"a\":1,}", "{,}", "{a:1}", "{'a':1}", "{1:1}", "{\"a\":1 \"b\":2}", "{\"a\"=1}", "'a'", "\"", "\"a",
        "\"\\\"", "\"\\", "\"\\x\"", "\"\\u\"", "\"\\u12\"", "\"\\u123\"", "\"\\u123g\"", "\"\\uFF1\uFF10\"",
        "\"\\U0041\"", "\"\\'\"", "\"a\nb\"", "\"a\tb\"", "\"\u0000\"", "\"\u001f\"", "\"\\n\u0000\"", "01", "-01",
        "00", "+1", ".5", "1.", "-", "-.5", "1e", "1e+", "1e1.5", "0x1", "1_0", "NaN", "Infinity", "-Infinity",
        "True", "TRUE", "nul", "nulll", "truefalse", "true false", "1 1", "{}{}", "[]]", "\ufeff{}", "\u00a01",
        "\u000b1", "\f1", "// c\n1", "/**/1", "1 // c", "undefined", "\u0661", "#"})
    void refusesTextThatIsNotJson(String text) {
        assertThrows(JsonException.class, () -> JsonValue.parse(text), text);
    }

    @Test
    void skipsTheFourKindsOfWhiteSpaceAndNoOther() throws JsonException {
        assertEquals("{\"a\":[1,2]}", JsonValue.parse(" \t\r\n{ \"a\"\n:\r[\t1 , 2 ] } \n").toString());
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', value = {
        "\"\\u0041\", A", "\"\\u00e4\", \u00e4", "\"\\u00E4\", \u00e4", "\"\\/\", /", "\"\\\\\", \\",
        "\"\\\"\", \"", "\"a\\u0062c\", abc", "\"\\ud83d\\ude00\", \ud83d\ude00"})
    void readsEscapes(String text, String value) throws JsonException {
        assertEquals(value, JsonValue.parse(text).asString().orElseThrow());
    }

    @Test
    void readsControlEscapes() throws JsonException {
        assertEquals("\b\f\n\r\t\u0000\u001f",
                JsonValue.parse("\"\\b\\f\\n\\r\\t\\u0000\\u001f\"").asString().orElseThrow());
    }

    @Test
    void keepsLoneSurrogates() throws JsonException {
        assertEquals("\ud800", JsonValue.parse("\"\\ud800\"").asString().orElseThrow());
        assertEquals("\"\\ud800\"", JsonValue.parse("\"\\uD800\"").toString());
        assertEquals("\"\\udc00\\ud800\"", JsonValue.parse("\"\\udc00\\ud800\"").toString());
    }

    @Test
    void lastMemberOfANameCountsInTheFirstOnesPlace() throws JsonException {
        assertEquals("{\"a\":3,\"b\":2}", JsonValue.parse("{\"a\":1,\"b\":2,\"a\":3}").toString());
    }

    @Test
    void replacesMalformedUtf8AsJavaScriptDoes() throws JsonException {
        byte[] text = {'"', (byte) 0xC3, '"'};
        assertEquals("\ufffd", JsonValue.parse(text).asString().orElseThrow());
    }

    @Test
    void acceptsDepthOfExactlyMaxAndRefusesOneMore() throws JsonException {
        int max = ProtocolLimits.JSON_DEPTH_MAX;
        String deepest = "[".repeat(max) + "]".repeat(max);
        assertEquals(deepest, JsonValue.parse(deepest).toString());
        assertThrows(JsonException.class, () -> JsonValue.parse("[" + deepest + "]"));
        String objects = "{\"a\":".repeat(max) + "1" + "}".repeat(max);
        assertEquals(objects, JsonValue.parse(objects).toString());
        assertThrows(JsonException.class, () -> JsonValue.parse("{\"a\":" + objects + "}"));
    }

    @Test
    void countsDepthAndNotBrackets() throws JsonException {
        String text = "[" + "[],".repeat(100) + "{}]";
        assertEquals(text, JsonValue.parse(text).toString());
    }

    @Test
    void acceptsExactlyMaxValuesAndRefusesOneMore() throws JsonException {
        String elements = "0,".repeat(ProtocolLimits.JSON_VALUES_MAX - 2) + "0";
        assertEquals(ProtocolLimits.JSON_VALUES_MAX - 1, JsonValue.parse("[" + elements + "]").elements().size());
        assertThrows(JsonException.class, () -> JsonValue.parse("[0," + elements + "]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e9999", "1e-9999", "1E+0001"})
    void readsExponentsOfFourDigits(String text) throws JsonException {
        assertEquals(text, JsonValue.parse(text).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e10000", "1e-10000", "1e99999999999"})
    void refusesLongerExponents(String text) {
        assertThrows(JsonException.class, () -> JsonValue.parse(text));
    }
}
