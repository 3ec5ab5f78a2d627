package dev.counterstep.order;

import java.util.Optional;
import java.util.UUID;

import org.springframework.data.jpa.repository.JpaSpecificationExecutor;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** Orders to be shown. Those that are to be changed come from {@link OrderStore}. */
interface OrderRepository extends Repository<ShownOrder, UUID>, JpaSpecificationExecutor<ShownOrder> {

    @Query("select o from ShownOrder o left join fetch o.history where o.id = :id")
    Optional<ShownOrder> findWithHistory(UUID id);
}
