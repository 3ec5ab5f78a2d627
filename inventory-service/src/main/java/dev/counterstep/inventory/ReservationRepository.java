package dev.counterstep.inventory;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

import jakarta.persistence.LockModeType;

import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.NativeQuery;
import org.springframework.data.repository.Repository;

interface ReservationRepository extends Repository<Reservation, UUID> {

    Reservation save(Reservation reservation);

    /** What a saga's step reserved, locked: for who means to release it. */
    @Lock(LockModeType.PESSIMISTIC_WRITE)
    Optional<Reservation> findBySagaIdAndStep(UUID sagaId, String step);

    List<Reservation> findByOrderIdOrderByIdDesc(String orderId, Limit limit);

    /** The newest reservations of each product, at most {@code each} of one. */
    @NativeQuery("""
            SELECT newest.*
              FROM unnest(CAST(:productIds AS text[])) AS wanted (id)
             CROSS JOIN LATERAL (
                   SELECT * FROM reservation WHERE product_id = wanted.id ORDER BY id DESC LIMIT :each) AS newest
             ORDER BY newest.id DESC""")
    List<Reservation> newest(String[] productIds, int each);
}
