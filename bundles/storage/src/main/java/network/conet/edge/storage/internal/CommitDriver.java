package network.conet.edge.storage.internal;

/**
 * Who calls {@link StorageService#pump()} and when. The service tells it that something came; the driver calls
 * back at once or when the time that the last call answered is over.
 */
public interface CommitDriver {
    /** For simulations and tests: nobody calls by itself, the owner of the service pumps by hand. */
    CommitDriver MANUAL = new CommitDriver() {
        @Override
        public void start(StorageService service) { }

        @Override
        public void wake() { }

        @Override
        public void stop() { }
    };

    /** Called once, when the service can be pumped. */
    void start(StorageService service);

    /** Something is to be written. Called by any thread; does not wait. */
    void wake();

    /** Ends calling; returns when no call is under way. */
    void stop();
}
