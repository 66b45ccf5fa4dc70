package network.conet.edge.transport.internal;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import network.conet.edge.api.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS listener's certificate. Certificates are renewed while a node runs; a changed file is read for the
 * connections that come after. Safe for use by many threads.
 */
final class Certificates {
    private static final Logger LOG = LoggerFactory.getLogger(HttpFront.class);

    private final FrontSettings.Tls files;
    private final Clock clock;
    private SslContext context;
    private FileTime readTime;
    private long checkedNanos;

    /** @throws IOException when the files cannot be read or are no certificate and key; the text says which */
    Certificates(FrontSettings.Tls files, Clock clock) throws IOException {
        this.files = files;
        this.clock = clock;
        this.checkedNanos = clock.monotonicNanos();
        this.readTime = Files.getLastModifiedTime(files.certificate());
        this.context = read();
    }

    synchronized SslContext context() {
        long now = clock.monotonicNanos();
        if (now - checkedNanos >= TimeUnit.MILLISECONDS.toNanos(TransportLimits.CERTIFICATE_CHECK_MILLIS)) {
            checkedNanos = now;
            refresh();
        }
        return context;
    }

    private void refresh() {
        try {
            FileTime time = Files.getLastModifiedTime(files.certificate());
            if (!time.equals(readTime)) {
                context = read();
                readTime = time;
            }
        } catch (IOException unreadable) {
            // Perhaps half written: the present certificate serves on, and the next check tries again.
            LOG.warn("the changed certificate {} cannot be used: {}", files.certificate(), unreadable.getMessage());
        }
    }

    private SslContext read() throws IOException {
        try {
            return SslContextBuilder.forServer(files.certificate().toFile(), files.key().toFile())
                    .sslProvider(SslProvider.JDK).build();
        } catch (IllegalArgumentException unfit) {
            throw new IOException("not a PEM certificate chain and PKCS#8 key: " + files.certificate() + ", "
                    + files.key(), unfit);
        }
    }
}
