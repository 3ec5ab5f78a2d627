package dev.counterstep.inventory;

import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

import dev.counterstep.messaging.CommandMessage;
import dev.counterstep.messaging.ParticipantContract;

import static org.assertj.core.api.Assertions.assertThat;

/** The inventory service as a participant: reservations and releases as messages. */
@RunningInventory
class InventoryParticipantIT extends ParticipantContract {

    private static final int STOCK = 10;

    @Autowired
    Restock restock;

    @Autowired
    FindStock stock;

    @Override
    protected String participant() {
        return "inventory";
    }

    @Override
    protected Sample sample(UUID sagaId) {
        restock.restock(product(sagaId), STOCK);
        var body = body(product(sagaId), 3);
        return new Sample("inventory.reserve", body, "inventory.release", body);
    }

    @Override
    protected int effects(UUID sagaId) {
        return (STOCK - stock.one(product(sagaId)).available()) / 3;
    }

    @Test
    void reservationIsAnsweredWithWhatWasReserved() {
        var reply = client().ask(action());

        assertThat(reply.header("ce_type")).isEqualTo("inventory.reserved");
        assertThat(reply.body()).contains("\"reservationId\":\"", "\"quantity\":3", product(sagaId()));
        assertThat(stock.one(product(sagaId())))
                .returns(7, StockView::available)
                .returns(3, StockView::reserved);
    }

    @Test
    void releaseGivesBackWhatWasReservedWhateverItsBodySays() {
        client().ask(action());

        var reply =
                client().ask(CommandMessage.compensation(sagaId(), "inventory.release", body(product(sagaId()), 7)));

        assertThat(reply.header("ce_type")).isEqualTo("inventory.released");
        assertThat(stock.one(product(sagaId())))
                .returns(STOCK, StockView::available)
                .returns(0, StockView::reserved)
                .satisfies(product -> assertThat(product.reservations())
                        .singleElement()
                        .returns(ReservationStatus.RELEASED, StockView.ReservationView::status));
    }

    @Test
    void moreThanThereIsIsRejectedAndChangesNothing() {
        var reply = client().ask(reserve(product(sagaId()), STOCK + 1));

        assertThat(reply.header("ce_type")).isEqualTo("inventory.failed");
        assertThat(reply.outcome()).isEqualTo("REJECTED");
        assertThat(reply.reason())
                .isEqualTo("insufficient stock: %s has 10, asked for 11".formatted(product(sagaId())));
        assertThat(effects(sagaId())).isZero();
    }

    @Test
    void productNobodyHasIsRejected() {
        assertThat(client().ask(reserve("nothing", 1)).reason()).isEqualTo("product nothing is unknown");
    }

    @Test
    void validationAsksOnlyWhetherTheProductIsKnown() {
        var known = CommandMessage.action(sagaId(), "inventory.validate", body("prod_123", 99));
        var unknown = CommandMessage.action(UUID.randomUUID(), "inventory.validate", body("nothing", 1));

        assertThat(client().ask(known).header("ce_type")).isEqualTo("inventory.validated");
        assertThat(client().ask(unknown).reason()).isEqualTo("product nothing is unknown");
    }

    @Test
    void productThatCannotBeProcessedIsADeadLetter() {
        var validate = CommandMessage.action(sagaId(), "inventory.validate", body("prod_ignore", 1));

        assertThat(client().ask(validate).outcome()).isEqualTo("RETRYABLE");
        assertThat(client().awaitDeadLetters("saga-id", sagaId().toString(), 1))
                .extracting(letter -> letter.header("dlt-code"))
                .containsExactly("unprocessable");
    }

    @Test
    void reservationOfNothingIsADeadLetter() {
        assertThat(client().ask(reserve(product(sagaId()), -1)).outcome()).isEqualTo("RETRYABLE");

        assertThat(client().awaitDeadLetters("saga-id", sagaId().toString(), 1)).hasSize(1);
        assertThat(effects(sagaId())).isZero();
    }

    private CommandMessage reserve(String product, int quantity) {
        return CommandMessage.action(sagaId(), "inventory.reserve", body(product, quantity));
    }

    private static String product(UUID sagaId) {
        return "product-of-" + sagaId;
    }

    private static String body(String product, int quantity) {
        return """
                {"orderId": "order-1", "productId": "%s", "quantity": %d}""".formatted(product, quantity);
    }
}
