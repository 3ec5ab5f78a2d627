# syntax=docker/dockerfile:1
# One image for each process: docker build --build-arg MODULE=order-service .
# MODULE is the folder of a module with a runnable jar: db-migrations, orchestrator, or one of the four services.

FROM eclipse-temurin:25-jdk AS build
WORKDIR /source
COPY . .
# All modules at once, before MODULE is known: the images share this layer, and what was downloaded is kept for the next build.
RUN --mount=type=cache,target=/root/.m2 ./mvnw -q -B -ntp -DskipTests -DskipITs package \
    -pl db-migrations,orchestrator,order-service,inventory-service,payment-service,delivery-service -am

FROM eclipse-temurin:25-jre-alpine AS layers
ARG MODULE
WORKDIR /layers
COPY --from=build /source/${MODULE}/target/counterstep-${MODULE}-*-exec.jar app.jar
RUN java -Djarmode=tools -jar app.jar extract --layers --destination extracted

FROM eclipse-temurin:25-jre-alpine
WORKDIR /app
# From what changes least to what changes with each build.
COPY --from=layers /layers/extracted/dependencies/ ./
COPY --from=layers /layers/extracted/spring-boot-loader/ ./
COPY --from=layers /layers/extracted/snapshot-dependencies/ ./
COPY --from=layers /layers/extracted/application/ ./
# A user without a name, a home or a right to write here.
USER 10001:10001
ENV JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=60 -XX:+ExitOnOutOfMemoryError"
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=6 \
    CMD wget -q -O /dev/null "http://127.0.0.1:${SERVER_PORT:-8080}/actuator/health/readiness"
ENTRYPOINT ["java", "-jar", "app.jar"]
