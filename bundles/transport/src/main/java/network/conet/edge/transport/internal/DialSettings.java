package network.conet.edge.transport.internal;

import java.util.ArrayList;
import java.util.List;

/**
 * What an operator decides about connections to targets.
 *
 * @param allowed ranges that may be connected although they are not public
 * @param targetsMax open connections at a time
 */
public record DialSettings(List<AddressRange> allowed, int targetsMax) {
    /** @throws IllegalArgumentException when a number is out of range; the text names it */
    public DialSettings {
        allowed = List.copyOf(allowed);
        if (targetsMax < 1 || targetsMax > TransportLimits.TARGETS_MAX) {
            throw new IllegalArgumentException("targetsMax is not between 1 and " + TransportLimits.TARGETS_MAX);
        }
        if (allowed.size() > TransportLimits.NETWORKS_ALLOWED_MAX) {
            throw new IllegalArgumentException(
                    "privateNetworksAllowed has more than " + TransportLimits.NETWORKS_ALLOWED_MAX + " ranges");
        }
    }

    /** Public addresses only. */
    public static DialSettings defaults() {
        return new DialSettings(List.of(), TransportLimits.TARGETS_DEFAULT);
    }

    /** @throws IllegalArgumentException when a text is no range; the text names it */
    public static DialSettings parse(String[] networks, int targetsMax) {
        List<AddressRange> ranges = new ArrayList<>();
        for (String network : networks) {
            if (!network.isBlank()) {
                ranges.add(AddressRange.parse(network.strip()).orElseThrow(() -> new IllegalArgumentException(
                        "privateNetworksAllowed: no range of addresses, like 192.168.1.0/24: " + network)));
            }
        }
        return new DialSettings(ranges, targetsMax);
    }
}
