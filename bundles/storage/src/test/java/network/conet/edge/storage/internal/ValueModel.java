package network.conet.edge.storage.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import network.conet.edge.api.ValueStore;
import network.conet.edge.protocol.Hash256;

/** What must be found of the values at each moment of a {@link Simulation}. */
final class ValueModel {
    static final String SPACE = "simulated";
    private static final int KEYS = 6;

    private final Map<String, List<Change>> changes = new TreeMap<>();

    /** A value that was put, or with null its removal. */
    private static final class Change {
        private final Hash256 value;
        private final int submittedAt;
        private CompletableFuture<Void> stage;
        private int durableAt = Simulation.NEVER;
        private int goneFrom = Simulation.NEVER;

        Change(Hash256 value, int submittedAt) {
            this.value = value;
            this.submittedAt = submittedAt;
        }
    }

    ValueModel() {
        for (int i = 0; i < KEYS; i++) {
            changes.put("key" + i, new ArrayList<>(List.of(durable(null))));
        }
    }

    private static Change durable(Hash256 value) {
        Change change = new Change(value, -1);
        change.durableAt = 0;
        return change;
    }

    void adopt(Found found) {
        changes.values().forEach(List::clear);
        found.values.keySet().forEach(key -> changes.putIfAbsent(key, new ArrayList<>()));
        changes.forEach((key, list) -> list.add(durable(found.values.get(key))));
    }

    void put(ValueStore values, Random random, int moment) {
        String key = "key" + random.nextInt(KEYS);
        byte[] value = Messages.body(random.nextLong(), Long.BYTES + random.nextInt(900));
        Change change = new Change(Messages.hash(value), moment);
        changes.get(key).add(change);
        change.stage = values.put(SPACE, key, value).toCompletableFuture();
    }

    void remove(ValueStore values, Random random, int moment) {
        String key = "key" + random.nextInt(KEYS);
        Change change = new Change(null, moment);
        changes.get(key).add(change);
        change.stage = values.remove(SPACE, key).toCompletableFuture();
    }

    void update(int moment) {
        changes.values().forEach(list -> list.forEach(change -> {
            if (change.stage != null && change.stage.isDone()) {
                boolean isStored = Messages.refusal(change.stage) == null;
                change.durableAt = isStored ? moment : Simulation.NEVER;
                change.goneFrom = isStored ? Simulation.NEVER : change.submittedAt;
                change.stage = null;
            }
        }));
    }

    void reopened(Found found, int before, int moment) {
        changes.forEach((key, list) -> {
            boolean isDecided = false;
            for (int i = list.size() - 1; i >= 0; i--) {
                Change change = list.get(i);
                boolean isIt = !isDecided && Objects.equals(change.value, found.values.get(key));
                if (change.stage != null) {
                    isDecided |= isIt;
                    change.durableAt = isDecided ? moment : Simulation.NEVER;
                    change.goneFrom = isDecided ? Simulation.NEVER : before;
                    change.stage = null;
                }
            }
        });
    }

    String wrong(Found found, int moment) {
        for (Map.Entry<String, List<Change>> entry : changes.entrySet()) {
            Hash256 value = found.values.get(entry.getKey());
            boolean isRight = false;
            for (int i = entry.getValue().size() - 1; i >= 0; i--) {
                Change change = entry.getValue().get(i);
                isRight |= change.submittedAt < moment && change.goneFrom > moment
                        && Objects.equals(change.value, value);
                if (change.durableAt <= moment) {
                    break;
                }
            }
            if (!isRight) {
                return "value of " + entry.getKey() + (value == null ? " is missing" : " is not the last one");
            }
        }
        return null;
    }
}
