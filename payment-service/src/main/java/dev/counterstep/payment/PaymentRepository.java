package dev.counterstep.payment;

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

interface PaymentRepository extends Repository<Payment, UUID> {

    Payment save(Payment payment);

    Optional<Payment> findById(UUID id);

    List<Payment> findByIdLessThanOrderByIdDesc(UUID before, Limit limit);

    List<Payment> findByOrderIdAndIdLessThanOrderByIdDesc(String orderId, UUID before, Limit limit);

    /** To be changed. Does not flush first, as below. */
    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @QueryHints(@QueryHint(name = "org.hibernate.flushMode", value = "COMMIT"))
    @Query("FROM Payment WHERE id = :id")
    Payment lock(UUID id);

    /**
     * The payment of a saga's step, of whatever generation, that has or may still have an effect; there is at most one, and an index
     * sees to it. Does not flush first: what one batch writes belongs to different sagas, and is best written together.
     */
    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @QueryHints(@QueryHint(name = "org.hibernate.flushMode", value = "COMMIT"))
    @Query("FROM Payment WHERE sagaId = :sagaId AND step = :step AND status IN (PENDING, COMPLETED, REFUND_PENDING)")
    Optional<Payment> lockLive(UUID sagaId, String step);
}
