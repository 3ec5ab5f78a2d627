package dev.counterstep.delivery;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

import jakarta.persistence.LockModeType;
import jakarta.persistence.QueryHint;

import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.jpa.repository.QueryHints;
import org.springframework.data.repository.Repository;

interface DeliveryRepository extends Repository<Delivery, UUID> {

    Delivery save(Delivery delivery);

    Optional<Delivery> findById(UUID id);

    List<Delivery> findByIdLessThanOrderByIdDesc(UUID before, Limit limit);

    List<Delivery> findByOrderIdAndIdLessThanOrderByIdDesc(String orderId, UUID before, Limit limit);

    /** Deliveries that the carrier has in hand, as far as we know, oldest first. */
    @Query("FROM Delivery WHERE status IN (SCHEDULED, CANCEL_PENDING, SHIPPED) AND id > :after ORDER BY id")
    List<Delivery> underWay(UUID after, Limit limit);

    /** To be changed. Does not flush first, as below. */
    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @QueryHints(@QueryHint(name = "org.hibernate.flushMode", value = "COMMIT"))
    @Query("FROM Delivery WHERE id = :id")
    Delivery lock(UUID id);

    /**
     * The delivery of a saga's step, of whatever generation, that has or may still have an effect; there is at most one, and an index
     * sees to it. Does not flush first: what one batch writes belongs to different sagas, and is best written together.
     */
    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @QueryHints(@QueryHint(name = "org.hibernate.flushMode", value = "COMMIT"))
    @Query("FROM Delivery WHERE sagaId = :sagaId AND step = :step AND status NOT IN (CANCELLED, REFUSED)")
    Optional<Delivery> lockLive(UUID sagaId, String step);
}
