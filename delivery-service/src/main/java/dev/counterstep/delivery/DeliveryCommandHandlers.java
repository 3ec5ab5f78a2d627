package dev.counterstep.delivery;

import java.util.List;

import org.springframework.stereotype.Component;

import dev.counterstep.delivery.carrier.Booking;
import dev.counterstep.messaging.Command;
import dev.counterstep.messaging.participant.CommandResult;
import dev.counterstep.messaging.participant.CommandWith;
import dev.counterstep.messaging.participant.ExternalCall;
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
    List<ExternalCall<Booking>> schedule(List<CommandWith<DeliveryRequest>> commands) {
        return schedules.schedule(commands);
    }

    @SagaCommand(value = "delivery.cancel", success = "delivery.cancelled", failure = "delivery.failed")
    List<CommandResult> cancel(List<Command> commands) {
        return cancellations.cancel(commands);
    }
}
