package network.conet.edge.storage.internal.log;

import java.util.List;

/**
 * Something that is not as it was written.
 *
 * @param file its name; empty for a file that is missing
 * @param kind what
 * @param from offset of the first byte that is not right, 0 when it is about the file
 * @param to offset behind the last, 0 when it is about the file
 * @param generation of the segment, 0 when it is not known
 * @param lost the records that stood there, as far as they can be named
 * @param isProven whether the index of the segment names them; else it is their own headers, which may be wrong too
 */
public record LogFinding(String file, Kind kind, long from, long to, long generation, List<Scanned> lost,
        boolean isProven) {

    /** What can be wrong with a log. */
    public enum Kind {
        /** The first 64 bytes of a segment: nothing behind them can be read. */
        HEADER,
        /** Records that do not fit their checksums. */
        RECORDS,
        /** The file ends before what was written into it does. */
        CUT,
        /** The index of a segment: the records are read instead. */
        FOOTER,
        /** The index of a segment is right in itself and says something else than the records. */
        FOOTER_DIFFERS,
        /** A segment that another one says it follows. */
        MISSING
    }
}
