package dev.counterstep.messaging.canary.transactions.api;

import org.springframework.transaction.annotation.Transactional;

/** Canary: an adapter must not begin a transaction. */
class BeginsATransaction {

    @Transactional
    public void begin() {}
}
