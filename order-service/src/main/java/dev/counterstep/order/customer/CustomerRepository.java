package dev.counterstep.order.customer;

import java.util.List;

import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.NativeQuery;
import org.springframework.data.repository.Repository;

interface CustomerRepository extends Repository<Customer, String> {

    /** Those of these customers that there are. An array is one parameter, and so one statement however many they are. */
    @NativeQuery("SELECT id, name, blocked FROM customer WHERE id = ANY (CAST(:ids AS text[]))")
    List<Customer> findAll(String[] ids);

    List<Customer> findByIdGreaterThanOrderById(String id, Limit limit);

    @Modifying
    @NativeQuery("""
            INSERT INTO customer (id, name, blocked)
            VALUES (:id, :name, :blocked)
            ON CONFLICT (id) DO NOTHING""")
    void insertIfAbsent(String id, String name, boolean blocked);
}
