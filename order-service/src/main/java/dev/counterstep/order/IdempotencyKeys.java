package dev.counterstep.order;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

import dev.counterstep.messaging.MessageCodec;

import static dev.counterstep.storage.Columns.texts;

/** The idempotency keys that were used, each for one order. Works in the caller's transaction. */
@Repository
class IdempotencyKeys {

    // In the order of the keys, so that two groups never wait for each other in a circle; of claims of one key the
    // first wins.
    private static final String CLAIM = """
            INSERT INTO idempotency_key (key, request_hash, order_id)
            SELECT key, request_hash, order_id
            FROM unnest(?::text[], ?::text[], ?::uuid[]) WITH ORDINALITY AS claim (key, request_hash, order_id, position)
            ORDER BY key, position
            ON CONFLICT (key) DO NOTHING
            RETURNING order_id
            """;

    private static final String EARLIER = """
            SELECT claim.order_id AS refused, used.order_id AS earlier
            FROM unnest(?::text[], ?::text[], ?::uuid[]) AS claim (key, request_hash, order_id)
            JOIN idempotency_key AS used USING (key, request_hash)
            WHERE used.key = ANY (?::text[])
            """;

    private final JdbcTemplate jdbc;
    private final MessageCodec codec;

    IdempotencyKeys(JdbcTemplate jdbc, MessageCodec codec) {
        this.jdbc = jdbc;
        this.codec = codec;
    }

    /**
     * A key and the order it is to be used for.
     *
     * @param key as the caller sent it
     * @param requestHash of what was asked for
     * @param orderId the order, new
     */
    record Claim(String key, String requestHash, UUID orderId) {}

    /** The claim of a key for a new order, not made yet. */
    Claim claimOf(String key, Order order) {
        return new Claim(key, hash(order.request()), order.id());
    }

    /**
     * Claims keys for orders that are placed in the same transaction. While another transaction is claiming one of them, this
     * one waits for its end.
     *
     * @return the orders that got their keys; those of the others were claimed before, perhaps by one that did
     */
    Set<UUID> claim(List<Claim> claims) {
        return claims.isEmpty()
                ? Set.of()
                : new HashSet<>(jdbc.queryForList(
                        CLAIM,
                        UUID.class,
                        texts(claims, Claim::key),
                        texts(claims, Claim::requestHash),
                        texts(claims, Claim::orderId)));
    }

    /**
     * The orders that were placed with keys that are claimed too late.
     *
     * @return under the order that was not placed, the one that was; nothing when that one's request was another
     */
    Map<UUID, UUID> earlier(List<Claim> refused) {
        Map<UUID, UUID> earlier = new HashMap<>();
        if (!refused.isEmpty()) {
            String[] keys = texts(refused, Claim::key);
            jdbc.query(
                    EARLIER,
                    row -> {
                        earlier.put(row.getObject("refused", UUID.class), row.getObject("earlier", UUID.class));
                    },
                    keys,
                    texts(refused, Claim::requestHash),
                    texts(refused, Claim::orderId),
                    keys);
        }
        return earlier;
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
