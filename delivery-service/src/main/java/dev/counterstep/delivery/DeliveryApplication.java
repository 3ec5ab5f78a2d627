package dev.counterstep.delivery;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.scheduling.annotation.EnableScheduling;

/** The delivery service: participant {@code delivery}, REST on port 8004. */
@SpringBootApplication
@EnableScheduling
public class DeliveryApplication {

    public static void main(String[] args) {
        builder().run(args);
    }

    /** The application, configured by {@code delivery-service.yaml} so that it can share a class path with the others. */
    public static SpringApplicationBuilder builder() {
        return new SpringApplicationBuilder(DeliveryApplication.class)
                .properties("spring.config.name=delivery-service");
    }
}
