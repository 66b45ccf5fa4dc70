package network.conet.edge.api;

import java.util.Locale;

/** What is counted beside refusals. Names end with their unit; they are the metric names. */
public enum Counter {
    CONNECTIONS_ACCEPTED,
    REQUESTS_RECEIVED,
    MESSAGES_FORWARDED,
    FORWARDED_BYTES,
    TUNNELS_OPENED,
    TUNNEL_BYTES,
    LAYERS_OPENED,
    MESSAGES_STORED,
    MESSAGES_DUPLICATE,
    MESSAGES_DELIVERED,
    MESSAGES_ACKNOWLEDGED,
    COMMANDS_RUN,
    LISTENERS_ACCEPTED,
    LISTENERS_EVICTED,
    EPOCHS_BEGUN,
    STORAGE_BYTES_WRITTEN,
    STORAGE_FORCES,
    STORAGE_RECORDS_DAMAGED,
    STORAGE_RECORDS_MOVED,
    STORAGE_MESSAGES_EXPIRED,
    CHAIN_REQUESTS,
    CHAIN_FAILURES,
    SERVICE_CALLS;

    /** The metric name: lower case. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
