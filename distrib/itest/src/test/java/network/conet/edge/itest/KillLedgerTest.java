package network.conet.edge.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import network.conet.edge.protocol.Hash256;
import org.junit.jupiter.api.Test;

/** That the ledger of the kill rounds finds what it is there for, and accuses nobody who did well. */
class KillLedgerTest {
    private static final int MAILBOX = 0;
    private static final int OTHER_MAILBOX = 1;
    private static final long ACK_DELAY = 100;
    private static final Hash256 FIRST = hash(1);
    private static final Hash256 SECOND = hash(2);
    private static final Hash256 THIRD = hash(3);

    private final KillLedger ledger = new KillLedger(ACK_DELAY);
    private long now = 1000;

    @Test
    void mailThatComesAgainInOrderIsWell() {
        store(FIRST, SECOND, THIRD);
        restartWith(FIRST, SECOND, THIRD);
        restartWith(FIRST, SECOND, THIRD);
        assertWell();
    }

    @Test
    void findsLostMail() {
        store(FIRST, SECOND, THIRD);
        restartWith(FIRST, THIRD);
        assertFound("message 1 of sender to mailbox 0, first posted in life 0: lost");
    }

    @Test
    void findsMailThatNobodySent() {
        restartWith(FIRST);
        assertFound("got what nobody sent to it");
    }

    @Test
    void findsMailOfAnotherMailbox() {
        store(FIRST);
        ledger.delivered(OTHER_MAILBOX, FIRST);
        assertFound("mailbox 1 got what nobody sent to it");
    }

    @Test
    void findsWrongOrder() {
        store(FIRST, SECOND);
        restartWith(SECOND, FIRST);
        assertFound("message 0 of sender to mailbox 0, first posted in life 0: delivered behind number 1");
    }

    @Test
    void ordersNothingBetweenSenders() {
        post("sender", FIRST, 200);
        post("another", SECOND, 200);
        restartWith(SECOND, FIRST);
        assertWell();
    }

    @Test
    void findsMailThatComesTwiceInOneSession() {
        store(FIRST);
        restartWith(FIRST, FIRST);
        assertFound("delivered twice in one session");
    }

    @Test
    void findsWhatWasAcknowledgedForGood() {
        store(FIRST);
        deliverAndAcknowledge(FIRST);
        now += ACK_DELAY;
        store(SECOND, THIRD);
        restartWith(FIRST, SECOND, THIRD);
        assertFound("acknowledged for good, but delivered");
    }

    @Test
    void youngAcknowledgementMayBeLost() {
        store(FIRST);
        deliverAndAcknowledge(FIRST);
        now += ACK_DELAY - 1;
        store(SECOND, THIRD);
        restartWith(FIRST, SECOND, THIRD);
        assertWell();
    }

    @Test
    void acknowledgementBeforeOneLastAnswerMayBeLost() {
        store(FIRST);
        deliverAndAcknowledge(FIRST);
        now += ACK_DELAY;
        store(SECOND);
        restartWith(FIRST, SECOND);
        assertWell();
    }

    @Test
    void acknowledgementWithoutAnswerMayBeLost() {
        store(FIRST);
        ledger.delivered(MAILBOX, FIRST);
        ledger.acknowledging(FIRST);
        now += ACK_DELAY;
        store(SECOND, THIRD);
        restartWith(FIRST, SECOND, THIRD);
        assertWell();
    }

    @Test
    void lostAcknowledgementMeansThatMailIsOwedAgain() {
        store(FIRST);
        deliverAndAcknowledge(FIRST);
        restartWith(FIRST);
        restartWith();
        assertFound("lost");
    }

    @Test
    void findsAcknowledgementThatComesUndoneLater() {
        store(FIRST);
        deliverAndAcknowledge(FIRST);
        restartWith();
        restartWith(FIRST);
        assertFound("acknowledged for good, but delivered");
    }

    @Test
    void findsMailThatVanishedBeforeItsAcknowledgement() {
        store(FIRST);
        ledger.delivered(MAILBOX, FIRST);
        ledger.acknowledging(FIRST);
        ledger.acknowledged(FIRST, false, now);
        assertFound("delivered, but not there when it was acknowledged");
    }

    @Test
    void mailInFlightMayBeStoredOrNot() {
        ledger.posting("sender", MAILBOX, FIRST, now);
        restartWith(FIRST);
        restartWith(FIRST);
        ledger.posting("sender", MAILBOX, SECOND, now);
        restartWith(FIRST);
        assertWell();
    }

    @Test
    void mailInFlightThatCameOnceIsOwed() {
        ledger.posting("sender", MAILBOX, FIRST, now);
        restartWith(FIRST);
        restartWith();
        assertFound("lost");
    }

    @Test
    void findsMailInFlightThatWasMissingFirst() {
        ledger.posting("sender", MAILBOX, FIRST, now);
        restartWith();
        restartWith(FIRST);
        assertFound("missing after a kill, but delivered later");
    }

    @Test
    void mailInFlightThatIsPostedAgainIsOwed() {
        ledger.posting("sender", MAILBOX, FIRST, now);
        restartWith();
        assertTrue(ledger.mayBePostedAgain(FIRST));
        store(FIRST);
        restartWith();
        assertFound("lost");
    }

    @Test
    void acknowledgedMailIsNotPostedAgain() {
        ledger.posting("sender", MAILBOX, FIRST, now);
        deliverAndAcknowledge(FIRST);
        restartWith();
        assertFalse(ledger.mayBePostedAgain(FIRST));
    }

    @Test
    void findsRefusedMail() {
        post("sender", FIRST, 507);
        restartWith(FIRST);
        assertFound("refused, but delivered");
    }

    @Test
    void refusedMailIsNotOwed() {
        post("sender", FIRST, 503);
        restartWith();
        assertWell();
    }

    @Test
    void findsRefusalOfMailThatWasDelivered() {
        ledger.posting("sender", MAILBOX, FIRST, now);
        ledger.delivered(MAILBOX, FIRST);
        ledger.answered(FIRST, 503);
        assertFound("refused with 503, but delivered");
    }

    @Test
    void findsAnswerThatIsNeitherYesNorLater() {
        post("sender", FIRST, 404);
        assertFound("answered 404");
    }

    @Test
    void knowsWhatIsOld() {
        store(FIRST);
        restartWith(FIRST);
        assertFalse(ledger.hasOld());
        restartWith(FIRST);
        assertTrue(ledger.hasOld());
        acknowledge(FIRST);
        assertFalse(ledger.hasOld());
    }

    private void store(Hash256... hashes) {
        for (Hash256 hash : hashes) {
            post("sender", hash, 200);
        }
    }

    private void post(String sender, Hash256 hash, int status) {
        ledger.posting(sender, MAILBOX, hash, now);
        ledger.answered(hash, status);
        now++;
    }

    private void deliverAndAcknowledge(Hash256 hash) {
        ledger.delivered(MAILBOX, hash);
        acknowledge(hash);
    }

    private void acknowledge(Hash256 hash) {
        ledger.acknowledging(hash);
        ledger.acknowledged(hash, true, now);
    }

    /** Kills the node; the next one delivers this. */
    private void restartWith(Hash256... backlog) {
        ledger.killed();
        for (Hash256 hash : backlog) {
            ledger.delivered(MAILBOX, hash);
        }
        ledger.backlogEnded(MAILBOX);
    }

    private void assertWell() {
        assertEquals(List.of(), ledger.violations());
    }

    private void assertFound(String what) {
        assertEquals(1, ledger.violations().size(), () -> ledger.violations().toString());
        assertTrue(ledger.violations().get(0).contains(what), ledger.violations().get(0));
    }

    private static Hash256 hash(int number) {
        byte[] bytes = new byte[Hash256.BYTES];
        bytes[0] = (byte) number;
        return Hash256.of(bytes);
    }
}
