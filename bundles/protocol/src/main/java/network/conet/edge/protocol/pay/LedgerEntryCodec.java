package network.conet.edge.protocol.pay;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletSignature;

/** The bytes of ledger entries; see {@link LedgerEntry}. */
final class LedgerEntryCodec {
    private static final int VERSION = 1;
    private static final int MAIL = 1;
    private static final int STORED = 2;
    private static final int CALLED = 3;
    private static final int UPTIME = 4;
    private static final int TERMS = 5;
    private static final int GRANTED = 6;
    private static final int PROMISED = 7;
    private static final int PAID = 8;
    private static final int GIVEN = 9;
    private static final int EGRESS = 10;

    private LedgerEntryCodec() {}

    static byte[] encode(LedgerEntry entry) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(96);
        try {
            write(entry, new DataOutputStream(bytes));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static void write(LedgerEntry entry, DataOutputStream out) throws IOException {
        out.writeByte(VERSION);
        if (entry instanceof LedgerEntry.Mail mail) {
            // wallet 20 | key id 8 | hash 32 | bytes 4 | forwarders 1 | 20 each
            begin(out, MAIL, entry);
            out.write(mail.wallet().bytes());
            out.writeLong(mail.keyId().value());
            out.write(mail.armorHash().bytes());
            out.writeInt(mail.armorBytes());
            out.writeByte(mail.forwarders().size());
            for (WalletAddress forwarder : mail.forwarders()) {
                out.write(forwarder.bytes());
            }
        } else if (entry instanceof LedgerEntry.Stored stored) {
            // count 2 | wallet 20, byte-seconds 8 each
            begin(out, STORED, entry);
            out.writeShort(stored.shares().size());
            for (LedgerEntry.Stored.Share share : stored.shares()) {
                out.write(share.wallet().bytes());
                out.writeLong(share.byteSeconds());
            }
        } else if (entry instanceof LedgerEntry.Called called) {
            // wallet 20 | fuel 8 | amount 8
            begin(out, CALLED, entry);
            out.write(called.wallet().bytes());
            out.writeLong(called.fuel());
            out.writeLong(called.amount());
        } else if (entry instanceof LedgerEntry.Egress egress) {
            // wallet 20 | bytes 8
            begin(out, EGRESS, entry);
            out.write(egress.wallet().bytes());
            out.writeLong(egress.bytes());
        } else if (entry instanceof LedgerEntry.Uptime uptime) {
            begin(out, UPTIME, entry);
            out.writeLong(uptime.firstEpoch());
            out.writeLong(uptime.lastEpoch());
            out.writeLong(uptime.epochs());
        } else if (entry instanceof LedgerEntry.Terms terms) {
            begin(out, TERMS, entry);
            for (long price : new long[] {terms.prices().relayMiB(), terms.prices().storedMiBDay(),
                    terms.prices().gigafuel(), terms.prices().egressMiB()}) {
                out.writeLong(price);
            }
            out.writeLong(terms.freeBytesADay());
            out.writeLong(terms.freeByteSecondsADay());
            out.writeLong(terms.freeEgressADay());
            out.writeLong(terms.creditLimit());
        } else {
            writeMoney(entry, out);
        }
    }

    private static void writeMoney(LedgerEntry entry, DataOutputStream out) throws IOException {
        if (entry instanceof LedgerEntry.Granted granted) {
            begin(out, GRANTED, entry);
            out.write(granted.wallet().bytes());
            out.writeLong(granted.amount());
        } else if (entry instanceof LedgerEntry.Promised promised) {
            // payer 20 | payee 20 | cumulative 8 | root 32 | signature 65 | for forwarding 1
            begin(out, PROMISED, entry);
            Voucher voucher = promised.voucher();
            out.write(voucher.payer().bytes());
            out.write(voucher.payee().bytes());
            out.writeLong(voucher.cumulative());
            out.write(voucher.ledgerRoot().bytes());
            out.write(promised.signature().bytes());
            out.writeByte(promised.forForwarding() ? 1 : 0);
        } else if (entry instanceof LedgerEntry.Paid paid) {
            begin(out, PAID, entry);
            out.write(paid.payer().bytes());
            out.writeLong(paid.redeemed());
            out.write(paid.transaction().bytes());
        } else if (entry instanceof LedgerEntry.Given given) {
            begin(out, GIVEN, entry);
            out.write(given.payee().bytes());
            out.writeLong(given.cumulative());
        }
    }

    private static void begin(DataOutputStream out, int kind, LedgerEntry entry) throws IOException {
        out.writeByte(kind);
        out.writeLong(entry.epochSeconds());
    }

    static LedgerEntry decode(ByteBuffer in) {
        if (in.get() != VERSION) {
            throw new IllegalArgumentException("another version");
        }
        int kind = in.get();
        long seconds = natural(in);
        LedgerEntry entry = switch (kind) {
            case MAIL -> new LedgerEntry.Mail(seconds, wallet(in), new KeyId(in.getLong()), hash(in), in.getInt(),
                    wallets(in, in.get()));
            case STORED -> new LedgerEntry.Stored(seconds, shares(in, in.getShort()));
            case CALLED -> new LedgerEntry.Called(seconds, wallet(in), natural(in), natural(in));
            case EGRESS -> new LedgerEntry.Egress(seconds, wallet(in), natural(in));
            case UPTIME -> new LedgerEntry.Uptime(seconds, natural(in), natural(in), natural(in));
            case TERMS -> new LedgerEntry.Terms(seconds,
                    new PriceList(natural(in), natural(in), natural(in), natural(in)),
                    natural(in), natural(in), natural(in), natural(in));
            case GRANTED -> new LedgerEntry.Granted(seconds, wallet(in), natural(in));
            case PROMISED -> new LedgerEntry.Promised(seconds,
                    new Voucher(wallet(in), wallet(in), natural(in), hash(in)), signature(in), flag(in));
            case PAID -> new LedgerEntry.Paid(seconds, wallet(in), natural(in), hash(in));
            case GIVEN -> new LedgerEntry.Given(seconds, wallet(in), natural(in));
            default -> throw new IllegalArgumentException("another kind");
        };
        if (in.hasRemaining()) {
            throw new IllegalArgumentException("too long");
        }
        return entry;
    }

    private static long natural(ByteBuffer in) {
        long number = in.getLong();
        if (number < 0) {
            throw new IllegalArgumentException("negative");
        }
        return number;
    }

    private static byte[] bytes(ByteBuffer in, int count) {
        byte[] bytes = new byte[count];
        in.get(bytes);
        return bytes;
    }

    private static WalletAddress wallet(ByteBuffer in) {
        return WalletAddress.of(bytes(in, WalletAddress.BYTES));
    }

    private static Hash256 hash(ByteBuffer in) {
        return Hash256.of(bytes(in, Hash256.BYTES));
    }

    private static boolean flag(ByteBuffer in) {
        int value = in.get();
        if (value != 0 && value != 1) {
            throw new IllegalArgumentException("no flag");
        }
        return value == 1;
    }

    private static WalletSignature signature(ByteBuffer in) {
        return WalletSignature.of(bytes(in, WalletSignature.BYTES));
    }

    private static List<WalletAddress> wallets(ByteBuffer in, int count) {
        if (count < 0 || count > LedgerEntry.FORWARDERS_MAX) {
            throw new IllegalArgumentException("too many nodes");
        }
        List<WalletAddress> wallets = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            wallets.add(wallet(in));
        }
        return wallets;
    }

    private static List<LedgerEntry.Stored.Share> shares(ByteBuffer in, int count) {
        if (count < 0 || count > LedgerEntry.STORED_MAX) {
            throw new IllegalArgumentException("too many mailboxes");
        }
        List<LedgerEntry.Stored.Share> shares = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            shares.add(new LedgerEntry.Stored.Share(wallet(in), natural(in)));
        }
        return shares;
    }
}
