package network.conet.edge.node.internal;

import java.util.Arrays;
import network.conet.edge.node.internal.ConfigFile.ConfigException;
import org.osgi.service.metatype.AttributeDefinition;

/** Turns the text of a setting into the type that its definition names, and holds it to its range and options. */
final class SettingType {
    private SettingType() {}

    /**
     * @param key for the message
     * @param text the text from the file; elements of a list are separated by commas
     * @param definition what the bundle says of the setting
     * @return a value that ConfigurationAdmin takes
     * @throws ConfigException naming the setting, the text and what is allowed
     */
    static Object convert(String key, String text, AttributeDefinition definition) throws ConfigException {
        if (definition.getCardinality() == 0) {
            return convertOne(key, text, definition);
        }
        String[] parts = text.isEmpty() ? new String[0] : text.split("\\s*,\\s*");
        for (String part : parts) {
            convertOne(key, part, definition);
        }
        if (definition.getType() != AttributeDefinition.STRING) {
            throw new AssertionError("lists of other types than text are not used: " + key);
        }
        return parts;
    }

    private static Object convertOne(String key, String text, AttributeDefinition definition) throws ConfigException {
        Object value;
        try {
            value = switch (definition.getType()) {
                case AttributeDefinition.INTEGER -> Integer.valueOf(text);
                case AttributeDefinition.LONG -> Long.valueOf(text);
                case AttributeDefinition.DOUBLE -> Double.valueOf(text);
                case AttributeDefinition.BOOLEAN -> toBoolean(text);
                case AttributeDefinition.STRING -> text;
                default -> throw new AssertionError("unknown type of " + key + ": " + definition.getType());
            };
        } catch (IllegalArgumentException notThatType) {
            throw new ConfigException(key + " = " + text + ": expected " + typeName(definition.getType()));
        }
        String[] options = definition.getOptionValues();
        boolean hasOptions = options != null && options.length > 0;
        // An empty text is a value as well, which the metatype service would call missing.
        String complaint = text.isEmpty() && !hasOptions ? null : definition.validate(text);
        if (complaint != null && !complaint.isEmpty()) {
            // Felix marks its complaints as keys of a translation.
            String allowed = hasOptions ? "expected one of " + Arrays.toString(options) : complaint.replace("%", "");
            throw new ConfigException(key + " = " + text + ": " + allowed);
        }
        return value;
    }

    private static Boolean toBoolean(String text) {
        if (text.equals("true") || text.equals("false")) {
            return Boolean.valueOf(text);
        }
        throw new IllegalArgumentException(text);
    }

    private static String typeName(int type) {
        return switch (type) {
            case AttributeDefinition.BOOLEAN -> "true or false";
            case AttributeDefinition.DOUBLE -> "a number";
            default -> "a whole number";
        };
    }
}
