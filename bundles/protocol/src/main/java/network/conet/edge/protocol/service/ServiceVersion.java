package network.conet.edge.protocol.service;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of a service: three numbers of at most six digits, compared one after the other.
 *
 * @param major first number
 * @param minor second number
 * @param micro third number
 */
public record ServiceVersion(int major, int minor, int micro) implements Comparable<ServiceVersion> {
    private static final Pattern FORM = Pattern.compile("(0|[1-9]\\d{0,5})\\.(0|[1-9]\\d{0,5})\\.(0|[1-9]\\d{0,5})");
    private static final Comparator<ServiceVersion> ORDER = Comparator.comparingInt(ServiceVersion::major)
            .thenComparingInt(ServiceVersion::minor)
            .thenComparingInt(ServiceVersion::micro);

    /** The version, or empty when the text is none. */
    public static Optional<ServiceVersion> parse(String text) {
        Matcher parts = FORM.matcher(text == null ? "" : text);
        return parts.matches()
                ? Optional.of(new ServiceVersion(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)),
                        Integer.parseInt(parts.group(3))))
                : Optional.empty();
    }

    @Override
    public int compareTo(ServiceVersion other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + micro;
    }
}
