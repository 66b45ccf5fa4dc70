package network.conet.edge.metering.internal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import network.conet.edge.api.Settlements;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.KeyId;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.WalletSignature;
import network.conet.edge.protocol.pay.LedgerEntry;
import network.conet.edge.protocol.pay.PriceList;
import network.conet.edge.protocol.pay.Resource;
import network.conet.edge.protocol.pay.Voucher;

/**
 * The bytes of a saved book. All numbers are big-endian.
 *
 * <pre>
 *  version 1 | index 8 | root 32 | charged, earned, promised, paid 8 each | units 5 x 8
 *  terms: seconds 8 | prices 4 x 8 | freeBytes, freeByteSeconds, freeEgress, creditLimit 8 each
 *  count 4 | days:     day 8 | units 5 x 8 | earned 8
 *  count 4 | payees:   wallet 20 | owed 8 | given 8
 *  count 4 | payments: seconds 8 | payer 20 | amount 8 | transaction 32
 *  count 4 | accounts: wallet 20 | charged, granted, promised, paid 8 each
 *                      | day, freeBytes, freeByteSeconds, freeEgress 8 each | flags 1 | key id 8, if 1 | payee 20,
 *     root 32, signature 65, if 2
 * </pre>
 */
final class BookCodec {
    private static final int VERSION = 1;
    private static final int HAS_KEY = 1;
    private static final int HAS_VOUCHER = 2;

    private BookCodec() {}

    static byte[] encode(Book book) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256 + 150 * book.accounts.size());
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeLong(book.index);
            out.write(book.root.bytes());
            longs(out, book.charged, book.earned, book.promised, book.paid);
            longs(out, book.units);
            LedgerEntry.Terms terms = book.terms;
            longs(out, terms.epochSeconds(), terms.prices().relayMiB(), terms.prices().storedMiBDay(),
                    terms.prices().gigafuel(), terms.prices().egressMiB(), terms.freeBytesADay(),
                    terms.freeByteSecondsADay(), terms.freeEgressADay(), terms.creditLimit());
            out.writeInt(book.days.size());
            for (Map.Entry<Long, Day> day : book.days.entrySet()) {
                out.writeLong(day.getKey());
                longs(out, day.getValue().units);
                out.writeLong(day.getValue().earned);
            }
            out.writeInt(book.payees.size());
            for (Map.Entry<WalletAddress, Book.Payee> payee : book.payees.entrySet()) {
                out.write(payee.getKey().bytes());
                longs(out, payee.getValue().owed, payee.getValue().given);
            }
            out.writeInt(book.payments.size());
            for (Book.Payment payment : book.payments) {
                out.writeLong(payment.epochSeconds());
                out.write(payment.payer().bytes());
                out.writeLong(payment.amount());
                out.write(payment.transaction().bytes());
            }
            out.writeInt(book.accounts.size());
            for (Map.Entry<WalletAddress, Account> account : book.accounts.entrySet()) {
                account(out, account.getKey(), account.getValue());
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static void account(DataOutputStream out, WalletAddress wallet, Account account) throws IOException {
        out.write(wallet.bytes());
        longs(out, account.charged, account.granted, account.promised, account.paid, account.day,
                account.freeBytesUsed, account.freeByteSecondsUsed, account.freeEgressUsed);
        out.writeByte((account.keyId.isPresent() ? HAS_KEY : 0) | (account.voucher != null ? HAS_VOUCHER : 0));
        if (account.keyId.isPresent()) {
            out.writeLong(account.keyId.get().value());
        }
        if (account.voucher != null) {
            out.write(account.voucher.voucher().payee().bytes());
            out.write(account.voucher.voucher().ledgerRoot().bytes());
            out.write(account.voucher.signature().bytes());
        }
    }

    private static void longs(DataOutputStream out, long... numbers) throws IOException {
        for (long number : numbers) {
            out.writeLong(number);
        }
    }

    /** @throws IOException when the bytes are no book of this version */
    static Book decode(byte[] bytes) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (in.readByte() != VERSION) {
                throw new IOException("the saved accounts are of another version");
            }
            Book book = new Book();
            book.index = in.readLong();
            book.root = Hash256.of(in.readNBytes(Hash256.BYTES));
            book.charged = in.readLong();
            book.earned = in.readLong();
            book.promised = in.readLong();
            book.paid = in.readLong();
            units(in, book.units);
            book.terms = new LedgerEntry.Terms(in.readLong(),
                    new PriceList(in.readLong(), in.readLong(), in.readLong(), in.readLong()),
                    in.readLong(), in.readLong(), in.readLong(), in.readLong());
            for (int i = in.readInt(); i > 0; i--) {
                Day day = new Day();
                book.days.put(in.readLong(), day);
                units(in, day.units);
                day.earned = in.readLong();
            }
            for (int i = in.readInt(); i > 0; i--) {
                Book.Payee payee = new Book.Payee();
                book.payees.put(wallet(in), payee);
                payee.owed = in.readLong();
                payee.given = in.readLong();
            }
            for (int i = in.readInt(); i > 0; i--) {
                book.payments.add(new Book.Payment(in.readLong(), wallet(in), in.readLong(),
                        Hash256.of(in.readNBytes(Hash256.BYTES))));
            }
            for (int i = in.readInt(); i > 0; i--) {
                WalletAddress wallet = wallet(in);
                book.accounts.put(wallet, account(in, wallet));
            }
            if (in.available() > 0) {
                throw new IOException("the saved accounts are too long");
            }
            return book;
        } catch (IllegalArgumentException malformed) {
            throw new IOException("the saved accounts cannot be read", malformed);
        }
    }

    private static Account account(DataInputStream in, WalletAddress wallet) throws IOException {
        Account account = new Account();
        account.charged = in.readLong();
        account.granted = in.readLong();
        account.promised = in.readLong();
        account.paid = in.readLong();
        account.day = in.readLong();
        account.freeBytesUsed = in.readLong();
        account.freeByteSecondsUsed = in.readLong();
        account.freeEgressUsed = in.readLong();
        int flags = in.readByte();
        if ((flags & HAS_KEY) != 0) {
            account.keyId = Optional.of(new KeyId(in.readLong()));
        }
        if ((flags & HAS_VOUCHER) != 0) {
            Voucher voucher = new Voucher(wallet, wallet(in), account.promised,
                    Hash256.of(in.readNBytes(Hash256.BYTES)));
            account.voucher = new Settlements.Signed(voucher,
                    WalletSignature.of(in.readNBytes(WalletSignature.BYTES)));
        }
        return account;
    }

    private static WalletAddress wallet(DataInputStream in) throws IOException {
        return WalletAddress.of(in.readNBytes(WalletAddress.BYTES));
    }

    private static void units(DataInputStream in, long[] units) throws IOException {
        for (int i = 0; i < Resource.values().length; i++) {
            units[i] = in.readLong();
        }
    }
}
