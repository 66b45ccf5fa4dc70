package network.conet.edge.itest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import network.conet.edge.protocol.Hash256;

/**
 * What a node owes its users over many lives that end by SIGKILL, kept from what the users alone can see: answers and
 * frames. It finds mail that was lost, that nobody sent, that came twice, out of order, or back from the dead. Times
 * are monotonic nanoseconds. Safe for use by many threads.
 */
final class KillLedger {
    private static final int OK = 200;
    private static final int BUSY = 503;
    private static final int FULL = 507;

    /** What is known of a message. */
    private enum State {
        /** Without an answer: it may be stored or not. */
        POSTED,
        /** Missing after a kill, and not posted again: it must never come. */
        ABSENT,
        /** Answered 200, or seen: it must come in every session until it is acknowledged. */
        KEPT,
        /** Answered 503 or 507: it must never come. */
        REFUSED,
        ACK_POSTED,
        ACK_ANSWERED,
        /** Acknowledged so shortly before a kill that the node may have forgotten it. */
        ACK_IN_DOUBT,
        /** Acknowledged for good: it must never come. */
        GONE
    }

    private static final class Message {
        final Sender sender;
        final int number;
        final int life;
        State state = State.POSTED;
        boolean isAnswered;
        boolean isInDoubt;
        long sentNanos;
        long ackedNanos;

        Message(Sender sender, int life) {
            this.sender = sender;
            this.life = life;
            number = sender.count++;
        }
    }

    /** Posts one message after the other, so that their order is certain. */
    private static final class Sender {
        final String name;
        final int mailbox;
        int count;
        int lastDelivered = -1;
        int stored;
        long lastSentNanos;
        long lastButOneSentNanos;

        Sender(String name, int mailbox) {
            this.name = name;
            this.mailbox = mailbox;
        }
    }

    private final long ackDelayNanos;
    private final Map<Hash256, Message> messages = new HashMap<>();
    private final Map<String, Sender> senders = new HashMap<>();
    private final Set<Hash256> delivered = new HashSet<>();
    private final List<String> violations = new ArrayList<>();
    private int life;
    private int stored;
    private int acknowledged;
    private int again;
    private int refused;
    private int inDoubt;
    private int inDoubtFound;
    private int acksLost;

    /** @param ackDelayNanos how long the node may keep an acknowledgement in memory */
    KillLedger(long ackDelayNanos) {
        this.ackDelayNanos = ackDelayNanos;
    }

    /** A message is about to be posted, for the first time or again. A sender has one on its way at most. */
    synchronized void posting(String sender, int mailbox, Hash256 hash, long nowNanos) {
        Message message = messages.computeIfAbsent(hash,
                first -> new Message(senders.computeIfAbsent(sender, name -> new Sender(name, mailbox)), life));
        message.sentNanos = nowNanos;
        if (message.state == State.ABSENT) {
            message.state = State.POSTED;
        }
    }

    /** A post was answered. */
    synchronized void answered(Hash256 hash, int status) {
        Message message = messages.get(hash);
        if (status == OK) {
            stored += message.isAnswered ? 0 : 1;
            message.isAnswered = true;
            message.state = message.state == State.POSTED ? State.KEPT : message.state;
            message.sender.stored++;
            message.sender.lastButOneSentNanos = message.sender.lastSentNanos;
            message.sender.lastSentNanos = message.sentNanos;
        } else if (status != BUSY && status != FULL) {
            violation("answered " + status, message);
        } else if (!message.isInDoubt) {
            refused++;
            if (message.state != State.POSTED) {
                violation("refused with " + status + ", but delivered", message);
            }
            message.state = State.REFUSED;
        }
    }

    /** A message came to a listener. */
    synchronized void delivered(int mailbox, Hash256 hash) {
        Message message = messages.get(hash);
        if (message == null || message.sender.mailbox != mailbox) {
            violations.add("life " + life + ": mailbox " + mailbox + " got what nobody sent to it: " + hash);
            return;
        }
        if (!delivered.add(hash)) {
            violation("delivered twice in one session", message);
        }
        if (message.number < message.sender.lastDelivered) {
            violation("delivered behind number " + message.sender.lastDelivered, message);
        }
        message.sender.lastDelivered = message.number;
        again += message.life < life ? 1 : 0;
        switch (message.state) {
            case REFUSED -> violation("refused, but delivered", message);
            case ABSENT -> violation("missing after a kill, but delivered later", message);
            case GONE -> violation("acknowledged for good, but delivered", message);
            case ACK_IN_DOUBT -> acksLost++;
            case POSTED -> inDoubtFound += message.isInDoubt ? 1 : 0;
            default -> { }
        }
        message.state = State.KEPT;
    }

    /** An acknowledgement is about to be posted, for a message that was delivered in this session. */
    synchronized void acknowledging(Hash256 hash) {
        messages.get(hash).state = State.ACK_POSTED;
    }

    /** An acknowledgement was answered with 200; the node says whether it had the message. */
    synchronized void acknowledged(Hash256 hash, boolean isRemoved, long nowNanos) {
        Message message = messages.get(hash);
        if (!isRemoved) {
            violation("delivered, but not there when it was acknowledged", message);
        }
        acknowledged++;
        message.state = State.ACK_ANSWERED;
        message.ackedNanos = nowNanos;
    }

    /** An acknowledgement was refused. */
    synchronized void acknowledgementRefused(Hash256 hash) {
        messages.get(hash).state = State.KEPT;
    }

    /** The node was killed, and all its answers and frames have been entered; the next session begins. */
    synchronized void killed() {
        for (Message message : messages.values()) {
            switch (message.state) {
                case POSTED -> {
                    inDoubt += message.isInDoubt ? 0 : 1;
                    message.isInDoubt = true;
                }
                case ACK_POSTED -> message.state = State.ACK_IN_DOUBT;
                case ACK_ANSWERED -> message.state = isDurable(message) ? State.GONE : State.ACK_IN_DOUBT;
                default -> { }
            }
        }
        for (Sender sender : senders.values()) {
            sender.lastDelivered = -1;
            sender.stored = 0;
        }
        delivered.clear();
        life++;
    }

    /**
     * An acknowledgement that is due goes with the next group. Whoever posts when it is due, and when that is answered
     * posts again, hears the second 200 after that group is on the disk. No clock of the node is guessed at.
     */
    private boolean isDurable(Message message) {
        return senders.values().stream().anyMatch(sender -> sender.stored >= 2
                && message.ackedNanos + ackDelayNanos - sender.lastButOneSentNanos <= 0);
    }

    /** A mailbox has delivered all that it had when the node started. */
    synchronized void backlogEnded(int mailbox) {
        messages.forEach((hash, message) -> {
            if (message.sender.mailbox == mailbox && message.life < life && !delivered.contains(hash)) {
                switch (message.state) {
                    case KEPT -> {
                        violation("lost", message);
                        message.state = State.ABSENT;
                    }
                    case POSTED -> message.state = State.ABSENT;
                    case ACK_IN_DOUBT -> message.state = State.GONE;
                    default -> { }
                }
            }
        });
    }

    /** Whether posting it again, because nobody answered, is sure to store it: not when it is acknowledged already. */
    synchronized boolean mayBePostedAgain(Hash256 hash) {
        State state = messages.get(hash).state;
        return state == State.ABSENT || state == State.KEPT;
    }

    /** Messages from before the last life that are not acknowledged. They keep the log from going around. */
    synchronized boolean hasOld() {
        return messages.values().stream().anyMatch(message -> isOld(message)
                && (message.state == State.KEPT || message.state == State.ACK_POSTED));
    }

    synchronized boolean isOld(Hash256 hash) {
        Message message = messages.get(hash);
        return message != null && isOld(message);
    }

    private boolean isOld(Message message) {
        return message.life < life - 1;
    }

    synchronized boolean isDelivered(Hash256 hash) {
        return delivered.contains(hash);
    }

    synchronized int stored() {
        return stored;
    }

    /** What is wrong, in the order in which it was found. */
    synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    private void violation(String what, Message message) {
        violations.add("life " + life + ": message " + message.number + " of " + message.sender.name
                + " to mailbox " + message.sender.mailbox + ", first posted in life " + message.life + ": " + what);
    }

    /** All counts in one line. */
    @Override
    public synchronized String toString() {
        return stored + " messages stored, " + refused + " refused, " + acknowledged + " acknowledged, " + again
                + " delivered again; in flight at a kill " + inDoubt + " messages (" + inDoubtFound
                + " were stored); " + acksLost + " young acknowledgements lost";
    }
}
