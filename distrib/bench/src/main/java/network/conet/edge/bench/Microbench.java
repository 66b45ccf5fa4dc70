package network.conet.edge.bench;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.Callable;
import network.conet.edge.crypto.PgpPrivateKey;
import network.conet.edge.crypto.Wallet;
import network.conet.edge.crypto.WalletSignatures;
import network.conet.edge.protocol.Envelope;
import network.conet.edge.protocol.EnvelopeBody;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.Hop;
import network.conet.edge.protocol.HopHeader;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.WalletSignature;

/**
 * What the steps of forwarding cost by themselves: CPU time of the thread, in microseconds, median of the batches. To
 * explain the figures of the whole process, not to be quoted alone. Run it with the options of the node.
 *
 * <p>Arguments: batches, milliseconds a batch.
 */
public final class Microbench {
    private final JsonValue.Builder results = JsonValue.object();
    private final CpuLoops loops;

    private Microbench(CpuLoops loops) {
        this.loops = loops;
    }

    /** Measures all steps. */
    public static void main(String[] arguments) throws Exception {
        Microbench bench = new Microbench(
                new CpuLoops(Integer.parseInt(arguments[0]), Long.parseLong(arguments[1])));
        bench.run();
        System.out.println(bench.results.build());
    }

    private void run() throws Exception {
        SecureRandom random = new SecureRandom();
        WalletSignatures signatures = new WalletSignatures();
        Wallet wallet = Wallet.generate(random);
        PgpPrivateKey key = PgpPrivateKey.generate("bench", random, System.currentTimeMillis() / 1000);
        for (int kibibytes : new int[] {1, 64}) {
            String size = kibibytes + " KiB";
            byte[] plaintext = new byte[kibibytes * 1024 * 3 / 4 - 300 - 12 * kibibytes];
            random.nextBytes(plaintext);
            byte[] armor = key.publicKey().encrypt(plaintext, random);
            byte[] body = EnvelopeBody.encode(Envelope.of(armor));
            Envelope envelope = EnvelopeBody.parse(body);
            measure("read body and key id, " + size, () -> EnvelopeBody.parse(body).keyId().value());
            measure("hash, " + size, () -> signatures.hash(armor).hashCode());
            measure("write body, " + size, () -> EnvelopeBody.encode(envelope).length);
        }
        Hash256 hash = signatures.hash(new byte[1]);
        byte[] text = Hop.signedText(wallet.address(), 1_700_000_000L, 1024, hash, key.keyId());
        WalletSignature signature = wallet.signPersonal(text);
        List<Hop> hops = List.of(new Hop(wallet.address(), 1_700_000_000L, 1024, hash, key.keyId(), signature));
        String header = HopHeader.encode(hops, signatures);
        measure("hop signature: sign", () -> wallet.signPersonal(text).hashCode());
        measure("hop signature: recover", () -> signatures.recoverPersonal(text, signature).hashCode());
        measure("hop header: write", () -> HopHeader.encode(hops, signatures).length());
        measure("hop header: read", () -> HopHeader.parse(header, signatures).size());
        byte[] command = key.publicKey().encrypt("a command".getBytes(StandardCharsets.US_ASCII), random);
        measure("open a sealed command", () -> key.decrypt(command).length);
    }

    private void measure(String name, Callable<? extends Number> step) throws Exception {
        results.put(name, JsonValue.of(loops.micros(step)));
    }
}
