package dev.counterstep.quickstart;

import org.springframework.boot.builder.SpringApplicationBuilder;

import dev.counterstep.delivery.DeliveryApplication;
import dev.counterstep.inventory.InventoryApplication;
import dev.counterstep.migrations.ServiceDatabase;
import dev.counterstep.orchestrator.OrchestratorApplication;
import dev.counterstep.order.OrderApplication;
import dev.counterstep.payment.PaymentApplication;

/** The five services, which elsewhere run as a process each, in the order in which they are started. */
enum ServiceProcess {
    ORCHESTRATOR("orchestrator", 0, ServiceDatabase.ORCHESTRATOR),
    ORDER("order-service", 1, ServiceDatabase.ORDERS),
    INVENTORY("inventory-service", 2, ServiceDatabase.INVENTORY),
    PAYMENT("payment-service", 3, ServiceDatabase.PAYMENTS),
    DELIVERY("delivery-service", 4, ServiceDatabase.DELIVERIES);

    private final String title;
    private final int portOffset;
    private final ServiceDatabase database;

    ServiceProcess(String title, int portOffset, ServiceDatabase database) {
        this.title = title;
        this.portOffset = portOffset;
        this.database = database;
    }

    /** For people. */
    String title() {
        return title;
    }

    ServiceDatabase database() {
        return database;
    }

    SpringApplicationBuilder application() {
        return switch (this) {
            case ORCHESTRATOR -> OrchestratorApplication.builder();
            case ORDER -> OrderApplication.builder();
            case INVENTORY -> InventoryApplication.builder();
            case PAYMENT -> PaymentApplication.builder();
            case DELIVERY -> DeliveryApplication.builder();
        };
    }

    int port(int httpBase) {
        return httpBase + portOffset;
    }

    /** Its address without a path. */
    String url(int httpBase) {
        return "http://127.0.0.1:" + port(httpBase);
    }
}
