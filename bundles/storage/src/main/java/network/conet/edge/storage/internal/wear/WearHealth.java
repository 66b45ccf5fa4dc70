package network.conet.edge.storage.internal.wear;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import network.conet.edge.api.HealthItem;
import network.conet.edge.api.HealthItem.Severity;
import network.conet.edge.storage.internal.wear.CardWear.Reading;
import network.conet.edge.storage.internal.wear.CardWear.Reserve;

/** What an operator is told of the card: how fast it is used, what it says of itself, and a budget that is short. */
public final class WearHealth {
    /** Used part of the rated life from which a medium is to be replaced soon. */
    static final int WARNING_PERCENT = 80;
    /** A card that is projected to end within this time is told of, even if it lasted as long as wanted. */
    static final int NOTICE_DAYS = 180;

    private static final int FAR_DAYS = 100 * WearBudget.DAYS_PER_YEAR;
    private static final String BUDGET_ACTION = "If it happens often, use a card that is rated for more and set "
            + "ratedTerabytes to it, or accept with a smaller lifetimeYears that this one lasts less long.";

    private WearHealth() {}

    /**
     * {@code storage.wear} always; {@code storage.wear.medium} when the medium says something of itself;
     * {@code storage.wear.budget} from 70 % of today's budget on. Does no I/O.
     *
     * @param budget held by the caller: this may begin a new day
     * @param reading the latest of {@link CardWear#read()}
     */
    public static List<HealthItem> items(WearBudget budget, Optional<Reading> reading, long epochSeconds) {
        List<HealthItem> items = new ArrayList<>();
        items.add(pace(budget, epochSeconds));
        reading.map(WearHealth::medium).ifPresent(items::add);
        switch (budget.level(epochSeconds)) {
            case NORMAL -> { }
            case HIGH -> items.add(new HealthItem("storage.wear.budget", Severity.WARNING,
                    "At least 70 % of what the card may take today is written; mail is stored in larger groups, "
                            + "so senders wait longer.", BUDGET_ACTION));
            case SPENT -> items.add(new HealthItem("storage.wear.budget", Severity.WARNING,
                    "All that the card may take today is written; new mail is refused until midnight UTC, stored "
                            + "mail is still delivered.", BUDGET_ACTION));
        }
        return items;
    }

    private static HealthItem pace(WearBudget budget, long epochSeconds) {
        String today = amount(budget.todayBytes(epochSeconds)) + " written today";
        String total = amount(budget.totalBytes()) + " in total";
        if (budget.dayBudgetBytes() == Long.MAX_VALUE) {
            return new HealthItem("storage.wear", Severity.OK,
                    today + ", " + total + "; what the card is rated for is not known.",
                    "Set ratedTerabytes to what its maker says, to be warned before it is worn.");
        }
        String written = today + " of " + amount(budget.dayBudgetBytes()) + " budget, " + total;
        OptionalLong end = budget.projectedEnd(epochSeconds);
        if (end.isEmpty()) {
            return new HealthItem("storage.wear", Severity.OK, written + ".", "");
        }
        long daysLeft = end.getAsLong() - budget.record().day();
        if (daysLeft == 0) {
            return new HealthItem("storage.wear", Severity.WARNING,
                    written + "; that is all the card is rated for.",
                    "Replace the card; it may work for a while, but nobody promises it.");
        }
        boolean isEarly = end.getAsLong() < budget.wantedEnd().orElse(0);
        String until = daysLeft > FAR_DAYS ? "for more than 100 years"
                : "until " + LocalDate.ofEpochDay(end.getAsLong()).getYear();
        String title = written + "; at this pace the card lasts " + until + ".";
        if (isEarly || daysLeft < NOTICE_DAYS) {
            return new HealthItem("storage.wear", Severity.WARNING, title, isEarly
                    ? "That is sooner than wanted: plan a replacement, or use a card that is rated for more."
                    : "Have a replacement ready.");
        }
        return new HealthItem("storage.wear", Severity.OK, title, "");
    }

    private static HealthItem medium(Reading reading) {
        String title = reading.source() + " reports " + reading.text() + ".";
        if (reading.usedPercentMax() > 100 || reading.reserve() == Reserve.URGENT) {
            return new HealthItem("storage.wear.medium", Severity.CRITICAL, title,
                    "Replace the medium now; it can turn read-only or lose data at any time.");
        }
        if (reading.usedPercentMax() >= WARNING_PERCENT || reading.reserve() == Reserve.LOW) {
            return new HealthItem("storage.wear.medium", Severity.WARNING, title,
                    "Plan to replace the medium; it still works.");
        }
        return new HealthItem("storage.wear.medium", Severity.OK, title, "");
    }

    /** Decimal, as makers count: whole megabytes below a gigabyte, one digit after the point above. */
    private static String amount(long bytes) {
        if (bytes < 1_000_000_000L) {
            return bytes / 1_000_000 + " MB";
        }
        boolean isTera = bytes >= 1_000_000_000_000L;
        long tenths = bytes / (isTera ? 100_000_000_000L : 100_000_000L);
        return String.format(Locale.ROOT, "%d.%d %s", tenths / 10, tenths % 10, isTera ? "TB" : "GB");
    }
}
