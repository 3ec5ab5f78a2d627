package dev.counterstep.order;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

import dev.counterstep.messaging.MessageCodec;

/** The idempotency keys that were used, each for one order. Works in the caller's transaction. */
@Repository
class IdempotencyKeys {

    private final JdbcClient jdbc;
    private final MessageCodec codec;

    IdempotencyKeys(JdbcClient jdbc, MessageCodec codec) {
        this.jdbc = jdbc;
        this.codec = codec;
    }

    /**
     * Claims a key for an order that is placed in the same transaction. While another transaction is claiming the key, this
     * one waits for its end.
     *
     * @return false when the key was claimed before
     */
    boolean claim(String key, OrderRequest request, UUID orderId) {
        return jdbc.sql("""
                        INSERT INTO idempotency_key (key, request_hash, order_id)
                        VALUES (:key, :hash, :orderId)
                        ON CONFLICT (key) DO NOTHING""")
                        .param("key", key)
                        .param("hash", hash(request))
                        .param("orderId", orderId)
                        .update()
                == 1;
    }

    /** The order that was placed with this key for the same request; empty when the request was another. */
    Optional<UUID> find(String key, OrderRequest request) {
        return jdbc.sql("SELECT order_id FROM idempotency_key WHERE key = :key AND request_hash = :hash")
                .param("key", key)
                .param("hash", hash(request))
                .query(UUID.class)
                .optional();
    }

    /** Of what was asked for, not of how it was written: spaces, aliases and explicit defaults make no difference. */
    private String hash(OrderRequest request) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(codec.write(request)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
