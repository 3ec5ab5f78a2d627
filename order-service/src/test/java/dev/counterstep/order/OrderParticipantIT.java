package dev.counterstep.order;

import java.util.UUID;
import javax.sql.DataSource;

import org.springframework.beans.factory.annotation.Autowired;

import dev.counterstep.messaging.ParticipantContract;
import dev.counterstep.messaging.SampleHandlers;

/** The order service as a participant. None of its actions has a compensation, so a sample's are used. */
@RunningOrders
class OrderParticipantIT extends ParticipantContract {

    @Autowired
    DataSource dataSource;

    @Override
    protected String participant() {
        return "order";
    }

    @Override
    protected Sample sample(UUID sagaId) {
        return SampleHandlers.sample();
    }

    @Override
    protected int effects(UUID sagaId) {
        return SampleHandlers.effects(dataSource, sagaId);
    }
}
