package network.conet.edge.protocol.service;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a service is called: 1 to 32 characters of {@code a-z 0-9 -}, beginning with a letter.
 *
 * @param text the name
 */
public record ServiceName(String text) implements Comparable<ServiceName> {
    private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9-]{0,31}");

    /** @throws IllegalArgumentException for any other text */
    public ServiceName {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException("not a name of a service");
        }
    }

    /** The name, or empty when the text is none. */
    public static Optional<ServiceName> parse(String text) {
        return text != null && FORM.matcher(text).matches() ? Optional.of(new ServiceName(text)) : Optional.empty();
    }

    @Override
    public int compareTo(ServiceName other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
