package dev.counterstep.payment;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/** The payment service: participant {@code payment}, REST on port 8003. */
@SpringBootApplication
public class PaymentApplication {

    public static void main(String[] args) {
        builder().run(args);
    }

    /** The application, configured by {@code payment-service.yaml} so that it can share a class path with the others. */
    public static SpringApplicationBuilder builder() {
        return new SpringApplicationBuilder(PaymentApplication.class).properties("spring.config.name=payment-service");
    }
}
