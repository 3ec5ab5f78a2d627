package dev.counterstep.order;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import jakarta.persistence.LockModeType;

import org.springframework.data.jpa.repository.JpaSpecificationExecutor;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.NativeQuery;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

interface OrderRepository extends Repository<Order, UUID>, JpaSpecificationExecutor<Order> {

    Order save(Order order);

    /** The order, its row locked until the transaction ends: for who means to change it. */
    @Lock(LockModeType.PESSIMISTIC_WRITE)
    Optional<Order> findById(UUID id);

    @Query("select o from Order o left join fetch o.history where o.id = :id")
    Optional<Order> findWithHistory(UUID id);

    @Query("select o.id from Order o where o.id in :ids and o.endedAt is not null")
    List<UUID> endedAmong(Collection<UUID> ids);

    /**
     * Marks as announced, and returns, pending orders whose saga has not been heard of for {@code patience} seconds since they
     * were last announced, nor for as long as they had waited then. Passes over those that another instance holds.
     */
    @NativeQuery("""
            WITH announced AS (
                UPDATE orders
                SET announced_at = now()
                WHERE id IN (
                    SELECT id
                    FROM orders
                    WHERE ended_at IS NULL AND saga_id IS NULL
                        AND announced_at <= now() - make_interval(secs => :patience)
                        AND announced_at <= now() - (announced_at - created_at)
                    ORDER BY announced_at
                    LIMIT :most
                    FOR UPDATE SKIP LOCKED)
                RETURNING *)
            SELECT * FROM announced
            """)
    List<Order> announceUnheard(double patience, int most);

    /** Remembers which saga runs a pending order; the first one counts. */
    @Modifying
    @Query("update Order o set o.sagaId = :sagaId where o.id = :id and o.sagaId is null and o.endedAt is null")
    int learnSaga(UUID id, UUID sagaId);
}
