package network.conet.edge.client.cli;

import java.math.BigInteger;
import network.conet.edge.chain.PaymentContracts;
import network.conet.edge.chain.Transactions;
import network.conet.edge.client.Chain;
import network.conet.edge.client.ClientException;
import network.conet.edge.crypto.Wallet;
import network.conet.edge.protocol.JsonValue;
import network.conet.edge.protocol.WalletAddress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code conet credit}. */
@Command(name = "credit", mixinStandardHelpOptions = true,
        description = "Credits, the claims on cloud computing that services are paid with.")
final class CreditCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name what to do");
    }

    @Command(name = "balance", mixinStandardHelpOptions = true, description = "What a wallet has on the chain.")
    int balance(@Mixin Settings settings,
            @Parameters(paramLabel = "WALLET", arity = "0..1", description = "Whose; default: this wallet's")
            String text)
            throws ClientException {
        WalletAddress wallet = text == null ? settings.identity().wallet().address() : settings.address(text);
        PaymentContracts payments = settings.chain().payments();
        long amount = settings.chain().ask(() -> payments.balanceOf(wallet));
        settings.print(spec.commandLine().getOut(), JsonValue.object().put("wallet", wallet.toString())
                .put("nanocredits", amount).build(),
                wallet.toChecksumString(Settings.SIGNATURES) + " has " + Amounts.show(amount) + " credits");
        return 0;
    }

    @Command(name = "send", mixinStandardHelpOptions = true, description = "Send credits to another wallet.")
    int send(@Mixin Settings settings, @Parameters(paramLabel = "WALLET", description = "Who gets them") String text,
            @Parameters(paramLabel = "CREDITS", description = "How many, as in 0.25") String credits)
            throws ClientException, InterruptedException {
        WalletAddress to = settings.address(text);
        long amount = Amounts.credits(credits);
        Chain chain = settings.chain();
        PaymentContracts payments = chain.payments();
        WalletAddress token = chain.ask(payments::credit);
        Transactions.Receipt receipt = chain.transact(settings.identity().wallet(), token, BigInteger.ZERO,
                PaymentContracts.transfer(to, amount));
        settings.print(spec.commandLine().getOut(), JsonValue.object().put("to", to.toString())
                .put("nanocredits", amount).put("transaction", receipt.hash().toString()).build(),
                Amounts.show(amount) + " credits sent (transaction " + receipt.hash() + ")");
        return 0;
    }

    @Command(name = "mint", mixinStandardHelpOptions = true,
            description = "Make credits against coins that are bonded for a node of yours; burning them"
                    + " frees the bond.")
    int mint(@Mixin Settings settings,
            @Option(names = "--node", required = true, paramLabel = "WALLET", description = "The node") String node,
            @Option(names = "--bond", defaultValue = "0", paramLabel = "COINS", description = "Coins to bond with it")
            String bond,
            @Parameters(paramLabel = "CREDITS", description = "How many, as in 100") String credits)
            throws ClientException, InterruptedException {
        long amount = Amounts.credits(credits);
        Chain chain = settings.chain();
        PaymentContracts payments = chain.payments();
        WalletAddress token = chain.ask(payments::credit);
        Wallet wallet = settings.identity().wallet();
        Transactions.Receipt receipt = chain.transact(wallet, token, Amounts.coins(bond),
                PaymentContracts.mint(settings.address(node), wallet.address(), amount));
        settings.print(spec.commandLine().getOut(), JsonValue.object().put("nanocredits", amount)
                .put("transaction", receipt.hash().toString()).build(),
                Amounts.show(amount) + " credits made (transaction " + receipt.hash() + ")");
        return 0;
    }
}
