package network.conet.edge.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Mutated real inputs: each codec answers or refuses, and throws nothing else. */
class CodecFuzzTest {
    /** A codec under test. */
    private interface Codec {
        void read(byte[] input) throws RefusedException;
    }

    @Test
    void armorScannerOnlyRefuses() {
        List<byte[]> inputs = new ArrayList<>();
        for (String name : new String[] {"msgZlib", "msgUncompressed", "msgSEIPDv2_PKESKv6"}) {
            byte[] armor = Vectors.utf8(Vectors.primitive("pgp", name));
            inputs.add(armor);
            inputs.add(Arrays.copyOf(armor, 120));
            inputs.add(Vectors.utf8(new String(armor, 0, 120, StandardCharsets.US_ASCII) + "\n" + ArmorScanner.END));
        }
        fuzz(inputs, Envelope::of);
    }

    @Test
    void envelopeBodyOnlyRefusesAndReadsWhatItWrites() {
        List<byte[]> inputs = new ArrayList<>();
        for (String[] sealed : Vectors.SEALED) {
            inputs.add(Vectors.body(Vectors.recorded(sealed[0] + ".req")));
        }
        fuzz(inputs, input -> {
            Envelope envelope = EnvelopeBody.parse(input);
            byte[] again = EnvelopeBody.encode(envelope);
            assertArrayEquals(envelope.armor(), EnvelopeBody.parse(again).armor());
        });
    }

    @Test
    void hopHeaderOnlyRefusesAndReadsWhatItWrites() {
        String twoHops = Vectors.header(Vectors.recorded("18-send-onion.tap.0010.up"), HopHeader.NAME);
        List<byte[]> inputs = List.of(Vectors.utf8(Vectors.primitive("hop", "headerValue")),
                Vectors.utf8(Vectors.primitive("hop", "headerJson")), Vectors.utf8(twoHops));
        fuzz(inputs, input -> {
            List<Hop> hops = HopHeader.parse(new String(input, StandardCharsets.ISO_8859_1), Vectors::keccak);
            if (!hops.isEmpty()) {
                assertEquals(hops, HopHeader.parse(HopHeader.encode(hops, Vectors::keccak), Vectors::keccak));
            }
        });
    }

    @Test
    void plaintextOnlyRefuses() {
        List<byte[]> inputs = new ArrayList<>();
        for (String id : List.of("17-send-nopush", "18-send-onion", "12-ack-live", "30-mining-validator")) {
            byte[] plaintext = Vectors.plaintext(id);
            inputs.add(plaintext);
            inputs.add(Base64.getEncoder().encode(plaintext));
        }
        fuzz(inputs, Plaintext::parse);
    }

    /** Base64 hides a mutation inside it, so here the JSON is mutated and then encoded. */
    @Test
    void signedPlaintextOnlyRefuses() {
        byte[] json = Base64.getDecoder().decode(Vectors.plaintext("12-ack-live"));
        fuzz(List.of(json), input -> Plaintext.parse(Base64.getEncoder().encode(input)));
    }

    @Test
    void commandCodecOnlyRefuses() throws RefusedException {
        List<byte[]> inputs = new ArrayList<>();
        for (String id : List.of("12-ack-live", "16-online-query-online", "22-listen-direct", "30-mining-validator")) {
            inputs.add(Vectors.utf8(((Plaintext.Signed) Plaintext.parse(Vectors.plaintext(id))).message()));
        }
        inputs.add(Vectors.utf8(RegistrationCodecTest.example()));
        fuzz(inputs, input -> CommandCodec.parse(new String(input, StandardCharsets.UTF_8), Vectors::keccak));
    }

    @Test
    void frameReaderOnlyRefuses() {
        List<byte[]> inputs = new ArrayList<>();
        for (String id : List.of("22-listen-direct", "28-listen-flush-offline", "37-l0-listen")) {
            inputs.add(Vectors.stream(Vectors.recorded(id + ".res")));
        }
        fuzz(inputs, input -> new FrameReader().feed(input, 0, input.length));
    }

    private static void fuzz(List<byte[]> inputs, Codec codec) {
        Random random = new Random(Fuzz.seed());
        for (int i = 0; i < Fuzz.rounds(); i++) {
            byte[] input = Fuzz.mutate(inputs.get(random.nextInt(inputs.size())), random);
            try {
                codec.read(input.clone());
            } catch (RefusedException expected) {
                // Every refusal is as good as every other here; the other tests say which one it must be.
                continue;
            } catch (RuntimeException | Error fault) {
                String text = new String(input, StandardCharsets.ISO_8859_1);
                throw new AssertionError("fuzz.seed=" + Fuzz.seed() + " round " + i + ": " + text, fault);
            }
        }
    }
}
