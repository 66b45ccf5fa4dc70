package network.conet.edge.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import network.conet.edge.api.Clock;
import network.conet.edge.chain.NameContract;
import network.conet.edge.client.ClientException.Kind;
import network.conet.edge.crypto.WalletSignatures;
import network.conet.edge.protocol.JsonException;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletName;

/**
 * What names point to, remembered in a file for an hour, and used as long without asking: a name that was looked up
 * works while the chain cannot be reached. Older answers are never used: a name may have been handed over.
 */
public final class NameBook {
    private static final long VALID_SECONDS = 3_600;
    private static final int NAMES_MAX = 1_000;
    private static final int BYTES_MAX = 1 << 20;
    private static final WalletSignatures KECCAK = new WalletSignatures();

    private final Path file;
    private final Chain chain;
    private final Clock clock;

    /**
     * @param file of what is remembered; made when needed
     * @param chain where names are
     * @param clock tells what is too old
     */
    public NameBook(Path file, Chain chain, Clock clock) {
        this.file = file;
        this.chain = chain;
        this.clock = clock;
    }

    private record Entry(WalletAddress wallet, long epochSeconds) {}

    /**
     * The wallet that a name points to.
     *
     * @throws ClientException REFUSED when it points nowhere; UNREACHABLE when the chain cannot be asked and nothing
     *     fresh is
     *     remembered
     */
    public WalletAddress resolve(WalletName name) throws ClientException {
        String key = chain.nameRegistry() + "/" + name;
        Map<String, Entry> known = read();
        Entry entry = known.get(key);
        long now = clock.epochSeconds();
        if (entry != null && now - entry.epochSeconds() >= 0 && now - entry.epochSeconds() < VALID_SECONDS) {
            return entry.wallet();
        }
        NameContract names = chain.names();
        WalletAddress wallet = chain.ask(() -> names.wallet(name)).orElseThrow(
                () -> new ClientException(Kind.REFUSED, "the name " + name + " points to no wallet"));
        known.remove(key);
        known.put(key, new Entry(wallet, now));
        write(known);
        return wallet;
    }

    /** Forgets what is remembered of a name, because it changed. */
    public void forget(WalletName name) throws ClientException {
        Map<String, Entry> known = read();
        if (known.remove(chain.nameRegistry() + "/" + name) != null) {
            write(known);
        }
    }

    /** A file that cannot be read is none: all can be asked again. */
    private Map<String, Entry> read() {
        Map<String, Entry> known = new LinkedHashMap<>();
        try {
            if (Files.size(file) > BYTES_MAX) {
                return known;
            }
            for (JsonValue each : JsonValue.parse(Files.readAllBytes(file)).elements()) {
                Optional<WalletAddress> wallet =
                        each.string("wallet").flatMap(text -> WalletAddress.parse(text, KECCAK));
                if (wallet.isPresent() && each.string("name").isPresent()) {
                    known.put(each.string("name").get(), new Entry(wallet.get(), each.integer("time").orElse(0)));
                }
            }
        } catch (NoSuchFileException first) {
            return known;
        } catch (IOException | JsonException unreadable) {
            known.clear();
        }
        return known;
    }

    private void write(Map<String, Entry> known) throws ClientException {
        List<JsonValue> entries = new ArrayList<>();
        int tooMany = known.size() - NAMES_MAX;
        for (Map.Entry<String, Entry> each : known.entrySet()) {
            if (tooMany-- <= 0) {
                entries.add(JsonValue.object().put("name", each.getKey())
                        .put("wallet", each.getValue().wallet().toString())
                        .put("time", each.getValue().epochSeconds()).build());
            }
        }
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(fresh, JsonValue.array(entries).toString());
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            throw new ClientException(Kind.SETUP, "what names point to cannot be remembered in " + file + ": "
                    + failed.getMessage(), failed);
        }
    }
}
