package network.conet.edge.storage.internal.wear;

import java.util.OptionalLong;

/**
 * How much may be written today so that the card lasts as long as it is wanted to. The budget of a day is
 * {@code terabytes x 10^12 / (365 x years) / writeFactor}, days begin at midnight UTC. Pure arithmetic on clock
 * readings that are handed in; not thread safe.
 *
 * <p>The clock may be wrong. While it was not set, or shows an earlier day than before, bytes are counted to the
 * day that is known: going back gives no fresh budget. A clock that stays behind must not refuse mail for ever
 * either, so after it has run a whole day there, that day is over; a set clock is then believed. The wait
 * begins again with each restart: nothing but the clock tells how long the node was off.
 */
public final class WearBudget {
    /** A clock that shows an earlier day was never set: 2024-01-01, as the mailbox log has it. */
    static final int CLOCK_FLOOR_DAY = 19_723;
    static final int DAYS_PER_YEAR = 365;

    private static final long DAY_SECONDS = 86_400;
    private static final long SECONDS_MAX = Integer.MAX_VALUE * DAY_SECONDS;
    private static final double TERABYTE = 1e12;
    private static final int AVERAGE_DAYS = 30;
    private static final long NOT_BEHIND = -1;

    private final double ratedBytes;
    private final int lifetimeYears;
    private final double writeFactor;
    private final long dayBudgetBytes;
    private final long highBytes;

    private long totalBytes;
    private int firstDay;
    private int day;
    private long todayBytes;
    private long averageDayBytes;
    /** Reading at which the clock was first seen unset or on an earlier day than {@code day}. */
    private long behindSinceSeconds = NOT_BEHIND;

    /** How much of today's budget is used, rising. */
    public enum Level {
        /** Less than 70 %, or there is no budget. */
        NORMAL,
        /** 70 % or more: write in larger groups. */
        HIGH,
        /** 100 % or more: take no new mail until tomorrow. */
        SPENT
    }

    /**
     * Goes on from where a record ends.
     *
     * @param ratedTerabytes what the maker rates the card for, in 10^12 bytes; 0 when unknown: no budget
     * @param lifetimeYears how long the card is wanted to last, 1..100
     * @param writeFactor bytes that reach the flash for each byte written, 1..100: about 4 for an SD card, 2 for
     *     eMMC, 1 for UBIFS; makers do not publish it
     * @throws IllegalArgumentException with one clear line when a value is outside its range
     */
    public WearBudget(double ratedTerabytes, int lifetimeYears, double writeFactor, WearRecord restored) {
        inRange("ratedTerabytes", ratedTerabytes, 0, 1_000_000);
        inRange("lifetimeYears", lifetimeYears, 1, 100);
        inRange("writeFactor", writeFactor, 1, 100);
        ratedBytes = ratedTerabytes * TERABYTE;
        this.lifetimeYears = lifetimeYears;
        this.writeFactor = writeFactor;
        dayBudgetBytes = ratedBytes == 0 ? Long.MAX_VALUE
                : Math.max(1, (long) (ratedBytes / (DAYS_PER_YEAR * lifetimeYears) / writeFactor));
        highBytes = dayBudgetBytes / 10 * 7 + (dayBudgetBytes % 10 * 7 + 9) / 10;
        totalBytes = restored.totalBytes();
        firstDay = restored.firstDay();
        day = restored.day();
        todayBytes = restored.todayBytes();
        averageDayBytes = restored.averageDayBytes();
    }

    /** Counts what was written. @throws IllegalArgumentException when negative */
    public void add(long bytes, long epochSeconds) {
        if (bytes < 0) {
            throw new IllegalArgumentException("written bytes cannot be " + bytes);
        }
        turn(epochSeconds);
        todayBytes = sum(todayBytes, bytes);
        totalBytes = sum(totalBytes, bytes);
    }

    /** How much of today's budget is used. */
    public Level level(long epochSeconds) {
        turn(epochSeconds);
        if (ratedBytes == 0 || todayBytes < highBytes) {
            return Level.NORMAL;
        }
        return todayBytes < dayBudgetBytes ? Level.HIGH : Level.SPENT;
    }

    /** Seconds until the next day's bytes can be had: 1..86400. A clock that is behind may need one more day. */
    public long secondsUntilTomorrow(long epochSeconds) {
        turn(epochSeconds);
        long seconds = clamp(epochSeconds);
        return behindSinceSeconds == NOT_BEHIND ? DAY_SECONDS - seconds % DAY_SECONDS
                : DAY_SECONDS - (seconds - behindSinceSeconds);
    }

    /** Bytes written since counting began. */
    public long totalBytes() {
        return totalBytes;
    }

    /** Bytes written today. */
    public long todayBytes(long epochSeconds) {
        turn(epochSeconds);
        return todayBytes;
    }

    /** Bytes that may be written in one day, at least 1; {@code Long.MAX_VALUE} when the rating is unknown. */
    public long dayBudgetBytes() {
        return dayBudgetBytes;
    }

    /**
     * The day on which the card will have taken what it is rated for, at the average pace; while no day is
     * finished, at today's. Empty when rating or clock are unknown or nothing was written.
     */
    public OptionalLong projectedEnd(long epochSeconds) {
        turn(epochSeconds);
        long pace = averageDayBytes > 0 ? averageDayBytes : todayBytes;
        if (ratedBytes == 0 || day == 0 || pace == 0) {
            return OptionalLong.empty();
        }
        double left = Math.max(0, ratedBytes - totalBytes * writeFactor);
        return OptionalLong.of(day + Math.round(Math.min(left / (pace * writeFactor), Integer.MAX_VALUE)));
    }

    /** The day until which the card is wanted to last; empty while the clock is unknown. */
    public OptionalLong wantedEnd() {
        return firstDay == 0 ? OptionalLong.empty()
                : OptionalLong.of(firstDay + (long) DAYS_PER_YEAR * lifetimeYears);
    }

    /** What to remember over a restart. */
    public WearRecord record() {
        return new WearRecord(totalBytes, firstDay, day, todayBytes, averageDayBytes);
    }

    /** Begins a new day when the clock says so. */
    private void turn(long epochSeconds) {
        long seconds = clamp(epochSeconds);
        int shown = (int) (seconds / DAY_SECONDS);
        if (shown < CLOCK_FLOOR_DAY || day != 0 && shown < day) {
            turnBehind(seconds, shown);
            return;
        }
        behindSinceSeconds = NOT_BEHIND;
        if (day == 0) {
            firstDay = shown;
        } else if (shown > day) {
            finish(shown - (long) day);
        }
        day = shown;
    }

    private void turnBehind(long seconds, int shown) {
        boolean isSet = shown >= CLOCK_FLOOR_DAY;
        boolean wasSet = behindSinceSeconds >= CLOCK_FLOOR_DAY * DAY_SECONDS;
        if (behindSinceSeconds == NOT_BEHIND || isSet != wasSet || seconds < behindSinceSeconds) {
            behindSinceSeconds = seconds;
        } else if (seconds - behindSinceSeconds >= DAY_SECONDS) {
            finish(1);
            behindSinceSeconds = isSet ? NOT_BEHIND : seconds;
            if (isSet) {
                day = shown;
                firstDay = Math.min(firstDay, day);
            } else if (day != 0 && day < Integer.MAX_VALUE) {
                day++;
            }
        }
    }

    /** Takes today into the average, and idle days after it. */
    private void finish(long days) {
        boolean isFirst = averageDayBytes == 0 && day == firstDay;
        double average = isFirst ? todayBytes
                : averageDayBytes + (todayBytes - (double) averageDayBytes) / AVERAGE_DAYS;
        averageDayBytes = (long) (average * Math.pow(1 - 1.0 / AVERAGE_DAYS, days - 1));
        todayBytes = 0;
    }

    private static long clamp(long epochSeconds) {
        return Math.max(0, Math.min(epochSeconds, SECONDS_MAX));
    }

    private static long sum(long a, long b) {
        return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
    }

    private static void inRange(String name, double value, double min, double max) {
        if (!(value >= min && value <= max)) {
            throw new IllegalArgumentException(name + " must be " + min + ".." + max + ", not " + value);
        }
    }
}
