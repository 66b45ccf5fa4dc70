package network.conet.edge.storage.internal.log;

import java.util.Locale;
import java.util.OptionalInt;
import network.conet.edge.api.Volume;

/** One file of the log. It lives many lives; each has a generation and a salt of its own. */
public final class Segment {
    private static final String PREFIX = "seg-";
    private static final int DIGITS = 5;

    private final int number;
    final Volume.File file;

    /** Set by the writer; read by readers, who see either life entirely. */
    private volatile Life life;
    /** Offset behind its last group once it is known to take no more; 0 before. Owned by the writer. */
    private long end;
    /** Whether an index of it stands at {@link #end}. Owned by the writer. */
    private boolean hasFooter;

    /** What of it is still wanted. Guarded by the monitor of who counts. */
    private final Use use = new Use();

    /**
     * @param generation rises over all segments
     * @param bytes size of the file in this life
     * @param alignment boundary of groups in this life
     * @param salt seeds all checksums
     * @param isGrowing whether the file was not filled before, so that it may be shorter than {@code bytes}
     * @param mask of payloads; {@link Mask#NONE} tells format version 1, in which mailboxes are not blinded either
     */
    record Life(long generation, int bytes, int alignment, long salt, boolean isGrowing, Mask mask) {}

    /**
     * How much of a segment is wanted still, and until when. All fields are guarded by the monitor of the log's
     * user.
     */
    public static final class Use {
        /** Records that somebody needs. */
        public int records;
        /** Those of them that are messages. */
        public int messages;
        /** Bytes of those records, headers included. */
        public long bytes;
        /** When the last of its messages expires, unix seconds. */
        public long expirySeconds;
        /** Whether a message was written while the clock was not set. */
        public boolean isExpiryUnknown;

        /** Counts a record that is wanted. */
        public void add(boolean isMessage, int recordBytes) {
            records++;
            messages += isMessage ? 1 : 0;
            bytes += recordBytes;
        }

        /** A record is not wanted any more. */
        public void remove(boolean isMessage, int recordBytes) {
            records--;
            messages -= isMessage ? 1 : 0;
            bytes -= recordBytes;
            if (records < 0 || messages < 0 || bytes < 0) {
                throw new AssertionError("a segment holds " + records + " records, " + messages + " messages, "
                        + bytes + " bytes");
            }
        }

        void reset() {
            records = 0;
            messages = 0;
            bytes = 0;
            expirySeconds = 0;
            isExpiryUnknown = false;
        }
    }

    Segment(int number, Volume.File file) {
        this.number = number;
        this.file = file;
    }

    /** The number in its name. */
    public int number() {
        return number;
    }

    /** The name of its file. */
    public String name() {
        return nameOf(number);
    }

    /** What is still wanted of it. */
    public Use use() {
        return use;
    }

    Life life() {
        return life;
    }

    /** Which life it lives; 0 while it lives none. */
    public long generation() {
        Life now = life;
        return now == null ? 0 : now.generation();
    }

    /** Size of the file in this life. */
    public int bytes() {
        return life.bytes();
    }

    /** Whether payloads are masked and mailboxes blinded in this life: format version 2. */
    public boolean isMasked() {
        return life.mask() != Mask.NONE;
    }

    void begin(Life newLife) {
        life = newLife;
        end = 0;
        hasFooter = false;
    }

    void finish() {
        begin(null);
        use.reset();
    }

    void seal(long endOffset, boolean withFooter) {
        end = endOffset;
        hasFooter = withFooter;
    }

    long end() {
        return end;
    }

    boolean hasFooter() {
        return hasFooter;
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
        return number < LogLimits.SEGMENTS_MAX ? OptionalInt.of(number) : OptionalInt.empty();
    }
}
