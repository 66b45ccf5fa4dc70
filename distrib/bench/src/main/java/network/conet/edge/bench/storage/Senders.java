package network.conet.edge.bench.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Threads that each send the next message when the one before is stored; and whoever collects what they send. */
final class Senders {
    private final LinkedBlockingQueue<Sent> queue = new LinkedBlockingQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private List<Sent> group = List.of();

    /** A message and who waits for it. */
    private record Sent(Message message, Semaphore stored) {}

    Senders(int count, Supplier<Message> messages) {
        for (int i = 0; i < count; i++) {
            Thread thread = new Thread(() -> send(messages), "sender-" + i);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    private void send(Supplier<Message> messages) {
        Semaphore stored = new Semaphore(0);
        try {
            while (true) {
                Message message;
                synchronized (messages) {
                    message = messages.get();
                }
                queue.add(new Sent(message, stored));
                stored.acquire();
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for a message, then so long for others; without a window: what came while the last group was written. */
    List<Message> collect(long windowNanos) throws InterruptedException {
        group = new ArrayList<>();
        group.add(queue.take());
        long due = System.nanoTime() + windowNanos;
        for (long left = windowNanos; left > 0 && group.size() < threads.size(); left = due - System.nanoTime()) {
            Sent sent = queue.poll(left, TimeUnit.NANOSECONDS);
            if (sent != null) {
                group.add(sent);
            }
        }
        queue.drainTo(group);
        return group.stream().map(Sent::message).toList();
    }

    /** The last group is durable. */
    void stored() {
        group.forEach(sent -> sent.stored().release());
    }

    void end() {
        threads.forEach(Thread::interrupt);
    }
}
