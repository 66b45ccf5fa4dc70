package network.conet.edge.services.guest;

/** What of a guest is run. */
public enum GuestEntry {
    /** Answers a call. Every guest exports it. */
    CALL("conet_call"),
    /** Checks itself before it serves; a guest may export it. */
    SELF_TEST("conet_self_test"),
    /** Carries the state of the version before over; exported by guests whose manifest has a new state version. */
    MIGRATE("conet_migrate");

    private final String export;

    GuestEntry(String export) {
        this.export = export;
    }

    /** Name of the export: a function without parameters that returns i32, zero for success. */
    public String export() {
        return export;
    }
}
