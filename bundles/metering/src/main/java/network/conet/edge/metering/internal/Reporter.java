package network.conet.edge.metering.internal;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import network.conet.edge.api.Clock;
import network.conet.edge.api.KeyRing;
import network.conet.edge.api.Settlements;
import network.conet.edge.api.Signatures;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.WalletAddress;
import network.conet.edge.protocol.pay.Resource;
import network.conet.edge.protocol.pay.Statement;

/** Tells the owner how the node stands. Safe for use by many threads. */
final class Reporter {
    private static final int DAYS_SHOWN = 31;
    private static final int PAYMENTS_SHOWN = 50;
    private static final int VOUCHERS_SHOWN = 50;
    /** Digits behind the point: a credit has 10^9 nanocredits. */
    private static final int DECIMALS = 9;

    private final KeyRing keys;
    private final BookKeeper keeper;
    private final Supplier<Optional<Settlements>> settlements;
    private final Signatures signatures;
    private final Clock clock;

    Reporter(KeyRing keys, BookKeeper keeper, Supplier<Optional<Settlements>> settlements, Signatures signatures,
            Clock clock) {
        this.keys = keys;
        this.keeper = keeper;
        this.settlements = settlements;
        this.signatures = signatures;
        this.clock = clock;
    }

    /** Everything that an owner asks for at once: {@code docs/protocol/payment.md}. */
    JsonValue.Builder earnings(WalletAddress owner) {
        JsonValue.Builder json = statement(owner).map(this::signed).orElseGet(JsonValue::object);
        keeper.ask(book -> json.put("days", days(book)).put("vouchers", vouchers(book)).put("payments", payments(book))
                .put("owedTo", owedTo(book)));
        return json;
    }

    private Optional<Statement> statement(WalletAddress owner) {
        return keeper.ask(book -> new Statement(keys.wallet(), owner, clock.epochSeconds(), book.index, book.root,
                units(book.units), book.earned, book.owed(), book.promised, book.paid));
    }

    private JsonValue.Builder signed(Statement statement) {
        JsonValue.Builder json = statement.json();
        settlements.get().flatMap(Settlements::id).ifPresent(id -> json
                .put("settlement", JsonValue.object().put("chainId", id.chainId())
                        .put("contract", id.contract().toString()).build())
                .put("signature", keys.signDigest(statement.digest(id, signatures)).toString()));
        return json;
    }

    private static Map<Resource, Long> units(long[] amounts) {
        Map<Resource, Long> units = new EnumMap<>(Resource.class);
        for (Resource resource : Resource.values()) {
            units.put(resource, amounts[resource.ordinal()]);
        }
        return units;
    }

    private static JsonValue days(Book book) {
        List<JsonValue> days = new ArrayList<>();
        book.days.descendingMap().forEach((day, done) -> {
            if (days.size() < DAYS_SHOWN) {
                JsonValue.Builder json = JsonValue.object().put("day", LocalDate.ofEpochDay(day).toString());
                units(done.units).forEach((resource, amount) -> json.put(resource.label(), amount));
                days.add(json.put("earned", done.earned).build());
            }
        });
        return JsonValue.array(days);
    }

    private static JsonValue vouchers(Book book) {
        return JsonValue.array(book.accounts.entrySet().stream().filter(each -> each.getValue().promised > 0)
                .sorted(Comparator.comparingLong(each -> -each.getValue().unpaid())).limit(VOUCHERS_SHOWN)
                .map(each -> JsonValue.object().put("payer", each.getKey().toString())
                        .put("promised", each.getValue().promised).put("charged", each.getValue().charged)
                        .put("paid", each.getValue().paid).build())
                .toList());
    }

    private static JsonValue payments(Book book) {
        List<JsonValue> payments = new ArrayList<>();
        for (Book.Payment payment : book.paymentsInOrder()) {
            payments.add(JsonValue.object().put("time", payment.epochSeconds()).put("payer", payment.payer().toString())
                    .put("amount", payment.amount()).put("transaction", payment.transaction().toString()).build());
        }
        return JsonValue.array(payments.subList(Math.max(0, payments.size() - PAYMENTS_SHOWN), payments.size()));
    }

    private static JsonValue owedTo(Book book) {
        return JsonValue.array(book.payees.entrySet().stream().limit(VOUCHERS_SHOWN)
                .map(each -> JsonValue.object().put("node", each.getKey().toString())
                        .put("owed", each.getValue().owed).put("given", each.getValue().given).build())
                .toList());
    }

    /** The statement as mail: lines for people, then one line of JSON for programs, with the signature in it. */
    Optional<byte[]> mail(WalletAddress owner) {
        return statement(owner).map(statement -> {
            StringBuilder text = new StringBuilder("Statement of your CONET node ")
                    .append(statement.node().toChecksumString(signatures)).append('\n')
                    .append("as of ").append(Instant.ofEpochSecond(statement.epochSeconds()))
                    .append(", since it began\n");
            statement.units().forEach((resource, amount) ->
                    text.append("  ").append(resource.label()).append(": ").append(amount).append('\n'));
            text.append("Earned: ").append(credits(statement.earned())).append(" credits (and ")
                    .append(credits(statement.owed())).append(" of other nodes)\n")
                    .append("Acknowledged by vouchers: ").append(credits(statement.acknowledged())).append('\n')
                    .append("Settled on the chain: ").append(credits(statement.settled())).append('\n')
                    .append(signed(statement).build());
            return text.toString().getBytes(StandardCharsets.UTF_8);
        });
    }

    /** Credits with all their digits: nothing is rounded. */
    static String credits(long nanocredits) {
        return BigDecimal.valueOf(nanocredits, DECIMALS).stripTrailingZeros().toPlainString();
    }
}
