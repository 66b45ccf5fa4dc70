package network.conet.edge.storage.internal.wear;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import network.conet.edge.api.HealthItem;
import network.conet.edge.api.HealthItem.Severity;
import network.conet.edge.storage.internal.wear.CardWear.Reading;
import network.conet.edge.storage.internal.wear.CardWear.Reserve;
import org.junit.jupiter.api.Test;

/** What the operator reads, and from when on. */
class WearHealthTest {
    /** 2026-09-04. */
    private static final int DAY = 20_700;
    private static final long NOON = DAY * 86_400L + 43_200;
    private static final long BUDGET = 1_000_000_000L;

    private static WearBudget budget(long total, int firstDay, long today, long average) {
        return new WearBudget(7.3, 5, 4, new WearRecord(total, firstDay, DAY, today, average));
    }

    private static HealthItem pace(WearBudget budget) {
        List<HealthItem> items = WearHealth.items(budget, Optional.empty(), NOON);
        assertEquals(1, items.size());
        assertEquals("storage.wear", items.get(0).code());
        return items.get(0);
    }

    private static HealthItem budgetItem(long today) {
        List<HealthItem> items = WearHealth.items(budget(today, DAY, today, 1), Optional.empty(), NOON);
        return items.size() == 1 ? null : items.get(1);
    }

    private static Severity medium(int usedPercentMax, Reserve reserve) {
        Reading reading = new Reading("eMMC mmcblk0", usedPercentMax, reserve, "something");
        List<HealthItem> items = WearHealth.items(budget(0, DAY, 0, 0), Optional.of(reading), NOON);
        assertEquals(2, items.size());
        assertEquals("storage.wear.medium", items.get(1).code());
        assertEquals("eMMC mmcblk0 reports something.", items.get(1).title());
        assertEquals(items.get(1).severity() == Severity.OK, items.get(1).action().isEmpty());
        return items.get(1).severity();
    }

    @Test
    void healthyCardIsOneSentence() {
        assertEquals(new HealthItem("storage.wear", Severity.OK, "12 MB written today of 1.0 GB budget, "
                + "36.5 GB in total; at this pace the card lasts until 2040.", ""),
                pace(budget(36_500_000_000L, DAY - 100, 12_999_999, 365_000_000)));
    }

    @Test
    void cardThatLastsVeryLongHasNoYear() {
        assertEquals("0 MB written today of 1.0 GB budget, 0 MB in total; at this pace the card lasts for more than "
                + "100 years.", pace(budget(1, DAY - 100, 0, 1)).title());
    }

    @Test
    void nothingIsProjectedBeforeAnythingIsWritten() {
        HealthItem item = pace(new WearBudget(7300, 5, 1, WearRecord.NONE));
        assertEquals("0 MB written today of 4.0 TB budget, 0 MB in total.", item.title());
        assertEquals(Severity.OK, item.severity());
    }

    @Test
    void unknownRatingIsToldWithWhatToSet() {
        HealthItem item = pace(new WearBudget(0, 5, 4, new WearRecord(BUDGET, DAY, DAY, BUDGET, 0)));
        assertEquals("1.0 GB written today, 1.0 GB in total; what the card is rated for is not known.", item.title());
        assertEquals(Severity.OK, item.severity());
        assertTrue(item.action().contains("ratedTerabytes"));
    }

    @Test
    void warnsExactlyWhenTheCardEndsSoonerThanWanted() {
        assertEquals(Severity.OK, pace(budget(BUDGET, DAY - 1, 0, BUDGET)).severity());
        HealthItem item = pace(budget(BUDGET, DAY - 1, 0, BUDGET + BUDGET / 1000));
        assertEquals(Severity.WARNING, item.severity());
        assertTrue(item.title().endsWith("lasts until 2031."), item.title());
    }

    @Test
    void warnsHalfYearBeforeTheEndOfTheCardThatLastedAsLongAsWanted() {
        long rated = 1825 * BUDGET;
        assertEquals(Severity.OK, pace(budget(rated - 180 * BUDGET, DAY - 2000, 0, BUDGET)).severity());
        HealthItem item = pace(budget(rated - 179 * BUDGET, DAY - 2000, 0, BUDGET));
        assertEquals(Severity.WARNING, item.severity());
        assertEquals("Have a replacement ready.", item.action());
    }

    @Test
    void wornCardIsTold() {
        HealthItem item = pace(budget(1825 * BUDGET, DAY - 2000, 0, BUDGET));
        assertEquals(Severity.WARNING, item.severity());
        assertEquals("0 MB written today of 1.0 GB budget, 1.8 TB in total; that is all the card is rated for.",
                item.title());
    }

    @Test
    void budgetIsToldExactlyFromSeventyPercent() {
        assertEquals(null, budgetItem(BUDGET / 10 * 7 - 1));
        HealthItem high = budgetItem(BUDGET / 10 * 7);
        assertEquals("storage.wear.budget", high.code());
        assertEquals(Severity.WARNING, high.severity());
        assertTrue(high.title().startsWith("At least 70 %"), high.title());
    }

    @Test
    void spentBudgetIsToldExactlyFromHundredPercent() {
        assertTrue(budgetItem(BUDGET - 1).title().startsWith("At least 70 %"));
        HealthItem spent = budgetItem(BUDGET);
        assertEquals(Severity.WARNING, spent.severity());
        assertTrue(spent.title().contains("new mail is refused until midnight UTC"), spent.title());
    }

    @Test
    void mediumIsJudgedByItsWorseFigure() {
        assertEquals(Severity.OK, medium(CardWear.UNKNOWN, Reserve.UNKNOWN));
        assertEquals(Severity.OK, medium(79, Reserve.NORMAL));
        assertEquals(Severity.WARNING, medium(80, Reserve.NORMAL));
        assertEquals(Severity.WARNING, medium(100, Reserve.NORMAL));
        assertEquals(Severity.CRITICAL, medium(CardWear.EXCEEDED, Reserve.NORMAL));
        assertEquals(Severity.WARNING, medium(10, Reserve.LOW));
        assertEquals(Severity.CRITICAL, medium(10, Reserve.URGENT));
        assertEquals(Severity.CRITICAL, medium(CardWear.EXCEEDED, Reserve.LOW));
    }
}
