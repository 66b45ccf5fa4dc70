package network.conet.edge.storage.internal.wear;

/**
 * What a {@link WearBudget} has to remember over a restart. Days are whole days since 1970-01-01 UTC; 0 means that
 * the clock was never set.
 *
 * @param totalBytes written since counting began, 0 or more
 * @param firstDay on which counting began
 * @param day to which {@code todayBytes} belongs
 * @param todayBytes written on that day so far, 0 or more
 * @param averageDayBytes exponential average over the finished days, about 30 of them; 0 when none is finished
 */
public record WearRecord(long totalBytes, int firstDay, int day, long todayBytes, long averageDayBytes) {
    /** Nothing was written yet. */
    public static final WearRecord NONE = new WearRecord(0, 0, 0, 0, 0);

    /** @throws IllegalArgumentException when a value is negative */
    public WearRecord {
        if (totalBytes < 0 || firstDay < 0 || day < 0 || todayBytes < 0 || averageDayBytes < 0) {
            throw new IllegalArgumentException("a wear record has no negative values");
        }
    }
}
