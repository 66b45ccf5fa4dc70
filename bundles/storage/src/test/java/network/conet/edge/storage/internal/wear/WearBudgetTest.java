package network.conet.edge.storage.internal.wear;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalLong;
import network.conet.edge.storage.internal.wear.WearBudget.Level;
import org.junit.jupiter.api.Test;

/** What may be written in a day, whatever the clock does. */
class WearBudgetTest {
    private static final int DAY = 20_700;
    private static final long SECONDS = 86_400;
    private static final long NOON = DAY * SECONDS + SECONDS / 2;
    private static final long MIDNIGHT = (DAY + 1) * SECONDS;
    /** 7.3 TB in 5 years at a factor of 4 are 10^9 bytes a day. */
    private static final long BUDGET = 1_000_000_000L;

    private static WearBudget budget(WearRecord restored) {
        return new WearBudget(7.3, 5, 4, restored);
    }

    private static WearBudget spent() {
        WearBudget budget = budget(WearRecord.NONE);
        budget.add(BUDGET, NOON);
        return budget;
    }

    @Test
    void budgetIsRatingByLifetimeByFactor() {
        assertEquals(BUDGET, budget(WearRecord.NONE).dayBudgetBytes());
        assertEquals(2 * BUDGET, new WearBudget(7.3, 5, 2, WearRecord.NONE).dayBudgetBytes());
        assertEquals(5 * BUDGET, new WearBudget(7.3, 1, 4, WearRecord.NONE).dayBudgetBytes());
    }

    @Test
    void isHighExactlyFromSeventyPercent() {
        WearBudget budget = budget(WearRecord.NONE);
        budget.add(BUDGET / 10 * 7 - 1, NOON);
        assertEquals(Level.NORMAL, budget.level(NOON));
        budget.add(1, NOON);
        assertEquals(Level.HIGH, budget.level(NOON));
    }

    @Test
    void isSpentExactlyFromHundredPercent() {
        WearBudget budget = budget(WearRecord.NONE);
        budget.add(BUDGET - 1, NOON);
        assertEquals(Level.HIGH, budget.level(NOON));
        budget.add(1, NOON);
        assertEquals(Level.SPENT, budget.level(NOON));
    }

    @Test
    void freshBudgetBeginsExactlyAtMidnight() {
        WearBudget budget = spent();
        assertEquals(1, budget.secondsUntilTomorrow(MIDNIGHT - 1));
        assertEquals(Level.SPENT, budget.level(MIDNIGHT - 1));
        assertEquals(Level.NORMAL, budget.level(MIDNIGHT));
        assertEquals(0, budget.todayBytes(MIDNIGHT));
        assertEquals(SECONDS, budget.secondsUntilTomorrow(MIDNIGHT));
        assertEquals(BUDGET, budget.totalBytes());
    }

    @Test
    void unknownRatingNeverRefuses() {
        WearBudget budget = new WearBudget(0, 5, 4, WearRecord.NONE);
        budget.add(Long.MAX_VALUE, NOON);
        budget.add(Long.MAX_VALUE, NOON);
        assertEquals(Level.NORMAL, budget.level(NOON));
        assertEquals(Long.MAX_VALUE, budget.dayBudgetBytes());
        assertEquals(Long.MAX_VALUE, budget.totalBytes());
        assertEquals(OptionalLong.empty(), budget.projectedEnd(NOON));
    }

    @Test
    void smallestRatingStillHasBudget() {
        WearBudget budget = new WearBudget(Double.MIN_VALUE, 100, 100, WearRecord.NONE);
        assertEquals(1, budget.dayBudgetBytes());
        assertEquals(Level.NORMAL, budget.level(NOON));
        budget.add(1, NOON);
        assertEquals(Level.SPENT, budget.level(NOON));
    }

    @Test
    void restartKeepsEverything() {
        WearBudget budget = budget(new WearRecord(50, DAY - 3, DAY, 20, 10));
        budget.add(1, NOON);
        assertEquals(new WearRecord(51, DAY - 3, DAY, 21, 10), budget.record());
        assertEquals(budget.record(), budget(budget.record()).record());
    }

    @Test
    void bytesBeforeTheClockIsSetBelongToTheFirstDay() {
        WearBudget budget = budget(WearRecord.NONE);
        budget.add(7, 100);
        assertEquals(new WearRecord(7, 0, 0, 7, 0), budget.record());
        assertEquals(OptionalLong.empty(), budget.projectedEnd(100));
        budget.add(1, NOON);
        assertEquals(new WearRecord(8, DAY, DAY, 8, 0), budget.record());
    }

    @Test
    void clockCountsAsSetExactlyFromItsFloor() {
        long floor = 1_704_067_200L;
        WearBudget budget = budget(WearRecord.NONE);
        budget.add(1, floor - 1);
        assertEquals(0, budget.record().day());
        budget.add(1, floor);
        assertEquals(WearBudget.CLOCK_FLOOR_DAY, budget.record().day());
    }

    @Test
    void restartInNineteenSeventyGivesNoFreshBudget() {
        WearBudget budget = budget(spent().record());
        assertEquals(Level.SPENT, budget.level(5));
        budget.add(1, 60);
        assertEquals(Level.SPENT, budget.level(NOON));
        assertEquals(BUDGET + 1, budget.todayBytes(NOON));
        assertEquals(Level.NORMAL, budget.level(MIDNIGHT));
    }

    @Test
    void clockThatIsNeverSetGivesFreshBudgetExactlyAfterOneDay() {
        for (WearRecord restored : new WearRecord[] {WearRecord.NONE, spent().record()}) {
            WearBudget budget = budget(restored);
            budget.add(BUDGET, 10);
            assertEquals(Level.SPENT, budget.level(9 + SECONDS));
            assertEquals(1, budget.secondsUntilTomorrow(9 + SECONDS));
            assertEquals(Level.NORMAL, budget.level(10 + SECONDS));
            assertEquals(restored.day() == 0 ? 0 : DAY + 1, budget.record().day());
            budget.add(BUDGET, 11 + SECONDS);
            assertEquals(Level.SPENT, budget.level(9 + 2 * SECONDS));
            assertEquals(Level.NORMAL, budget.level(10 + 2 * SECONDS));
        }
    }

    @Test
    void goingBackAndForthBetweenTwoDaysGivesNoFreshBudget() {
        WearBudget budget = spent();
        for (int i = 0; i < 100; i++) {
            assertEquals(Level.SPENT, budget.level(NOON - 1 - (i % 2) * SECONDS));
            assertEquals(Level.SPENT, budget.level(i));
            assertEquals(Level.SPENT, budget.level(NOON + i));
        }
        assertEquals(DAY, budget.record().day());
    }

    @Test
    void clockThatWasInTheFutureIsBelievedAgainExactlyAfterOneDay() {
        long future = NOON + 70 * 365 * SECONDS;
        WearBudget budget = budget(WearRecord.NONE);
        budget.add(BUDGET, future);
        assertEquals(Level.SPENT, budget.level(NOON));
        assertEquals(SECONDS, budget.secondsUntilTomorrow(NOON));
        assertEquals(Level.SPENT, budget.level(NOON + SECONDS - 1));
        assertEquals(Level.NORMAL, budget.level(NOON + SECONDS));
        assertEquals(DAY + 1, budget.record().day());
        assertEquals(DAY + 1, budget.record().firstDay());
        budget.add(BUDGET, NOON + SECONDS);
        assertEquals(Level.NORMAL, budget.level(MIDNIGHT + SECONDS));
    }

    @Test
    void clockThatGoesBackFurtherWhileBehindWaitsAgain() {
        WearBudget budget = spent();
        assertEquals(Level.SPENT, budget.level(NOON - 10 * SECONDS));
        assertEquals(Level.SPENT, budget.level(NOON - 20 * SECONDS));
        assertEquals(Level.SPENT, budget.level(NOON - 19 * SECONDS - 1));
        assertEquals(Level.NORMAL, budget.level(NOON - 19 * SECONDS));
    }

    @Test
    void settingTheClockWhileBehindIsNoElapsedTime() {
        WearBudget budget = spent();
        assertEquals(Level.SPENT, budget.level(10));
        assertEquals(Level.SPENT, budget.level(NOON - SECONDS));
        assertEquals(Level.SPENT, budget.level(NOON - 1));
    }

    @Test
    void firstFinishedDayIsTheAverageAndLaterOnesMoveIt() {
        WearBudget budget = budget(WearRecord.NONE);
        budget.add(3000, NOON);
        assertEquals(0, budget.record().averageDayBytes());
        budget.add(6000, MIDNIGHT);
        assertEquals(3000, budget.record().averageDayBytes());
        budget.level(MIDNIGHT + SECONDS);
        assertEquals(3100, budget.record().averageDayBytes());
    }

    @Test
    void idleDaysLowerTheAverage() {
        WearBudget once = budget(new WearRecord(0, DAY - 9, DAY, 0, 3_000_000));
        once.level(NOON + 30 * SECONDS);
        WearBudget daily = budget(new WearRecord(0, DAY - 9, DAY, 0, 3_000_000));
        for (int i = 0; i <= 30; i++) {
            daily.level(NOON + i * SECONDS);
        }
        assertEquals(daily.record().averageDayBytes(), once.record().averageDayBytes(), 30);
        assertEquals(3_000_000 / Math.E, once.record().averageDayBytes(), 30_000);
    }

    @Test
    void lastsExactlyAsLongAsWantedAtTheBudgetsPace() {
        WearBudget budget = budget(WearRecord.NONE);
        budget.add(BUDGET, NOON);
        budget.level(MIDNIGHT);
        assertEquals(OptionalLong.of(DAY + 5 * 365), budget.wantedEnd());
        assertEquals(budget.wantedEnd(), budget.projectedEnd(MIDNIGHT));
        WearBudget faster = budget(new WearRecord(BUDGET, DAY, DAY + 1, 0, BUDGET * 1001 / 1000));
        assertTrue(faster.projectedEnd(MIDNIGHT).getAsLong() < faster.wantedEnd().getAsLong());
    }

    @Test
    void todayIsThePaceOnlyWhileNoDayIsFinished() {
        WearBudget budget = budget(WearRecord.NONE);
        assertEquals(OptionalLong.empty(), budget.projectedEnd(NOON));
        budget.add(BUDGET, NOON);
        assertEquals(OptionalLong.of(DAY + 1824), budget.projectedEnd(NOON));
        budget.level(MIDNIGHT);
        budget.add(BUDGET / 2, MIDNIGHT);
        assertEquals(BUDGET, budget.record().averageDayBytes());
        assertEquals(OptionalLong.of(DAY + 1825), budget.projectedEnd(MIDNIGHT), "half a budget is half a day");
    }

    @Test
    void wornCardEndsToday() {
        WearBudget budget = budget(new WearRecord(7_300_000_000_000L / 4, DAY - 100, DAY, 0, 1));
        assertEquals(OptionalLong.of(DAY), budget.projectedEnd(NOON));
    }

    @Test
    void anyReadingAndAnyAmountIsTaken() {
        long[] values = {Long.MIN_VALUE, -1, 0, 1, SECONDS, NOON - SECONDS, NOON, Long.MAX_VALUE / 2, Long.MAX_VALUE};
        WearBudget budget = budget(WearRecord.NONE);
        for (long first : values) {
            for (long second : values) {
                budget.add(Long.MAX_VALUE, first);
                budget.add(1, second);
                WearRecord record = budget.record();
                assertEquals(Long.MAX_VALUE, record.totalBytes());
                assertTrue(record.todayBytes() > 0);
                long wait = budget.secondsUntilTomorrow(second);
                assertTrue(wait >= 1 && wait <= SECONDS, "wait " + wait);
                assertTrue(budget.projectedEnd(first).orElse(0) >= 0);
            }
        }
    }

    @Test
    void valuesOutsideTheirRangeAreRefused() {
        WearRecord none = WearRecord.NONE;
        assertThrows(IllegalArgumentException.class, () -> new WearBudget(-1, 5, 4, none));
        assertThrows(IllegalArgumentException.class, () -> new WearBudget(Double.NaN, 5, 4, none));
        assertThrows(IllegalArgumentException.class, () -> new WearBudget(1, 0, 4, none));
        assertThrows(IllegalArgumentException.class, () -> new WearBudget(1, 5, 0.5, none));
        assertThrows(IllegalArgumentException.class, () -> budget(none).add(-1, NOON));
        assertThrows(IllegalArgumentException.class, () -> new WearRecord(0, 0, 0, -1, 0));
    }
}
