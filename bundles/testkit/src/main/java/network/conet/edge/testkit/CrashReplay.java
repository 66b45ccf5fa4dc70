package network.conet.edge.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import network.conet.edge.testkit.CrashVolume.Change;
import network.conet.edge.testkit.CrashVolume.Survival;

/** Follows the changes of a {@link CrashVolume} and keeps apart what is safe and what is not. */
final class CrashReplay {
    private static final int PAGE_BYTES = 4096;
    private static final int SECTOR_BYTES = 512;

    /** Contents by file, whether it has a name or not. */
    private final Map<Integer, byte[]> safe = new HashMap<>();
    private final Map<String, Integer> safeNames = new TreeMap<>();
    private final List<Change> unforced = new ArrayList<>();
    private final List<Change> unforcedNames = new ArrayList<>();
    private final Random random;

    CrashReplay(Map<String, byte[]> files, Map<String, Integer> ids, long seed) {
        files.forEach((name, bytes) -> {
            safe.put(ids.get(name), bytes.clone());
            safeNames.put(name, ids.get(name));
        });
        random = new Random(seed);
    }

    boolean hasUnforced() {
        return !unforced.isEmpty() || !unforcedNames.isEmpty();
    }

    void apply(Change change) {
        switch (change.kind()) {
            case CREATE -> {
                safe.put(change.fileId(), new byte[0]);
                unforcedNames.add(change);
            }
            case DELETE -> unforcedNames.add(change);
            case WRITE, TRUNCATE -> unforced.add(change);
            case FORCE -> keep(change.fileId(), false);
            case FORCE_FAILED -> keep(change.fileId(), true);
            case FORCE_DIRECTORY -> {
                unforcedNames.forEach(name -> rename(safeNames, name));
                unforcedNames.clear();
            }
            default -> throw new AssertionError(change.kind());
        }
    }

    /** Makes the changes of a file safe, or, when the force failed, any pages of them. */
    private void keep(int fileId, boolean partly) {
        for (Change change : unforced) {
            if (change.fileId() == fileId) {
                change(safe, change, partly ? PAGE_BYTES : 0);
            }
        }
        unforced.removeIf(change -> change.fileId() == fileId);
    }

    /** The disk after a power cut now. */
    CrashVolume state(Survival survival) {
        Map<Integer, byte[]> contents = new HashMap<>();
        safe.forEach((id, bytes) -> contents.put(id, bytes.clone()));
        Map<String, Integer> names = new TreeMap<>(safeNames);
        for (Change name : unforcedNames) {
            if (survival == Survival.EVERYTHING || survival != Survival.NOTHING && random.nextBoolean()) {
                rename(names, name);
            }
        }
        survive(contents, survival);
        Map<String, byte[]> files = new LinkedHashMap<>();
        names.forEach((name, id) -> files.put(name, contents.get(id)));
        return CrashVolume.of(files);
    }

    private void survive(Map<Integer, byte[]> contents, Survival survival) {
        if (unforced.isEmpty() || survival == Survival.NOTHING) {
            return;
        }
        List<Change> chosen = new ArrayList<>(unforced);
        switch (survival) {
            case PREFIX -> chosen = chosen.subList(0, random.nextInt(chosen.size() + 1));
            case SINGLE -> chosen = List.of(chosen.get(random.nextInt(chosen.size())));
            case REORDERED -> {
                chosen.removeIf(change -> random.nextInt(3) == 0);
                Collections.shuffle(chosen, random);
            }
            default -> { }
        }
        int part = survival == Survival.PAGES ? PAGE_BYTES : survival == Survival.SECTORS ? SECTOR_BYTES : 0;
        for (Change change : chosen) {
            change(contents, change, part);
        }
    }

    /** Applies a change; with a part size, each part of it survives or not. */
    private void change(Map<Integer, byte[]> contents, Change change, int partBytes) {
        byte[] bytes = contents.get(change.fileId());
        if (change.kind() == Change.Kind.TRUNCATE) {
            contents.put(change.fileId(), Arrays.copyOf(bytes, (int) change.position()));
            return;
        }
        int from = (int) change.position();
        int end = from + change.bytes().length;
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, end);
            contents.put(change.fileId(), bytes);
        }
        int at = from;
        while (at < end) {
            int next = partBytes == 0 ? end : Math.min(end, (at / partBytes + 1) * partBytes);
            if (partBytes == 0 || random.nextBoolean()) {
                System.arraycopy(change.bytes(), at - from, bytes, at, next - at);
            }
            at = next;
        }
    }

    private static void rename(Map<String, Integer> names, Change change) {
        if (change.kind() == Change.Kind.CREATE) {
            names.put(change.name(), change.fileId());
        } else {
            names.remove(change.name(), change.fileId());
        }
    }
}
