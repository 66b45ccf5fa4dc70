package network.conet.edge.client.cli;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import network.conet.edge.client.ClientException;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.pay.Resource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code conet earnings}: for the owner of a node. */
@Command(name = "earnings", mixinStandardHelpOptions = true,
        description = "What a node of yours did and earned: units, credits, vouchers, payments on the chain.")
final class EarningsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private Settings settings;

    @Mixin
    private OnNode on;

    @Option(names = "--settle", description = "First have it redeem its vouchers, whatever the fee")
    private boolean isSettled;

    @Option(names = "--csv", description = "Print comma-separated lines: kind, time or day, what, amount, reference")
    private boolean isCsv;

    @Override
    public Integer call() throws ClientException, InterruptedException {
        OnNode.Account account = on.account(settings);
        PrintWriter out = spec.commandLine().getOut();
        if (isSettled) {
            settings.progress(spec.commandLine().getErr(), "redeeming ...");
            account.accounts().settle(account.node());
        }
        JsonValue earnings = account.accounts().earnings(account.node());
        if (isCsv) {
            csv(out, earnings);
        } else {
            settings.print(out, earnings, text(earnings));
        }
        return 0;
    }

    private static String text(JsonValue json) {
        StringBuilder text = new StringBuilder("As of ").append(Instant.ofEpochSecond(json.integer("time").orElse(0)))
                .append(", since the ledger began (entry ")
                .append(json.member("ledger").map(ledger -> ledger.integer("index").orElse(0)).orElse(0L))
                .append(")\n");
        for (Resource resource : Resource.values()) {
            text.append(String.format("  %-18s %,d%n", resource.label(),
                    json.member("units").map(units -> units.integer(resource.label()).orElse(0)).orElse(0L)));
        }
        long acknowledged = json.integer("acknowledged").orElse(0);
        long settled = json.integer("settled").orElse(0);
        text.append("  earned             ").append(AccountCommand.amount(json, "earned")).append(" credits, and ")
                .append(AccountCommand.amount(json, "owed")).append(" for nodes that forwarded\n")
                .append("  acknowledged       ").append(Amounts.show(acknowledged)).append(" credits, by vouchers\n")
                .append("  settled            ").append(Amounts.show(settled)).append(" credits, on the chain\n")
                .append("  still to come      ").append(Amounts.show(acknowledged - settled))
                .append(" credits (estimate: as far as the channels hold it)\n");
        for (JsonValue payment : list(json, "payments")) {
            text.append("  ").append(Instant.ofEpochSecond(payment.integer("time").orElse(0))).append("  ")
                    .append(AccountCommand.amount(payment, "amount")).append("  ")
                    .append(payment.string("transaction").orElse("")).append('\n');
        }
        return text.toString().stripTrailing();
    }

    private static List<JsonValue> list(JsonValue json, String member) {
        return json.member(member).map(JsonValue::elements).orElse(List.of());
    }

    /** Numbers as they are, in units and nanocredits: for spreadsheets that are to add them up. */
    private static void csv(PrintWriter out, JsonValue json) {
        String time = Instant.ofEpochSecond(json.integer("time").orElse(0)).toString();
        out.println("kind,time,what,amount,reference");
        for (Resource resource : Resource.values()) {
            out.println("units," + time + ',' + resource.label() + ','
                    + json.member("units").map(units -> units.integer(resource.label()).orElse(0)).orElse(0L) + ',');
        }
        for (String figure : List.of("earned", "owed", "acknowledged", "settled")) {
            out.println("nanocredits," + time + ',' + figure + ',' + json.integer(figure).orElse(0) + ',');
        }
        for (JsonValue day : list(json, "days")) {
            for (Resource resource : Resource.values()) {
                out.println("day," + day.string("day").orElse("") + ',' + resource.label() + ','
                        + day.integer(resource.label()).orElse(0) + ',');
            }
            out.println("day," + day.string("day").orElse("") + ",earned," + day.integer("earned").orElse(0) + ',');
        }
        for (JsonValue voucher : list(json, "vouchers")) {
            out.println("voucher," + time + ",promised," + voucher.integer("promised").orElse(0) + ','
                    + voucher.string("payer").orElse(""));
        }
        for (JsonValue payment : list(json, "payments")) {
            out.println("payment," + Instant.ofEpochSecond(payment.integer("time").orElse(0)) + ",settled,"
                    + payment.integer("amount").orElse(0) + ',' + payment.string("transaction").orElse(""));
        }
        out.flush();
    }
}
