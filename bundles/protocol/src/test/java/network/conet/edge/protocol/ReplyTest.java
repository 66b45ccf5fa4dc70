package network.conet.edge.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReplyTest {
    private static final JsonValue OUTCOME = JsonValue.object().put("ok", true).put("fuel", 7).build();
    private static final ReplyKey KEY = key(1);
    private final ByteArrayOutputStream opened = new ByteArrayOutputStream();

    private static ReplyKey key(int seed) {
        byte[] bytes = new byte[ReplyKey.BYTES];
        new Random(seed).nextBytes(bytes);
        return ReplyKey.of(bytes);
    }

    private static byte[] reply(ReplyKey key, int salt, byte[]... pieces) {
        byte[] saltBytes = new byte[ReplyKey.SALT_BYTES];
        saltBytes[0] = (byte) salt;
        ReplyWriter writer = new ReplyWriter(key, saltBytes);
        ByteArrayOutputStream sealed = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            sealed.writeBytes(writer.piece(piece));
        }
        sealed.writeBytes(writer.last(OUTCOME));
        return sealed.toByteArray();
    }

    private JsonValue open(byte[] sealed) throws IOException {
        return new ReplyReader(KEY, new ByteArrayInputStream(sealed)).readTo(opened);
    }

    @Test
    void piecesComeBackInOrderWithTheOutcome() throws IOException {
        byte[] large = new byte[ReplyWriter.PIECE_BYTES_MAX];
        Arrays.fill(large, (byte) 9);
        assertEquals(OUTCOME, open(reply(KEY, 0, "hello".getBytes(StandardCharsets.UTF_8), large)));
        assertEquals(5 + large.length, opened.size());
        assertEquals("hello", new String(opened.toByteArray(), 0, 5, StandardCharsets.UTF_8));
    }

    @Test
    void refusesPieceOneByteOverMax() {
        ReplyWriter writer = new ReplyWriter(KEY, new byte[ReplyKey.SALT_BYTES]);
        byte[] tooLarge = new byte[ReplyWriter.PIECE_BYTES_MAX + 1];
        assertThrows(IllegalArgumentException.class, () -> writer.piece(tooLarge));
        assertThrows(IllegalArgumentException.class, () -> writer.piece(new byte[0]));
    }

    @Test
    void cutsWhatIsLargerThanAPieceIntoPieces() throws IOException {
        for (int length : new int[] {0, 1, ReplyWriter.PIECE_BYTES_MAX, ReplyWriter.PIECE_BYTES_MAX + 1,
            3 * ReplyWriter.PIECE_BYTES_MAX}) {
            byte[] data = new byte[length];
            new Random(length).nextBytes(data);
            ReplyWriter writer = new ReplyWriter(KEY, new byte[ReplyKey.SALT_BYTES]);
            ByteArrayOutputStream sealed = new ByteArrayOutputStream();
            sealed.writeBytes(writer.pieces(data));
            sealed.writeBytes(writer.last(OUTCOME));
            int pieces = (length + ReplyWriter.PIECE_BYTES_MAX - 1) / ReplyWriter.PIECE_BYTES_MAX + 1;
            assertEquals(ReplyKey.SALT_BYTES + length + OUTCOME.toString().length()
                    + pieces * (ReplyWriter.HEAD_BYTES + ReplyWriter.TAG_BYTES), sealed.size());
            opened.reset();
            assertEquals(OUTCOME, open(sealed.toByteArray()));
            assertArrayEquals(data, opened.toByteArray());
        }
    }

    @Test
    void givesAPieceAtATimeAndNothingBehindTheLast() throws IOException {
        ReplyReader reader = new ReplyReader(KEY,
                new ByteArrayInputStream(reply(KEY, 0, new byte[] {1}, new byte[] {2, 3})));
        assertArrayEquals(new byte[] {1}, reader.next().orElseThrow());
        assertArrayEquals(new byte[] {2, 3}, reader.next().orElseThrow());
        assertEquals(Optional.empty(), reader.next());
        assertEquals(Optional.empty(), reader.next());
    }

    @Test
    void everyCutIsNoticed() {
        byte[] sealed = reply(KEY, 0, new byte[] {1, 2, 3}, new byte[] {4});
        for (int length = 0; length < sealed.length; length++) {
            byte[] cut = Arrays.copyOf(sealed, length);
            assertThrows(EOFException.class, () -> open(cut), "cut to " + length);
        }
    }

    @Test
    void everyFlippedBitIsNoticed() {
        byte[] sealed = reply(KEY, 0, new byte[] {1, 2, 3}, new byte[] {4});
        for (int bit = 0; bit < sealed.length * Byte.SIZE; bit++) {
            byte[] flipped = sealed.clone();
            flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            assertThrows(IOException.class, () -> open(flipped), "bit " + bit);
        }
    }

    @Test
    void piecesCannotBeSwapped() {
        byte[] sealed = reply(KEY, 0, new byte[] {1}, new byte[] {2});
        int piece = ReplyWriter.HEAD_BYTES + 1 + ReplyWriter.TAG_BYTES;
        byte[] swapped = sealed.clone();
        System.arraycopy(sealed, ReplyKey.SALT_BYTES, swapped, ReplyKey.SALT_BYTES + piece, piece);
        System.arraycopy(sealed, ReplyKey.SALT_BYTES + piece, swapped, ReplyKey.SALT_BYTES, piece);
        assertThrows(IOException.class, () -> open(swapped));
        assertEquals(0, opened.size());
    }

    @Test
    void anotherKeyOpensNothing() {
        assertThrows(IOException.class, () -> open(reply(key(2), 0, new byte[] {1})));
    }

    @Test
    void sameKeyTwiceSealsDifferently() {
        byte[] first = reply(KEY, 1, new byte[40]);
        byte[] second = reply(KEY, 2, new byte[40]);
        assertFalse(Arrays.equals(first, ReplyKey.SALT_BYTES, 60, second, ReplyKey.SALT_BYTES, 60));
    }

    @Test
    void keyIsExactly32BytesOfBase64() {
        assertEquals(KEY, ReplyKey.parse(KEY.base64()).orElseThrow());
        assertEquals(Optional.empty(), ReplyKey.parse("AAAA"));
        assertEquals(Optional.empty(), ReplyKey.parse("*"));
        assertEquals("ReplyKey", KEY.toString());
        assertArrayEquals(new byte[0], opened.toByteArray());
    }
}
