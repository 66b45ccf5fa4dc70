package network.conet.edge.node.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import network.conet.edge.node.internal.ConfigFile.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.service.metatype.AttributeDefinition;

class SettingTypeTest {
    @Test
    void textBecomesTheTypeOfItsDefinition() throws ConfigException {
        assertEquals(7, convert("7", AttributeDefinition.INTEGER));
        assertEquals(3_000_000_000L, convert("3000000000", AttributeDefinition.LONG));
        assertEquals(0.5, convert("0.5", AttributeDefinition.DOUBLE));
        assertEquals(true, convert("true", AttributeDefinition.BOOLEAN));
        assertEquals(false, convert("false", AttributeDefinition.BOOLEAN));
        assertEquals("a b", convert("a b", AttributeDefinition.STRING));
        assertEquals("", convert("", AttributeDefinition.STRING));
    }

    @ParameterizedTest
    @CsvSource({"3, 3000000000, a whole number", "3, 1.5, a whole number", "3, 0x10, a whole number",
        "3, '', a whole number", "2, ten, a whole number", "7, ten, a number", "11, yes, true or false",
        "11, TRUE, true or false", "11, '', true or false"})
    void otherTextIsRefusedWithWhatIsExpected(int type, String text, String expected) {
        ConfigException refused = assertThrows(ConfigException.class, () -> convert(text, type));
        assertEquals("x.y = " + text + ": expected " + expected, refused.getMessage());
    }

    @Test
    void listIsSplitAtCommas() throws ConfigException {
        Definition list = new Definition(AttributeDefinition.STRING, Integer.MAX_VALUE);
        assertArrayEquals(new String[] {"a", "b c", "d"}, (String[]) SettingType.convert("x.y", "a,b c ,  d", list));
        assertArrayEquals(new String[0], (String[]) SettingType.convert("x.y", "", list));
    }

    @Test
    void complaintOfTheDefinitionIsShown() {
        Definition ranged = new Definition(AttributeDefinition.INTEGER, 0);
        ranged.complaint = "%less than minimum";
        ConfigException refused = assertThrows(ConfigException.class, () -> SettingType.convert("x.y", "0", ranged));
        assertEquals("x.y = 0: less than minimum", refused.getMessage());
    }

    @Test
    void optionsAreListedAndEmptyIsNotOneOfThem() {
        Definition options = new Definition(AttributeDefinition.STRING, 0);
        options.options = new String[] {"contract", "file"};
        options.complaint = "not a valid option";
        for (String text : new String[] {"chain", ""}) {
            ConfigException refused =
                    assertThrows(ConfigException.class, () -> SettingType.convert("x.y", text, options));
            assertEquals("x.y = " + text + ": expected one of [contract, file]", refused.getMessage());
        }
    }

    private static Object convert(String text, int type) throws ConfigException {
        return SettingType.convert("x.y", text, new Definition(type, 0));
    }

    /** A definition that complains of what it is told to complain of. */
    private static final class Definition implements AttributeDefinition {
        private final int type;
        private final int cardinality;
        private String complaint = "";
        private String[] options;

        Definition(int type, int cardinality) {
            this.type = type;
            this.cardinality = cardinality;
        }

        @Override
        public String getName() {
            return "y";
        }

        @Override
        public String getID() {
            return "y";
        }

        @Override
        public String getDescription() {
            return "";
        }

        @Override
        public int getCardinality() {
            return cardinality;
        }

        @Override
        public int getType() {
            return type;
        }

        @Override
        public String[] getOptionValues() {
            return options;
        }

        @Override
        public String[] getOptionLabels() {
            return options;
        }

        @Override
        public String validate(String value) {
            return complaint;
        }

        @Override
        public String[] getDefaultValue() {
            return new String[0];
        }
    }
}
