package network.conet.edge.services.proxy;

import network.conet.edge.api.Exchange;
import network.conet.edge.api.Pipe;
import network.conet.edge.protocol.RefuseReason;

/**
 * Two legs and their target.
 *
 * <pre>
 *   leg with bytes ──► up:   policy, connect, then bytes flow to the target at once
 *   the other leg  ──► down: held until the target is connected, then the target's bytes flow there
 *   the target sends no more, any of the three ends, or 30 s pass with one leg alone ──► all end
 * </pre>
 *
 * Safe for use by many threads.
 */
final class Pair {
    private final Tunnels tunnels;
    private final Runnable forgotten;
    private final long begunNanos;

    private ProxyRequest first;
    private Exchange up;
    private Exchange down;
    private Tunnels.Target target;
    private Pipe upPipe;
    private Pipe downPipe;
    private boolean over;

    /** @param forgotten called once, when nothing is left of it */
    Pair(Tunnels tunnels, Runnable forgotten, long begunNanos) {
        this.tunnels = tunnels;
        this.forgotten = forgotten;
        this.begunNanos = begunNanos;
    }

    long begunNanos() {
        return begunNanos;
    }

    void leg(ProxyRequest request, Exchange exchange) {
        Place place;
        synchronized (this) {
            place = place(request);
            if (first == null) {
                first = request;
            }
            if (place == Place.UP) {
                up = exchange;
            } else if (place == Place.DOWN) {
                down = exchange;
            }
        }
        switch (place) {
            case UP -> tunnels.open(request).whenComplete(this::opened);
            case DOWN -> joinDown();
            case NONE -> exchange.refuse(RefuseReason.PAIRING_FAILED);
            case LAST -> {
                exchange.refuse(RefuseReason.PAIRING_FAILED);
                end(RefuseReason.PAIRING_FAILED);
            }
        }
    }

    private enum Place { UP, DOWN, NONE, LAST }

    private Place place(ProxyRequest request) {
        if (over || first != null && (!first.host().equals(request.host()) || first.port() != request.port())) {
            return Place.NONE;
        }
        boolean hasBytes = request.buffer().length > 0;
        if (up == null && hasBytes) {
            return Place.UP;
        }
        if (down == null && (up != null || first == null)) {
            return Place.DOWN;
        }
        // Two legs without a byte for the target: nobody goes up.
        return up == null ? Place.LAST : Place.NONE;
    }

    private void opened(Tunnels.Target connected, Throwable failure) {
        if (failure != null) {
            end(Tunnels.reason(failure));
            return;
        }
        Pipe pipe = null;
        synchronized (this) {
            if (!over) {
                target = connected;
                upPipe = up.pipe();
                pipe = upPipe;
            }
        }
        if (pipe == null) {
            connected.pipe().close();
            return;
        }
        pipe.flowTo(connected.pipe(), connected.limits());
        pipe.ended().thenRun(this::endAll);
        connected.pipe().ended().thenRun(this::endAll);
        joinDown();
    }

    /** Joins the leg that goes down, when both it and the target are there. */
    private void joinDown() {
        Pipe pipe;
        Tunnels.Target from;
        synchronized (this) {
            if (over || target == null || down == null || downPipe != null) {
                return;
            }
            downPipe = down.pipe();
            pipe = downPipe;
            from = target;
        }
        // Nothing is to come up here; but that its peer has gone must be seen.
        pipe.discard();
        from.pipe().flowTo(pipe, from.limits()).thenRun(this::endAll);
        pipe.ended().thenRun(this::endAll);
    }

    void endUnlessPaired() {
        boolean alone;
        synchronized (this) {
            alone = up == null || down == null;
        }
        if (alone) {
            end(RefuseReason.PAIRING_FAILED);
        }
    }

    private void endAll() {
        end(RefuseReason.PAIRING_FAILED);
    }

    /** @param reason what legs hear that were not yet answered */
    private void end(RefuseReason reason) {
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
        }
        forgotten.run();
        finish(up, upPipe, reason);
        finish(down, downPipe, reason);
        if (target != null) {
            target.pipe().close();
        }
    }

    private static void finish(Exchange leg, Pipe pipe, RefuseReason reason) {
        if (pipe != null) {
            pipe.close();
        } else if (leg != null) {
            leg.refuse(reason);
        }
    }
}
