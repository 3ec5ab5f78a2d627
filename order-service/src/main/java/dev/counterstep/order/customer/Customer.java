package dev.counterstep.order.customer;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/** Someone who may order, unless blocked. */
@Entity
class Customer {

    @Id
    private String id;

    private String name;

    private boolean blocked;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields
    protected Customer() {}

    Customer(String id, String name, boolean blocked) {
        this.id = id;
        this.name = name;
        this.blocked = blocked;
    }

    String id() {
        return id;
    }

    String name() {
        return name;
    }

    boolean isBlocked() {
        return blocked;
    }
}
