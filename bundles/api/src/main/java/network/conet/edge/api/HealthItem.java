package network.conet.edge.api;

import java.util.Objects;

/**
 * One thing that an operator can see.
 *
 * @param code stable identifier, {@code bundle.thing} in lower case
 * @param severity how bad
 * @param title what is so, in one sentence
 * @param action what the operator should do; empty when nothing
 */
public record HealthItem(String code, Severity severity, String title, String action) {
    /** Refuses missing parts. */
    public HealthItem {
        Objects.requireNonNull(code);
        Objects.requireNonNull(severity);
        Objects.requireNonNull(title);
        Objects.requireNonNull(action);
    }

    /** How bad it is, rising. */
    public enum Severity {
        /** As it should be. */
        OK,
        /** Works, but an operator should look soon. */
        WARNING,
        /** Part of the node does not work. */
        CRITICAL
    }
}
