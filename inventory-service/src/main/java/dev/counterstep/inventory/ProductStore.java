package dev.counterstep.inventory;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

import dev.counterstep.messaging.participant.StepKey;
import dev.counterstep.storage.RoundTrip;

import static dev.counterstep.storage.Columns.texts;

/**
 * The statements on table {@code product}. All run in the caller's transaction; those that participate in a saga take a whole
 * batch each. Each statement names its rows by an index in a condition on the table alone: plans are kept, and no plan reads more
 * than that. Rows are locked in the order of their ids, and before any reservation is changed, so that no two batches wait for
 * each other in a circle, and no reader's old number ever decides.
 */
@Repository
class ProductStore {

    private static final String FIND = """
            SELECT id, available, reserved, updated_at
            FROM product
            WHERE id = ANY (?)
            ORDER BY id
            """;

    private static final String PAGE = """
            SELECT id, available, reserved, updated_at
            FROM product
            WHERE id > ?
            ORDER BY id
            LIMIT ?
            """;

    private static final String KNOWN = "SELECT id FROM product WHERE id = ANY (?)";

    private static final String LOCK = FIND + "FOR NO KEY UPDATE";

    private static final String LOCK_RESERVED = """
            SELECT id, available, reserved, updated_at
            FROM product
            WHERE id = ANY (ARRAY(
                SELECT product_id
                FROM reservation
                WHERE saga_id = ANY (?::uuid[]) AND (saga_id, step) IN (SELECT * FROM unnest(?::uuid[], ?::text[]))))
            ORDER BY id
            FOR NO KEY UPDATE
            """;

    private static final String UPDATE = """
            UPDATE product
            SET available = changed.available, reserved = changed.reserved, updated_at = now()
            FROM unnest(?::text[], ?::integer[], ?::integer[]) AS changed (id, available, reserved)
            WHERE product.id = ANY (?::text[]) AND product.id = changed.id
            """;

    private static final String RESTOCK = """
            INSERT INTO product (id, available)
            VALUES (?, ?)
            ON CONFLICT (id) DO UPDATE SET available = EXCLUDED.available, updated_at = now()
            """;

    private static final String INSERT_IF_ABSENT = """
            INSERT INTO product (id, available)
            VALUES (?, ?)
            ON CONFLICT (id) DO NOTHING
            """;

    private final JdbcTemplate jdbc;

    ProductStore(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    Optional<Product> find(String id) {
        return findAll(List.of(id)).stream().findFirst();
    }

    /** Those of these products that there are, by id. */
    List<Product> findAll(Collection<String> ids) {
        return jdbc.query(FIND, ProductStore::product, (Object) texts(ids, id -> id));
    }

    /** The products after {@code id}, by id. */
    List<Product> page(String id, int limit) {
        return jdbc.query(PAGE, ProductStore::product, id, limit);
    }

    /** The ids among these that a product has. */
    Set<String> known(Collection<String> ids) {
        return new HashSet<>(jdbc.queryForList(KNOWN, String.class, (Object) texts(ids, id -> id)));
    }

    /** Those of these products that there are, each under its id, locked until the transaction ends. */
    Map<String, Product> lock(Collection<String> ids) {
        return byId(jdbc.query(LOCK, ProductStore::product, (Object) texts(ids, id -> id)));
    }

    /** The products that these steps of sagas have or had reserved, each under its id, locked until the transaction ends. */
    Map<String, Product> lockReserved(Collection<StepKey> steps) {
        String[] sagaIds = texts(steps, StepKey::sagaId);
        return byId(jdbc.query(LOCK_RESERVED, ProductStore::product, sagaIds, sagaIds, texts(steps, StepKey::step)));
    }

    /**
     * Stores the stock of products that were locked. Whoever runs it gets an {@link OptimisticLockingFailureException} when one is
     * not there any more; nothing may be committed then.
     */
    void update(Collection<Product> products, RoundTrip trip) {
        if (products.isEmpty()) {
            return;
        }
        String[] ids = texts(products, Product::id);
        trip.update(
                UPDATE,
                stored -> requireAll(stored, products.size()),
                ids,
                texts(products, Product::available),
                texts(products, Product::reserved),
                ids);
    }

    private static void requireAll(int stored, int all) {
        if (stored != all) {
            throw new OptimisticLockingFailureException("%d of %d products are there".formatted(stored, all));
        }
    }

    /** Sets what is free; a product that is not there is created. */
    void restock(String id, int available) {
        jdbc.update(RESTOCK, id, available);
    }

    void insertIfAbsent(String id, int available) {
        jdbc.update(INSERT_IF_ABSENT, id, available);
    }

    private static Product product(ResultSet row, int number) throws SQLException {
        return new Product(
                row.getString("id"),
                row.getInt("available"),
                row.getInt("reserved"),
                row.getObject("updated_at", OffsetDateTime.class).toInstant());
    }

    private static Map<String, Product> byId(List<Product> products) {
        Map<String, Product> byId = new LinkedHashMap<>();
        products.forEach(product -> byId.put(product.id(), product));
        return byId;
    }
}
