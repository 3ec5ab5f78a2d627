package dev.counterstep.inventory;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.NativeQuery;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/**
 * Stock. Each change is one statement that checks and writes at once, under the row's lock: no reader's old number ever
 * decides, so any number of instances may work on one product.
 */
interface ProductRepository extends Repository<Product, String> {

    Optional<Product> findById(String id);

    List<Product> findByIdGreaterThanOrderById(String id, Limit limit);

    List<Product> findByIdInOrderById(Collection<String> ids);

    /** What is free right now; empty when there is no such product. */
    @Query("select p.available from Product p where p.id = :id")
    Optional<Integer> available(String id);

    /** Takes from what is free; 0 when there is not enough or no such product. */
    @Modifying
    @NativeQuery("""
            UPDATE product
               SET available = available - :quantity, reserved = reserved + :quantity, updated_at = now()
             WHERE id = :id AND available >= :quantity""")
    int reserve(String id, int quantity);

    /** Gives back to what is free. */
    @Modifying
    @NativeQuery("""
            UPDATE product
               SET available = available + :quantity, reserved = reserved - :quantity, updated_at = now()
             WHERE id = :id AND reserved >= :quantity""")
    int release(String id, int quantity);

    /** Sets what is free; a product that is not there is created. */
    @Modifying
    @NativeQuery("""
            INSERT INTO product (id, available)
            VALUES (:id, :available)
            ON CONFLICT (id) DO UPDATE SET available = EXCLUDED.available, updated_at = now()""")
    void restock(String id, int available);

    @Modifying
    @NativeQuery("""
            INSERT INTO product (id, available)
            VALUES (:id, :available)
            ON CONFLICT (id) DO NOTHING""")
    void insertIfAbsent(String id, int available);
}
