package network.conet.edge.services.guest;

import java.util.List;
import java.util.Optional;
import network.conet.edge.protocol.RefusedException;
import network.conet.edge.protocol.WalletAddress;

/**
 * What one running call may reach outside its memory. Implemented by the node for real calls and by the
 * {@code conet service test} command for local ones. Called on the thread that runs the guest, which may wait here; an
 * interrupt, which comes when the deadline has passed, ends the wait with {@code DEADLINE_PASSED}. Methods of a
 * capability that was not granted are never called.
 *
 * <p>A {@link RefusedException} ends the call with its reason, except where a method says that the guest is told.
 */
public interface GuestHost {
    /** The wallet that signed the call. */
    WalletAddress caller();

    /** The time. */
    long epochMillis();

    /** Fills an array with random bytes. */
    void random(byte[] into);

    /** A line of the guest's log: printable, without line ends, at most 256 characters. */
    void log(String line);

    /**
     * Passes the next part of the reply on; waits while the caller takes its bytes slowly.
     *
     * @param part not changed afterwards
     */
    void reply(byte[] part) throws RefusedException;

    /** A value of this service's state. The guest is told of {@code VALUES_FULL} and failing storage. */
    Optional<byte[]> value(String key) throws RefusedException;

    /** Keeps a value; when this returns it is durable. Fails as {@link #value}; the value before then stays. */
    void keep(String key, byte[] value) throws RefusedException;

    /** Forgets a value; idempotent. */
    void forget(String key) throws RefusedException;

    /** The keys of the state, sorted. */
    List<String> keys() throws RefusedException;

    /**
     * A value of the state as the version before left it; only while {@link GuestEntry#MIGRATE} runs, else empty.
     */
    Optional<byte[]> oldValue(String key) throws RefusedException;

    /** The keys of that state, sorted. */
    List<String> oldKeys() throws RefusedException;

    /** Sends a sealed message. The guest is told of every refusal. */
    void send(WalletAddress to, byte[] text) throws RefusedException;

    /**
     * Fetches from a host of the allow-list. The guest is told of every refusal.
     *
     * @param request method, URL, headers and body as the guest interface document draws them
     * @return status, headers and body, drawn there too
     */
    byte[] fetch(byte[] request) throws RefusedException;

    /**
     * Notes that the caller shall be joined with a target when the guest has returned zero. The last note counts.
     *
     * @param host name or literal
     * @param port 1 to 65535
     * @param idleSeconds 1 to 600
     * @param bytesMax for both directions together; at least 1
     */
    void tunnel(String host, int port, int idleSeconds, long bytesMax);
}
