package network.conet.edge.crypto;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import network.conet.edge.crypto.PacketReader.Packet;
import network.conet.edge.crypto.SessionKeys.SessionKey;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.modes.CFBBlockCipher;
import org.bouncycastle.crypto.modes.CFBModeCipher;
import org.bouncycastle.crypto.modes.OCBBlockCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/**
 * Opens integrity protected data and finds the literal data in it (RFC 9580 sections 5.13, 5.6 and 5.9). Nothing is
 * parsed or decompressed before the integrity of the whole is proven.
 *
 * <pre>
 *  version 1   01  CFB( random (16)  its last two again (2)  packets  D3 14  SHA-1 of all before (20) )
 *  version 2   02  cipher  02 (OCB)  chunk exponent  salt (32)  chunks, each with tag (16)  final tag (16)
 * </pre>
 */
final class SealedData {
    private static final int BLOCK_BYTES = 16;
    private static final int PREFIX_BYTES = BLOCK_BYTES + 2;
    private static final int MDC_HEADER_BYTES = 2;
    private static final int MDC_BYTES = MDC_HEADER_BYTES + 20;

    private static final int MODE_OCB = 2;
    private static final int SALT_AT = 4;
    private static final int SALT_BYTES = 32;
    private static final int TAG_BYTES = 16;
    private static final int NONCE_BYTES = 15;
    private static final int NONCE_SALT_BYTES = NONCE_BYTES - Long.BYTES;

    private static final int COMPRESSION_NONE = 0;
    private static final int COMPRESSION_ZIP = 1;
    private static final int COMPRESSION_ZLIB = 2;
    private static final int INFLATE_BUFFER_BYTES = 8 * 1024;

    private SealedData() {}

    /** The literal data in the body of an integrity protected data packet. */
    static byte[] open(byte[] body, SessionKey key) throws MalformedException {
        byte[] inside = body.length > 0 && body[0] == 2 ? openVersion2(body, key) : openVersion1(body, key);
        return literal(PacketReader.split(inside), false);
    }

    private static byte[] openVersion1(byte[] body, SessionKey session) throws MalformedException {
        int length = body.length - 1;
        if (length < PREFIX_BYTES + MDC_BYTES || body[0] != 1 || session.cipher() == 0) {
            throw new MalformedException("protected data");
        }
        CFBModeCipher cipher = CFBBlockCipher.newInstance(AESEngine.newInstance(), 8 * BLOCK_BYTES);
        cipher.init(false, new ParametersWithIV(new KeyParameter(session.key()), new byte[BLOCK_BYTES]));
        byte[] plain = new byte[length];
        cipher.processBytes(body, 1, length, plain, 0);
        SHA1Digest sha1 = new SHA1Digest();
        int hashed = length - MDC_BYTES + MDC_HEADER_BYTES;
        sha1.update(plain, 0, hashed);
        byte[] mdc = new byte[sha1.getDigestSize()];
        sha1.doFinal(mdc, 0);
        int difference = plain[hashed - 2] ^ (byte) 0xD3 | plain[hashed - 1] ^ 0x14;
        difference |= plain[BLOCK_BYTES - 2] ^ plain[BLOCK_BYTES] | plain[BLOCK_BYTES - 1] ^ plain[BLOCK_BYTES + 1];
        for (int i = 0; i < mdc.length; i++) {
            difference |= plain[hashed + i] ^ mdc[i];
        }
        if (difference != 0) {
            throw new MalformedException("protected data is damaged");
        }
        return Arrays.copyOfRange(plain, PREFIX_BYTES, length - MDC_BYTES);
    }

    /**
     * RFC 9580 section 5.13.2. HKDF-SHA256 of the session key gives the message key and seven bytes of nonce; a
     * chunk's nonce ends with its number, its associated data is the packet's header; the final tag also covers
     * the number of plaintext octets.
     */
    private static byte[] openVersion2(byte[] body, SessionKey session) throws MalformedException {
        int at = SALT_AT + SALT_BYTES;
        int keyBytes = body.length > at ? SessionKeys.keyBytes(body[1]) : 0;
        if (body.length < at + 2 * TAG_BYTES || keyBytes == 0 || keyBytes != session.key().length
                || session.cipher() != 0 || body[2] != MODE_OCB
                || body[3] < 0 || body[3] > CryptoLimits.CHUNK_EXPONENT_MAX) {
            throw new MalformedException("protected data");
        }
        byte[] header = {(byte) (0xC0 | PacketReader.TAG_INTEGRITY_PROTECTED), 2, body[1], body[2], body[3]};
        byte[] material = new byte[keyBytes + NONCE_SALT_BYTES];
        HKDFBytesGenerator hkdf = new HKDFBytesGenerator(new SHA256Digest());
        hkdf.init(new HKDFParameters(session.key(), Arrays.copyOfRange(body, SALT_AT, at), header));
        hkdf.generateBytes(material, 0, material.length);
        KeyParameter key = new KeyParameter(material, 0, keyBytes);
        byte[] nonce = Arrays.copyOf(Arrays.copyOfRange(material, keyBytes, material.length), NONCE_BYTES);
        SessionKeys.scrub(material);

        int chunkBytes = 1 << body[3] + 6;
        int end = body.length - TAG_BYTES;
        byte[] plain = new byte[end - at];
        int size = 0;
        long chunk = 0;
        try {
            while (at < end) {
                int sealed = Math.min(chunkBytes + TAG_BYTES, end - at);
                OCBBlockCipher cipher = cipher(key, nonce, chunk++, header);
                size += finish(cipher, plain, size, cipher.processBytes(body, at, sealed, plain, size));
                at += sealed;
            }
            OCBBlockCipher last = cipher(key, nonce, chunk, header);
            last.processAADBytes(number(size), 0, Long.BYTES);
            byte[] nothing = new byte[BLOCK_BYTES];
            finish(last, nothing, 0, last.processBytes(body, end, TAG_BYTES, nothing, 0));
        } catch (InvalidCipherTextException damaged) {
            throw new MalformedException("protected data is damaged");
        }
        return Arrays.copyOf(plain, size);
    }

    private static int finish(OCBBlockCipher cipher, byte[] plain, int at, int done)
            throws InvalidCipherTextException {
        return done + cipher.doFinal(plain, at + done);
    }

    private static OCBBlockCipher cipher(KeyParameter key, byte[] nonce, long chunk, byte[] header) {
        System.arraycopy(number(chunk), 0, nonce, NONCE_SALT_BYTES, Long.BYTES);
        OCBBlockCipher cipher = new OCBBlockCipher(AESEngine.newInstance(), AESEngine.newInstance());
        cipher.init(false, new AEADParameters(key, 8 * TAG_BYTES, nonce.clone(), header));
        return cipher;
    }

    private static byte[] number(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }

    /**
     * The one literal data packet among the packets, which may stand in one compressed packet. Signatures and
     * filling around it are ignored: who sent a message is told by the wallet signature inside it.
     */
    private static byte[] literal(List<Packet> packets, boolean decompressed) throws MalformedException {
        byte[] found = null;
        for (Packet packet : packets) {
            switch (packet.tag()) {
                case PacketReader.TAG_ONE_PASS_SIGNATURE, PacketReader.TAG_SIGNATURE, PacketReader.TAG_MARKER,
                        PacketReader.TAG_PADDING -> { }
                case PacketReader.TAG_LITERAL, PacketReader.TAG_COMPRESSED -> {
                    if (found != null || packet.tag() == PacketReader.TAG_COMPRESSED && decompressed) {
                        throw new MalformedException("more than one layer of data");
                    }
                    found = packet.tag() == PacketReader.TAG_LITERAL ? literalBody(packet.body())
                            : literal(PacketReader.split(decompress(packet.body())), true);
                }
                default -> {
                    if (packet.tag() <= PacketReader.TAG_CRITICAL_MAX) {
                        throw new MalformedException("unexpected packet");
                    }
                }
            }
        }
        if (found == null) {
            throw new MalformedException("no literal data");
        }
        return found;
    }

    /**
     * Format octet, name length, name, date (4), data. Text ('t', 'u') travels with CR LF line ends (RFC 9580 section
     * 5.9) and is given with LF, as existing nodes do it: the hash of an armored message that was a text inside
     * another one depends on it.
     */
    private static byte[] literalBody(byte[] body) throws MalformedException {
        int dataAt = body.length < 2 ? Integer.MAX_VALUE : 2 + (body[1] & 0xFF) + 4;
        if (dataAt > body.length || body.length - dataAt > CryptoLimits.PLAINTEXT_BYTES_MAX) {
            throw new MalformedException("literal data");
        }
        byte[] data = Arrays.copyOfRange(body, dataAt, body.length);
        return body[0] == 't' || body[0] == 'u' ? withLineFeeds(data) : data;
    }

    private static byte[] withLineFeeds(byte[] text) {
        int size = 0;
        for (int i = 0; i < text.length; i++) {
            if (text[i] != '\r' || i + 1 == text.length || text[i + 1] != '\n') {
                text[size++] = text[i];
            }
        }
        return size == text.length ? text : Arrays.copyOf(text, size);
    }

    private static byte[] decompress(byte[] body) throws MalformedException {
        int algorithm = body.length == 0 ? -1 : body[0];
        return switch (algorithm) {
            case COMPRESSION_NONE -> Arrays.copyOfRange(body, 1, body.length);
            case COMPRESSION_ZIP -> inflate(body, true);
            case COMPRESSION_ZLIB -> inflate(body, false);
            default -> throw new MalformedException("compression");
        };
    }

    /** Stops at the bound, whatever the sender promised. */
    private static byte[] inflate(byte[] body, boolean raw) throws MalformedException {
        Inflater inflater = new Inflater(raw);
        try {
            // Raw deflate needs one more octet than it uses (Inflater's own documentation).
            byte[] padded = raw ? Arrays.copyOf(body, body.length + 1) : body;
            inflater.setInput(padded, 1, padded.length - 1);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[INFLATE_BUFFER_BYTES];
            while (!inflater.finished()) {
                int count = inflater.inflate(buffer);
                if (count == 0 && !inflater.finished()
                        || count > CryptoLimits.DECOMPRESSED_BYTES_MAX - out.size()) {
                    throw new MalformedException("compressed data");
                }
                out.write(buffer, 0, count);
            }
            return out.toByteArray();
        } catch (DataFormatException damaged) {
            throw new MalformedException("compressed data");
        } finally {
            inflater.end();
        }
    }
}
