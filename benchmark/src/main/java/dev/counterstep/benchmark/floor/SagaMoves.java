package dev.counterstep.benchmark.floor;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** The one saga the floor can do, {@code order-core}, as code: what each reply leads to. */
final class SagaMoves {

    static final String FIRST = "reserve-inventory";

    private record StepKind(String id, String kind, String participant, String action) {}

    private static final List<StepKind> STEPS = List.of(
            new StepKind(FIRST, "COMPENSATABLE", "inventory", "inventory.reserve"),
            new StepKind("process-payment", "COMPENSATABLE", "payment", "payment.process"),
            new StepKind("schedule-delivery", "PIVOT", "delivery", "delivery.schedule"),
            new StepKind("complete-order", "RETRIABLE", "order", "order.complete"));
    private static final StepKind ORDER = new StepKind("order", "COMPENSATABLE", "order", "order.cancel");

    private SagaMoves() {}

    /** The steps of a saga that has just started. */
    static String firstSteps(Instant now) {
        StringBuilder json = new StringBuilder("{\"order\":").append(waiting(ORDER, "SUCCEEDED"));
        json.append(",\"").append(FIRST).append("\":").append(sent(STEPS.get(0), "ACTION", now));
        for (StepKind step : STEPS.subList(1, STEPS.size())) {
            json.append(",\"").append(step.id()).append("\":").append(waiting(step, "PENDING"));
        }
        return json.append('}').toString();
    }

    /** The body of a command about stock. */
    static String stockPayload(String input) {
        return "{\"orderId\":\"%s\",\"productId\":\"%s\",\"quantity\":%s}"
                .formatted(
                        Arrived.member(input, "orderId"),
                        Arrived.member(input, "productId"),
                        Arrived.member(input, "quantity"));
    }

    private static String waiting(StepKind step, String status) {
        return "{\"kind\":\"%s\",\"status\":\"%s\",\"attempts\":0,\"generation\":1,\"participant\":\"%s\"}"
                .formatted(step.kind(), status, step.participant());
    }

    private static String sent(StepKind step, String phase, Instant at) {
        return ("{\"kind\":\"%s\",\"phase\":\"%s\",\"sentAt\":\"%s\",\"dueAt\":\"%s\",\"status\":\"RUNNING\",\"attempts\":1,"
                        + "\"generation\":1,\"participant\":\"%s\"}")
                .formatted(step.kind(), phase, at, at.plusSeconds(30), step.participant());
    }

    private static String ended(StepKind step, String phase, String status, @Nullable String reason, Instant at) {
        String why = reason == null ? "" : ",\"reason\":\"" + reason + "\"";
        return ("{\"kind\":\"%s\",\"phase\":\"%s\",\"sentAt\":\"%s\",\"repliedAt\":\"%s\",\"status\":\"%s\",\"attempts\":1,"
                        + "\"generation\":1,\"participant\":\"%s\"%s}")
                .formatted(step.kind(), phase, at, at, status, step.participant(), why);
    }

    /**
     * What a reply leads to.
     *
     * @param next the step that is sent next, null when the saga has ended
     */
    record Move(Arrived reply, @Nullable StepKind next, String nextPhase, String status) {

        static Move of(Arrived reply) {
            String step = reply.header("saga-step");
            if (reply.isCompensation()) {
                return step.equals(FIRST)
                        ? new Move(reply, ORDER, "COMPENSATION", "COMPENSATING")
                        : new Move(reply, null, "COMPENSATION", "COMPENSATED");
            }
            if (reply.header("saga-outcome").equals("REJECTED")) {
                return new Move(reply, STEPS.get(0), "COMPENSATION", "COMPENSATING");
            }
            int next = indexOf(step) + 1;
            return next == STEPS.size()
                    ? new Move(reply, null, "ACTION", "COMPLETED")
                    : new Move(reply, STEPS.get(next), "ACTION", "RUNNING");
        }

        private static int indexOf(String step) {
            int index = 0;
            while (!STEPS.get(index).id().equals(step)) {
                index++;
            }
            return index;
        }

        String sagaId() {
            return reply.header("saga-id");
        }

        String step() {
            return reply.header("saga-step");
        }

        String phase() {
            return reply.header("saga-phase");
        }

        String participant() {
            return kind().participant();
        }

        @Nullable
        String nextStep() {
            return next == null ? null : next.id();
        }

        boolean isRefused() {
            return refusal() != null;
        }

        @Nullable
        String refusal() {
            return reply.headers().get("saga-reason");
        }

        /** What the log says of the reply. */
        String detail() {
            return isRefused()
                    ? "{\"reason\":\"" + refusal() + "\",\"outcome\":\"REJECTED\"}"
                    : "{\"data\":" + reply.body() + ",\"outcome\":\"SUCCEEDED\"}";
        }

        /** What is added to the saga's replies. */
        String repliesJson() {
            return isRefused() || reply.isCompensation() ? "{}" : "{\"" + step() + "\":" + reply.body() + "}";
        }

        /** What changes of the saga's steps. */
        String stepsJson(Instant now) {
            String status = reply.isCompensation() ? "COMPENSATED" : isRefused() ? "REJECTED" : "SUCCEEDED";
            String ended = "\"" + step() + "\":" + ended(kind(), phase(), status, refusal(), now);
            return next == null
                    ? "{" + ended + "}"
                    : "{" + ended + ",\"" + next.id() + "\":" + sent(next, nextPhase, now) + "}";
        }

        /** The command that is sent next. */
        Message command(Messages messages, String input, @Nullable String reason) {
            if (next == null) {
                throw new IllegalStateException("the saga has ended");
            }
            Messages.Step from = reply.step();
            Messages.Step to =
                    new Messages.Step(from.sagaId(), from.orderId(), from.traceparent(), next.id(), nextPhase);
            if (next.id().equals(FIRST)) {
                String key = Arrived.member(input, "productId");
                return messages.command(to, "inventory.release", "inventory", key, stockPayload(input));
            }
            String body = reason == null
                    ? input
                    : input.substring(0, input.length() - 1) + ", \"reason\": \"" + reason + "\"}";
            return messages.command(to, next.action(), next.participant(), from.sagaId(), body);
        }

        private StepKind kind() {
            return step().equals(ORDER.id()) ? ORDER : STEPS.get(indexOf(step()));
        }
    }
}
