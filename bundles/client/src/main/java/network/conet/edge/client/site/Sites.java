package network.conet.edge.client.site;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import network.conet.edge.api.Clock;
import network.conet.edge.api.UserEntry;
import network.conet.edge.client.ChatMessage;
import network.conet.edge.client.ClientException;
import network.conet.edge.client.ClientException.Kind;
import network.conet.edge.client.ConetClient;
import network.conet.edge.client.MailListener;
import network.conet.edge.crypto.Wallet;
import network.conet.edge.protocol.Hash256;
import network.conet.edge.protocol.WalletAddress;

/** Publishes a site, or shows those of others, until the thread is interrupted. */
public final class Sites {
    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    private final ConetClient client;
    private final Clock clock;

    /** @param client the wallet of the site, or of the visitor; registered. Asks its directory for each message */
    public Sites(ConetClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    /**
     * Serves the files of a directory.
     *
     * @param ready run when requests are received
     * @param told hears now and then what goes wrong while it serves
     */
    public void publish(Path directory, Runnable ready, Consumer<String> told)
            throws ClientException, InterruptedException {
        try {
            publish(new StaticFiles(directory), ready, told);
        } catch (IOException absent) {
            throw new ClientException(Kind.SETUP, directory + " cannot be published: " + absent.getMessage());
        }
    }

    /** Serves what a web server near by answers. */
    public void publish(URI upstream, Runnable ready, Consumer<String> told)
            throws ClientException, InterruptedException {
        publish(new Upstream(upstream), ready, told);
    }

    private void publish(SiteSource source, Runnable ready, Consumer<String> told)
            throws ClientException, InterruptedException {
        Wallet self = client.identity().wallet();
        try (SiteServer server = new SiteServer(self, source, this::send, clock, client::nonce, told)) {
            listen(SiteCodec::isRequest, server::received, ready);
        }
    }

    /**
     * Shows sites on a local address.
     *
     * @param names what names of sites point to
     * @param ready told where, when answers are received
     */
    public void browse(InetSocketAddress listen, SiteNames names, Consumer<InetSocketAddress> ready)
            throws ClientException, InterruptedException {
        SiteVisitor visitor = new SiteVisitor(client.identity().wallet(), this::send, clock, client::nonce);
        try (SiteFront front = new SiteFront(listen, visitor, new SiteCache(clock), names)) {
            listen(visitor::isMine, visitor::received, () -> ready.accept(front.address()));
        } catch (IOException failed) {
            throw new ClientException(Kind.SETUP, "the address cannot be listened on: " + failed.getMessage());
        }
    }

    private void send(WalletAddress to, byte[] plaintext) throws ClientException, InterruptedException {
        UserEntry user = client.directory().user(to).orElseThrow(
                () -> new ClientException(Kind.REFUSED, to + " is not registered on this network"));
        client.sendSealed(user, plaintext);
    }

    private void listen(Predicate<String> isMine, Consumer<String> received, Runnable ready)
            throws ClientException, InterruptedException {
        AtomicBoolean isTold = new AtomicBoolean();
        new MailListener(client, clock).listen(new MailListener.Receiver() {
            @Override
            public void connected() {
                // It connects again by itself whenever a connection ends.
                if (isTold.compareAndSet(false, true)) {
                    ready.run();
                }
            }

            @Override
            public boolean isMine(Optional<ChatMessage> content) {
                // Other mail of this wallet waits in the mailbox for who reads it.
                return content.map(ChatMessage::text).filter(isMine).isPresent();
            }

            @Override
            public boolean received(Hash256 armorHash, Optional<ChatMessage> content) {
                content.map(ChatMessage::text).ifPresent(received);
                return true;
            }
        }, FOR_EVER);
    }
}
