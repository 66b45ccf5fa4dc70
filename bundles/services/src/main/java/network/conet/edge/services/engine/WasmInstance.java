package network.conet.edge.services.engine;

/** One instance of a guest: its memory, its globals. For one thread at a time. */
public interface WasmInstance {
    /**
     * Calls an exported function without parameters.
     *
     * @return its i32 result; 0 when it has none
     */
    int call(String export) throws WasmTrap;

    /** Sets the fuel that calls from now on may use, and an empty stack. */
    void refuel(long fuel);

    /** What is left of it; negative when a call used more. */
    long fuelLeft();

    /**
     * Takes fuel for work of the host.
     *
     * @throws HostStop FUEL_SPENT
     */
    void charge(long fuel);

    /**
     * Bytes of the guest's memory.
     *
     * @throws HostStop GUEST_TRAPPED when they are not all inside it
     */
    byte[] read(int address, int length);

    /** Writes bytes; throws as {@link #read}, and then nothing was written. */
    void write(int address, byte[] bytes, int offset, int length);
}
