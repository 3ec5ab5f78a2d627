package dev.counterstep.inventory;

import java.time.Instant;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

import org.hibernate.annotations.Immutable;

/** A product's stock, for reading: it changes only by the guarded updates of {@link ProductRepository}. */
@Entity
@Immutable
class Product {

    @Id
    private String id;

    private int available;
    private int reserved;
    private Instant updatedAt;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields
    protected Product() {}

    String id() {
        return id;
    }

    /** What can still be promised. */
    int available() {
        return available;
    }

    /** What is promised to orders. */
    int reserved() {
        return reserved;
    }

    Instant updatedAt() {
        return updatedAt;
    }
}
