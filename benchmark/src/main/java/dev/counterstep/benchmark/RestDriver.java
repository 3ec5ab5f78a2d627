package dev.counterstep.benchmark;

import dev.counterstep.benchmark.load.Load;
import dev.counterstep.benchmark.load.LoadGenerator;
import dev.counterstep.benchmark.load.LoadReport;
import dev.counterstep.benchmark.load.NewOrders;
import dev.counterstep.benchmark.rest.RestOrders;

/** A load generator in this JVM that uses the measured system's REST API. */
final class RestDriver implements Driver {

    private final LoadGenerator generator = new LoadGenerator();
    private final RestOrders orders;

    RestDriver(Ready ready) {
        this.orders = new RestOrders(ready.orderService(), ready.kafka(), generator::ended);
    }

    @Override
    public void start(Load load) {
        generator.start(load, orders, new NewOrders(load.declineRate()));
    }

    @Override
    public LoadReport window() {
        return generator.closeWindow();
    }

    @Override
    public boolean drain() throws InterruptedException {
        boolean drained = generator.drain(DRAIN_LIMIT);
        orders.hangUp();
        return drained;
    }

    @Override
    public void close() {
        generator.close();
        orders.close();
    }
}
