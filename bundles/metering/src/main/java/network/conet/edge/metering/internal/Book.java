package network.conet.edge.metering.internal;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import network.conet.edge.api.Settlements;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.pay.LedgerEntry;
import network.conet.edge.protocol.pay.PriceList;
import network.conet.edge.protocol.pay.Resource;

/**
 * All accounts, as a pure function of the ledger's entries in their order: the same entries give the same book, to the
 * unit. One owner at a time.
 *
 * <p>What a message costs is shared evenly by the nodes that carried it, this one included; what does not divide is
 * this node's. So nobody is owed more than was charged, and a message that costs nothing, because of the free
 * allowance, earns nobody anything: wallets that cost nothing to make cannot be turned into income.
 *
 * <pre>
 *  charged (all wallets)  =  earned (this node)  +  owed (other nodes)
 *  paid  <=  promised,    for each wallet
 * </pre>
 */
final class Book {
    private static final long DAY_SECONDS = 86_400;
    private static final LedgerEntry.Terms NO_TERMS = new LedgerEntry.Terms(0, PriceList.FREE, 0, 0, 0, 0);

    final Map<WalletAddress, Account> accounts = new HashMap<>();
    final Map<WalletAddress, Payee> payees = new HashMap<>();
    final NavigableMap<Long, Day> days = new TreeMap<>();
    final Deque<Payment> payments = new ArrayDeque<>();
    final long[] units = new long[Resource.values().length];
    LedgerEntry.Terms terms = NO_TERMS;
    /** Nanocredits charged to wallets in all. */
    long charged;
    /** Of these, the node's own. */
    long earned;
    /** Nanocredits that wallets promised in all. */
    long promised;
    /** Nanocredits that the chain has paid in all. */
    long paid;
    /** The last entry that is in here. */
    long index;
    Hash256 root = Hash256.of(new byte[Hash256.BYTES]);

    /** A node that forwards to this one. */
    static final class Payee {
        /** Nanocredits that are its share of what was charged. */
        long owed;
        /** Nanocredits that it has vouchers for. */
        long given;
    }

    /**
     * A payment on the chain.
     *
     * @param epochSeconds when it was seen
     * @param payer whose promise it was
     * @param amount nanocredits
     * @param transaction that paid
     */
    record Payment(long epochSeconds, WalletAddress payer, long amount, Hash256 transaction) {}

    /** Takes the next entry. */
    void apply(long entryIndex, Hash256 entryHash, LedgerEntry entry) {
        if (entryIndex != index + 1) {
            throw new AssertionError("entry " + entryIndex + " after " + index);
        }
        index = entryIndex;
        root = entryHash;
        if (entry instanceof LedgerEntry.Mail mail) {
            mail(mail);
        } else if (entry instanceof LedgerEntry.Stored stored) {
            stored.shares().forEach(share -> stored(stored.epochSeconds(), share));
        } else if (entry instanceof LedgerEntry.Called called) {
            charge(called.wallet(), called.amount());
            earn(called.epochSeconds(), Resource.SERVICE_FUEL, called.fuel(), called.amount());
        } else if (entry instanceof LedgerEntry.Egress egress) {
            egress(egress);
        } else if (entry instanceof LedgerEntry.Uptime uptime) {
            earn(uptime.epochSeconds(), Resource.UPTIME_EPOCHS, uptime.epochs(), 0);
        } else if (entry instanceof LedgerEntry.Terms newTerms) {
            terms = newTerms;
        } else if (entry instanceof LedgerEntry.Granted granted) {
            account(granted.wallet()).granted += granted.amount();
        } else if (entry instanceof LedgerEntry.Promised promise) {
            promised(promise);
        } else if (entry instanceof LedgerEntry.Paid payment) {
            paid(payment);
        } else if (entry instanceof LedgerEntry.Given given) {
            Payee payee = payees.computeIfAbsent(given.payee(), key -> new Payee());
            payee.given = Math.max(payee.given, given.cumulative());
        } else {
            throw new AssertionError("an entry that nobody books");
        }
    }

    private void mail(LedgerEntry.Mail mail) {
        Account account = account(mail.wallet());
        account.keyId = Optional.of(mail.keyId());
        int carriers = 1 + mail.forwarders().size();
        long bytes = (long) mail.armorBytes() * carriers;
        newDay(account, mail.epochSeconds());
        long free = Math.min(bytes, Math.max(0, terms.freeBytesADay() - account.freeBytesUsed));
        account.freeBytesUsed += free;
        long cost = terms.prices().cost(Resource.RELAY_BYTES, bytes - free);
        // What the wallet only owes is nobody's yet: shared, a debt that never comes would be this node's loss.
        long covered = Math.max(0, Math.min(cost, account.balance()));
        long share = covered / carriers;
        for (WalletAddress forwarder : mail.forwarders()) {
            payees.computeIfAbsent(forwarder, key -> new Payee()).owed += share;
        }
        charge(mail.wallet(), cost);
        earn(mail.epochSeconds(), Resource.RELAY_BYTES, mail.armorBytes(), cost - share * mail.forwarders().size());
    }

    private void stored(long epochSeconds, LedgerEntry.Stored.Share share) {
        Account account = account(share.wallet());
        newDay(account, epochSeconds);
        long free = Math.min(share.byteSeconds(),
                Math.max(0, terms.freeByteSecondsADay() - account.freeByteSecondsUsed));
        account.freeByteSecondsUsed += free;
        long cost = terms.prices().cost(Resource.STORED_BYTE_SECONDS, share.byteSeconds() - free);
        charge(share.wallet(), cost);
        earn(epochSeconds, Resource.STORED_BYTE_SECONDS, share.byteSeconds(), cost);
    }

    private void egress(LedgerEntry.Egress egress) {
        Account account = account(egress.wallet());
        newDay(account, egress.epochSeconds());
        long free = Math.min(egress.bytes(), Math.max(0, terms.freeEgressADay() - account.freeEgressUsed));
        account.freeEgressUsed += free;
        long cost = terms.prices().cost(Resource.EGRESS_BYTES, egress.bytes() - free);
        charge(egress.wallet(), cost);
        earn(egress.epochSeconds(), Resource.EGRESS_BYTES, egress.bytes(), cost);
    }

    private void promised(LedgerEntry.Promised promise) {
        Account account = account(promise.voucher().payer());
        long more = promise.voucher().cumulative() - account.promised;
        if (more > 0) {
            account.promised += more;
            account.voucher = new Settlements.Signed(promise.voucher(), promise.signature());
            promised += more;
            if (promise.forForwarding()) {
                // The work was done before; the bytes were counted where they were stored.
                charge(promise.voucher().payer(), more);
                earn(promise.epochSeconds(), Resource.RELAY_BYTES, 0, more);
            }
        }
    }

    private void paid(LedgerEntry.Paid payment) {
        Account account = account(payment.payer());
        long more = payment.redeemed() - account.paid;
        if (more > 0) {
            account.paid += more;
            paid += more;
            payments.addLast(new Payment(payment.epochSeconds(), payment.payer(), more, payment.transaction()));
            if (payments.size() > MeteringLimits.PAYMENTS_MAX) {
                payments.removeFirst();
            }
        }
    }

    private void charge(WalletAddress wallet, long cost) {
        account(wallet).charged += cost;
        charged += cost;
    }

    private void earn(long epochSeconds, Resource resource, long amount, long own) {
        units[resource.ordinal()] += amount;
        earned += own;
        Day day = days.computeIfAbsent(Math.floorDiv(epochSeconds, DAY_SECONDS), key -> new Day());
        day.units[resource.ordinal()] += amount;
        day.earned += own;
        if (days.size() > MeteringLimits.DAYS_MAX) {
            days.pollFirstEntry();
        }
    }

    private static void newDay(Account account, long epochSeconds) {
        long day = Math.floorDiv(epochSeconds, DAY_SECONDS);
        // A clock that was set back gives nobody another allowance.
        if (day > account.day) {
            account.day = day;
            account.freeBytesUsed = 0;
            account.freeByteSecondsUsed = 0;
            account.freeEgressUsed = 0;
        }
    }

    private Account account(WalletAddress wallet) {
        return accounts.computeIfAbsent(wallet, key -> new Account());
    }

    /** A wallet's account, if it has one. */
    Optional<Account> find(WalletAddress wallet) {
        return Optional.ofNullable(accounts.get(wallet));
    }

    /** Whether a wallet has an account or may have one. */
    boolean hasRoomFor(WalletAddress wallet) {
        return accounts.size() < MeteringLimits.ACCOUNTS_MAX || accounts.containsKey(wallet);
    }

    /** What a message would cost its recipient, with what is left of the allowance. */
    long costOfMail(WalletAddress wallet, int armorBytes, int carriers, long epochSeconds) {
        Account account = accounts.get(wallet);
        boolean isToday = account != null && account.day >= Math.floorDiv(epochSeconds, DAY_SECONDS);
        long free = Math.max(0, terms.freeBytesADay() - (isToday ? account.freeBytesUsed : 0));
        return terms.prices().cost(Resource.RELAY_BYTES, Math.max(0, (long) armorBytes * carriers - free));
    }

    /** Bytes that a wallet may move through the proxy: what is left of the allowance, and what its credit buys. */
    long egressBytes(WalletAddress wallet, long reserved, long epochSeconds) {
        long price = terms.prices().egressMiB();
        if (price == 0) {
            return Long.MAX_VALUE;
        }
        Account account = accounts.get(wallet);
        boolean isToday = account != null && account.day >= Math.floorDiv(epochSeconds, DAY_SECONDS);
        long free = Math.max(0, terms.freeEgressADay() - (isToday ? account.freeEgressUsed : 0));
        long credit = Math.max(0, spendable(wallet) - reserved);
        return free + Resource.EGRESS_BYTES.unitsFor(credit, price);
    }

    /** What a wallet may still spend. */
    long spendable(WalletAddress wallet) {
        Account account = accounts.get(wallet);
        return terms.creditLimit() + (account == null ? 0 : account.balance());
    }

    /** What other nodes are owed in all. */
    long owed() {
        return payees.values().stream().mapToLong(payee -> payee.owed).sum();
    }

    /** Forgets accounts that hold nothing, of days before this one. */
    void prune(long epochSeconds) {
        long today = Math.floorDiv(epochSeconds, DAY_SECONDS);
        accounts.values().removeIf(account -> account.isBlank() && account.day < today);
    }

    /**
     * Looks whether all sums agree.
     *
     * @throws AssertionError when they do not: money state is wrong, and nothing may go on with it
     */
    void check() {
        long sumCharged = 0;
        long sumPromised = 0;
        long sumPaid = 0;
        for (Account account : accounts.values()) {
            sumCharged = Math.addExact(sumCharged, account.charged);
            sumPromised = Math.addExact(sumPromised, account.promised);
            sumPaid = Math.addExact(sumPaid, account.paid);
        }
        if (sumCharged != charged || sumPromised != promised || sumPaid != paid || earned + owed() != charged) {
            throw new AssertionError("the book's sums differ: charged " + sumCharged + " of " + charged + ", earned "
                    + earned + " and owed " + owed() + ", promised " + sumPromised + " of " + promised + ", paid "
                    + sumPaid + " of " + paid);
        }
    }

    /** The payments that are remembered, oldest first. */
    Iterable<Payment> paymentsInOrder() {
        return Collections.unmodifiableCollection(payments);
    }
}
