package network.conet.edge.storage.internal.log;

/**
 * How large a log may become, and how its medium is written.
 *
 * @param flash the medium
 * @param segmentsMax files at most, 5..16384; two are always kept in reserve so that acknowledgements can be
 *     written and room can be made when nothing else can
 * @param freeBytesMin room that is left to others on the medium: no further file is made when less would be left
 */
public record LogSettings(FlashPolicy flash, int segmentsMax, long freeBytesMin) {
    /** @throws IllegalArgumentException with one clear line when a value is outside its range */
    public LogSettings {
        if (segmentsMax < LogLimits.SEGMENTS_MIN || segmentsMax > LogLimits.SEGMENTS_MAX) {
            throw new IllegalArgumentException("segments must be " + LogLimits.SEGMENTS_MIN + ".."
                    + LogLimits.SEGMENTS_MAX + ", not " + segmentsMax);
        }
        if (freeBytesMin < 0) {
            throw new IllegalArgumentException("freeBytesMin must be 0 or more, not " + freeBytesMin);
        }
    }

    int segmentBytes() {
        return flash.segmentBytes();
    }
}
