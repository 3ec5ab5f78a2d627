package dev.counterstep.order.customer;

import java.util.List;
import java.util.Optional;

import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.NativeQuery;
import org.springframework.data.repository.Repository;

interface CustomerRepository extends Repository<Customer, String> {

    Optional<Customer> findById(String id);

    List<Customer> findByIdGreaterThanOrderById(String id, Limit limit);

    @Modifying
    @NativeQuery("""
            INSERT INTO customer (id, name, blocked)
            VALUES (:id, :name, :blocked)
            ON CONFLICT (id) DO NOTHING""")
    void insertIfAbsent(String id, String name, boolean blocked);
}
