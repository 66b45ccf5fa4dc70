package network.conet.edge.storage.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import network.conet.edge.api.Ledger;
import network.conet.edge.protocol.Hash256;

/** What must be found of the ledger at each moment of a {@link Simulation}. */
final class LedgerModel {
    private static final int UNSETTLED_MAX = 12;

    private final Map<Hash256, Appended> byContent = new HashMap<>();
    private final List<Appended> appended = new ArrayList<>();
    private final List<Settled> settled = new ArrayList<>();

    private static final class Appended {
        private final int submittedAt;
        private CompletableFuture<Ledger.Entry> stage;
        private int durableAt = Simulation.NEVER;
        private int goneFrom = Simulation.NEVER;
        private long index;
        private Hash256 hash;

        Appended(int submittedAt) {
            this.submittedAt = submittedAt;
        }
    }

    private static final class Settled {
        private final long through;
        private final int submittedAt;
        private CompletableFuture<Void> stage;
        private int durableAt = Simulation.NEVER;
        private int goneFrom = Simulation.NEVER;

        Settled(long through, int submittedAt) {
            this.through = through;
            this.submittedAt = submittedAt;
        }
    }

    /** Takes over what a disk holds, as safe from the begin. */
    void adopt(Found found) {
        Settled mark = new Settled(found.head.settledIndex(), -1);
        mark.durableAt = 0;
        settled.add(mark);
        for (Ledger.Entry entry : found.entries) {
            Appended known = new Appended(-1);
            known.durableAt = 0;
            known.index = entry.index();
            known.hash = entry.hash();
            appended.add(known);
            byContent.put(Messages.hash(entry.content()), known);
        }
    }

    void append(Ledger ledger, Random random, int moment) {
        byte[] content = Messages.body(random.nextLong(), Long.BYTES + random.nextInt(600));
        Appended entry = new Appended(moment);
        appended.add(entry);
        byContent.put(Messages.hash(content), entry);
        entry.stage = ledger.append(content).toCompletableFuture();
    }

    void settle(Ledger ledger, Random random, int moment) {
        Ledger.Head head = ledger.head();
        long open = head.lastIndex() - head.settledIndex();
        if (open > 0) {
            boolean areMany = open > UNSETTLED_MAX;
            Settled mark = new Settled(head.settledIndex() + 1 + (areMany ? open - 1 : random.nextInt((int) open)),
                    moment);
            settled.add(mark);
            mark.stage = ledger.settle(mark.through).toCompletableFuture();
        }
    }

    /** Notes what has completed. */
    void update(int moment) {
        for (Appended entry : appended) {
            if (entry.stage != null && entry.stage.isDone()) {
                if (Messages.refusal(entry.stage) == null) {
                    entry.durableAt = moment;
                    entry.index = Messages.get(entry.stage).index();
                    entry.hash = Messages.get(entry.stage).hash();
                } else {
                    entry.goneFrom = entry.submittedAt;
                }
                entry.stage = null;
            }
        }
        for (Settled mark : settled) {
            if (mark.stage != null && mark.stage.isDone()) {
                boolean isStored = Messages.refusal(mark.stage) == null;
                mark.durableAt = isStored ? moment : Simulation.NEVER;
                mark.goneFrom = isStored ? Simulation.NEVER : mark.submittedAt;
                mark.stage = null;
            }
        }
    }

    /** The store was opened again: what was open is decided. */
    void reopened(Found found, int before, int moment) {
        Map<Hash256, Ledger.Entry> there = new HashMap<>();
        found.entries.forEach(entry -> there.put(Messages.hash(entry.content()), entry));
        byContent.forEach((content, entry) -> {
            if (entry.stage != null) {
                Ledger.Entry known = there.get(content);
                entry.durableAt = known == null ? Simulation.NEVER : moment;
                entry.goneFrom = known == null ? before : Simulation.NEVER;
                entry.index = known == null ? 0 : known.index();
                entry.hash = known == null ? null : known.hash();
                entry.stage = null;
            }
        });
        for (Settled mark : settled) {
            if (mark.stage != null) {
                boolean isStored = found.head.settledIndex() >= mark.through;
                mark.durableAt = isStored ? moment : Simulation.NEVER;
                mark.goneFrom = isStored ? Simulation.NEVER : before;
                mark.stage = null;
            }
        }
    }

    /** What is wrong with what was found of a moment; null when nothing is. */
    String wrong(Found found, int moment) {
        long least = 0;
        long most = 0;
        for (Settled mark : settled) {
            least = mark.durableAt <= moment ? Math.max(least, mark.through) : least;
            most = mark.submittedAt < moment && mark.goneFrom > moment ? Math.max(most, mark.through) : most;
        }
        long through = found.head.settledIndex();
        if (through < least || through > most) {
            return "ledger settled through " + through + ", not " + least + ".." + most;
        }
        if (found.entries.size() != found.head.lastIndex() - through) {
            return "ledger has " + found.entries.size() + " entries, but goes from " + through + " to "
                    + found.head.lastIndex();
        }
        String wrong = wrongEntries(found, moment);
        if (wrong != null) {
            return wrong;
        }
        for (Appended entry : appended) {
            boolean isWanted = entry.durableAt <= moment && entry.index > through;
            if (isWanted && (entry.index > found.head.lastIndex()
                    || !found.entries.get((int) (entry.index - through - 1)).hash().equals(entry.hash))) {
                return "ledger lost entry " + entry.index;
            }
        }
        return null;
    }

    private String wrongEntries(Found found, int moment) {
        Hash256 previous = null;
        long index = found.head.settledIndex();
        for (Appended entry : appended) {
            previous = entry.durableAt <= moment && entry.index == index && index > 0 ? entry.hash : previous;
        }
        for (Ledger.Entry entry : found.entries) {
            index++;
            Appended known = byContent.get(Messages.hash(entry.content()));
            if (known == null || known.submittedAt >= moment || known.goneFrom <= moment) {
                return "ledger has a ghost at " + entry.index();
            }
            if (entry.index() != index || known.index != 0 && known.index != index
                    || known.hash != null && !known.hash.equals(entry.hash())
                    || previous != null && !previous.equals(entry.previous())) {
                return "ledger's chain is broken at " + index;
            }
            previous = entry.hash();
        }
        return previous == null || previous.equals(found.head.hash()) ? null : "ledger's head does not follow";
    }
}
