package network.conet.edge.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonValueTest {
    /** The right column is what JSON.stringify answers in Node.js. */
    @Test
    void escapesAsJavaScriptDoes() {
        String[][] table = {
            {"", "\"\""}, {"a/b", "\"a/b\""}, {"\"", "\"\\\"\""}, {"\\", "\"\\\\\""},
            {"\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\""}, {"\u0000\u000b\u001f", "\"\\u0000\\u000b\\u001f\""},
            {"\u007f\u0080\u2028\u2029\ufeff", "\"\u007f\u0080\u2028\u2029\ufeff\""},
            {"<>&'", "\"<>&'\""}, {"\u00e4\u4e2d", "\"\u00e4\u4e2d\""}, {"\ud83d\ude00", "\"\ud83d\ude00\""},
            {"\ud83d", "\"\\ud83d\""}, {"\ude00", "\"\\ude00\""}, {"\ude00\ud83d", "\"\\ude00\\ud83d\""},
            {"\ud83d\ud83d\ude00", "\"\\ud83d\ud83d\ude00\""}, {"\ud83d\ude00\ude00", "\"\ud83d\ude00\\ude00\""},
            {"\ud83dx", "\"\\ud83dx\""},
        };
        for (String[] row : table) {
            assertEquals(row[1], JsonValue.of(row[0]).toString());
        }
    }

    /** The right column is what JSON.stringify answers in Node.js. */
    @ParameterizedTest
    @CsvSource({
        "0,0", "-0.0,0", "1,1", "-1,-1", "0.5,0.5", "0.1,0.1", "0.001,0.001", "0.0001,0.0001", "0.00015,0.00015",
        "1e-6,0.000001", "1.5e-6,0.0000015", "1e-7,1e-7", "1.5e-7,1.5e-7", "-1.25e-10,-1.25e-10", "100,100",
        "1e15,1000000000000000", "1e20,100000000000000000000", "1e21,1e+21", "1.5e21,1.5e+21",
        "123456789.125,123456789.125", "1e300,1e+300", "-1e300,-1e+300"})
    void writesFractionsAsJavaScriptDoes(double number, String text) {
        assertEquals(text, JsonValue.of(number).toString());
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void refusesNumbersThatJsonDoesNotHave(double number) {
        assertThrows(IllegalArgumentException.class, () -> JsonValue.of(number));
    }

    @ParameterizedTest
    @CsvSource({
        "0,0", "-0,0", "1,1", "-1,-1", "1.0,1", "1e3,1000", "1.5e1,15", "100e-2,1", "0e9999,0",
        "9007199254740991,9007199254740991", "-9007199254740991,-9007199254740991"})
    void readsWholeNumbers(String text, long number) {
        assertEquals(OptionalLong.of(number), Vectors.json(text).asLong());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "0.5", "1e-1", "9007199254740992", "-9007199254740992", "9223372036854775807", "-9223372036854775808",
        "9223372036854775808", "1e9999", "1e-9999", "\"1\"", "true", "null", "[1]", "{}"})
    void hasNoWholeNumberForAnythingElse(String text) {
        assertEquals(OptionalLong.empty(), Vectors.json(text).asLong());
    }

    @Test
    void acceptsIntegerTextOfExactlyMaxAndRefusesOneMore() {
        String text = "1." + "0".repeat(ProtocolLimits.JSON_INTEGER_CHARS_MAX - 2);
        assertEquals(OptionalLong.of(1), Vectors.json(text).asLong());
        assertEquals(OptionalLong.empty(), Vectors.json(text + "0").asLong());
    }

    @Test
    void answersEmptyForMembersOfOtherKinds() {
        for (String text : List.of("[]", "1", "\"a\"", "null", "true")) {
            JsonValue value = Vectors.json(text);
            assertEquals(Optional.empty(), value.member("a"));
            assertEquals(Optional.empty(), value.string("a"));
            assertEquals(OptionalLong.empty(), value.integer("a"));
            assertFalse(value.isObject());
        }
        assertEquals(List.of(), Vectors.json("{}").elements());
        assertEquals(Optional.empty(), Vectors.json("{\"a\":1}").string("a"));
    }

    @Test
    void buildsObjectsInOrder() {
        JsonValue.Builder builder = JsonValue.object().put("b", 1).put("a", "x").put("c", true).putNull("d");
        JsonValue built = builder.build();
        builder.put("e", 2);
        assertEquals("{\"b\":1,\"a\":\"x\",\"c\":true,\"d\":null}", built.toString());
    }

    @Test
    void doesNotChangeWithTheListItWasMadeOf() {
        List<JsonValue> list = new ArrayList<>(List.of(JsonValue.of(1)));
        JsonValue array = JsonValue.array(list);
        list.clear();
        assertEquals("[1]", array.toString());
        assertThrows(UnsupportedOperationException.class, () -> array.elements().clear());
    }
}
