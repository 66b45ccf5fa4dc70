package network.conet.edge.storage.internal;

import java.util.Locale;
import java.util.OptionalInt;
import network.conet.edge.api.Volume;

/** One file of the log. It lives many lives; each has a generation and a salt of its own. */
final class Segment {
    private static final String PREFIX = "seg-";
    private static final int DIGITS = 5;

    final int number;
    final Volume.File file;

    /** Set by the writer; read by readers, who see either life entirely. */
    volatile Life life;

    /** Messages in it that nobody acknowledged. Guarded by the service's monitor. */
    int liveMessages;
    /** When the last of its messages expires. Guarded by the service's monitor. */
    long expirySeconds;
    /** Whether a message was written while the clock was not set. Guarded by the service's monitor. */
    boolean expiryUnknown;

    /**
     * @param generation rises over all segments
     * @param salt seeds all checksums
     * @param bytes size of the file in this life
     * @param alignment boundary of groups in this life
     */
    record Life(long generation, long salt, int bytes, int alignment) {}

    Segment(int number, Volume.File file) {
        this.number = number;
        this.file = file;
    }

    String name() {
        return nameOf(number);
    }

    /** Forgets what was said of an earlier life's messages. */
    void resetUse() {
        liveMessages = 0;
        expirySeconds = 0;
        expiryUnknown = false;
    }

    /** The fixed name of a file. */
    static String nameOf(int number) {
        return String.format(Locale.ROOT, PREFIX + "%0" + DIGITS + "d", number);
    }

    /** The number of a segment file, or empty for another file. */
    static OptionalInt numberOf(String name) {
        if (name.length() != PREFIX.length() + DIGITS || !name.startsWith(PREFIX)) {
            return OptionalInt.empty();
        }
        int number = 0;
        for (int i = PREFIX.length(); i < name.length(); i++) {
            int digit = name.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return OptionalInt.empty();
            }
            number = 10 * number + digit;
        }
        return number < StorageLimits.SEGMENTS_MAX ? OptionalInt.of(number) : OptionalInt.empty();
    }
}
