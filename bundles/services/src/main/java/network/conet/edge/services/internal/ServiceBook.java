package network.conet.edge.services.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import network.conet.edge.api.Clock;
import network.conet.edge.protocol.service.ServiceName;
import network.conet.edge.protocol.service.ServiceVersion;

/**
 * Which versions of which services are here, and which of them answers a call that names no version:
 *
 * <pre>
 *   added ──► current, on probation; the one before stands by
 *                 │ calls went well, or time passed ──► current, serving         (proven)
 *                 └ worse than the one before ────────► the one before is current (taken back)
 *   bundle gone ──► lingers a while ──► retired; the highest that serves is current
 * </pre>
 *
 * A switch is one assignment: a call has one version from beginning to end. Safe for use by many threads.
 */
final class ServiceBook {
    private final Clock clock;
    private final Listener listener;
    private final Map<ServiceName, Shelf> shelves = new HashMap<>();
    private final Map<Long, Installed> byBundle = new HashMap<>();
    private final Map<Installed, Long> lingering = new HashMap<>();

    /** What others do about it. Called without the book's lock. */
    interface Listener {
        /** A version has proven itself in the place of another. */
        void proven(Installed version, Installed before);

        /** A version was worse than the one before, which is current again. */
        void takenBack(Installed version, Installed before);
    }

    private static final class Shelf {
        final SortedMap<ServiceVersion, Installed> versions = new TreeMap<>();
        Installed current;
    }

    ServiceBook(Clock clock, Listener listener) {
        this.clock = clock;
        this.listener = listener;
    }

    /** A certain version, or the current one. */
    synchronized Optional<Installed> find(ServiceName name, Optional<ServiceVersion> version) {
        Shelf shelf = shelves.get(name);
        if (shelf == null) {
            return Optional.empty();
        }
        return version.isEmpty() ? Optional.ofNullable(shelf.current)
                : Optional.ofNullable(shelf.versions.get(version.get()));
    }

    /** The current version of the service that decides about a command of the wire. */
    synchronized Optional<Installed> ofCommand(String command) {
        return shelves.values().stream().map(shelf -> shelf.current)
                .filter(current -> current != null && current.manifest().commands().contains(command)).findFirst();
    }

    synchronized Collection<Installed> all() {
        List<Installed> all = new ArrayList<>();
        new TreeMap<>(shelves).values().forEach(shelf -> all.addAll(shelf.versions.values()));
        return all;
    }

    synchronized boolean isCurrent(Installed version) {
        Shelf shelf = shelves.get(version.manifest().name());
        return shelf != null && shelf.current == version;
    }

    /** How many services there are, whatever their versions. */
    synchronized int services() {
        return shelves.size();
    }

    /**
     * Puts a version that is ready on its shelf. It becomes the current one when it is the highest and was not taken
     * back before.
     */
    synchronized void add(Installed version, boolean wasTakenBack) {
        Shelf shelf = shelves.computeIfAbsent(version.manifest().name(), name -> new Shelf());
        Installed same = shelf.versions.put(version.manifest().version(), version);
        if (same != null) {
            lingering.remove(same);
            same.retire();
            if (shelf.current == same) {
                shelf.current = version;
                return;
            }
        }
        if (wasTakenBack) {
            version.takeBack();
        }
        Optional<Installed> standBy =
                Optional.ofNullable(shelf.current).filter(each -> each.phase() != Installed.Phase.TAKEN_BACK);
        boolean isHighest = standBy.isEmpty()
                || version.manifest().version().compareTo(standBy.get().manifest().version()) > 0;
        if (!isHighest || wasTakenBack && shelf.current != null) {
            return;
        }
        standBy.ifPresent(version::beginProbation);
        shelf.current = version;
    }

    /** Says which bundle a version came from. It lingers no longer. */
    synchronized void attach(long bundle, Installed version) {
        Installed other = byBundle.put(bundle, version);
        if (other != null && other != version) {
            linger(other);
        }
        lingering.remove(version);
    }

    /** The bundle that a version came from. */
    synchronized Optional<Long> bundleOf(Installed version) {
        return byBundle.entrySet().stream().filter(entry -> entry.getValue() == version).map(Map.Entry::getKey)
                .findFirst();
    }

    /** A version with these very contents that still serves. */
    synchronized Optional<Installed> ofDigest(String digest) {
        return all().stream().filter(each -> each.digest().equals(digest)
                && each.phase() != Installed.Phase.RETIRED).findFirst();
    }

    /** A bundle has gone, or is being replaced. */
    synchronized void bundleGone(long bundle) {
        Installed version = byBundle.remove(bundle);
        if (version != null) {
            linger(version);
        }
    }

    private void linger(Installed version) {
        if (version.phase() != Installed.Phase.RETIRED) {
            lingering.put(version, clock.monotonicNanos() + ServicesLimits.LINGER.toNanos());
        }
    }

    /** Takes a version away at once; calls that run go on. */
    synchronized void retire(Installed version) {
        version.retire();
        lingering.remove(version);
        Shelf shelf = shelves.get(version.manifest().name());
        if (shelf == null || !shelf.versions.remove(version.manifest().version(), version)) {
            return;
        }
        if (shelf.current == version) {
            shelf.current = shelf.versions.values().stream()
                    .filter(each -> each.phase() != Installed.Phase.TAKEN_BACK)
                    .reduce((lower, higher) -> higher)
                    .orElse(null);
        }
        if (shelf.versions.isEmpty()) {
            shelves.remove(version.manifest().name());
        }
    }

    /** A call failed in a version that is on probation and was answered by the one before. */
    void regressed(Installed version) {
        Installed before = version.before().orElse(null);
        if (before == null || !version.regressed()) {
            return;
        }
        synchronized (this) {
            Shelf shelf = shelves.get(version.manifest().name());
            if (shelf == null || shelf.current != version) {
                return;
            }
            shelf.current = before;
            version.takeBack();
        }
        listener.takenBack(version, before);
    }

    /** What time brings: probation that is over, bundles that do not come back. */
    void tick() {
        Map<Installed, Installed> proven = new HashMap<>();
        synchronized (this) {
            for (Installed each : all()) {
                if (each.hasProvenItself()) {
                    proven.put(each, each.before().orElseThrow());
                    each.serve();
                }
            }
            long now = clock.monotonicNanos();
            List<Installed> over = lingering.entrySet().stream()
                    .filter(entry -> now - entry.getValue() >= 0 && !standsIn(entry.getKey()))
                    .map(Map.Entry::getKey).toList();
            over.forEach(this::retire);
        }
        proven.forEach(listener::proven);
    }

    /** Whether another version may have to give its place to this one, or had to, although the bundle has gone. */
    private boolean standsIn(Installed version) {
        Shelf shelf = shelves.get(version.manifest().name());
        return shelf != null && shelf.versions.values().stream().anyMatch(each ->
                each.before().filter(version::equals).isPresent()
                        || shelf.current == version && each.phase() == Installed.Phase.TAKEN_BACK);
    }
}
