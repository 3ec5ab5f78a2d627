package dev.counterstep.delivery;

import org.springframework.stereotype.Component;

import dev.counterstep.messaging.Command;
import dev.counterstep.messaging.participant.CommandResult;
import dev.counterstep.messaging.participant.SagaCommand;

/** The commands of the participant {@code delivery}. */
@Component
class DeliveryCommandHandlers {

    private final ScheduleService schedules;
    private final CancelService cancellations;

    DeliveryCommandHandlers(ScheduleService schedules, CancelService cancellations) {
        this.schedules = schedules;
        this.cancellations = cancellations;
    }

    @SagaCommand(value = "delivery.schedule", success = "delivery.scheduled", failure = "delivery.failed")
    CommandResult schedule(Command command, DeliveryRequest request) {
        return schedules.schedule(command.saga(), request);
    }

    @SagaCommand(value = "delivery.cancel", success = "delivery.cancelled", failure = "delivery.failed")
    CommandResult cancel(Command command) {
        return cancellations.cancel(command.saga());
    }
}
