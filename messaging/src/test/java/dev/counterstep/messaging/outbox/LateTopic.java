package dev.counterstep.messaging.outbox;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.springframework.kafka.core.ProducerPostProcessor;

/** A topic whose rows wait in the producer until they are let go, as they do while a partition has too few replicas. */
final class LateTopic implements ProducerPostProcessor<byte[], byte[]> {

    private final String topic;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private volatile boolean late = true;

    LateTopic(String topic) {
        this.topic = topic;
    }

    @Override
    @SuppressWarnings("unchecked")
    public Producer<byte[], byte[]> apply(Producer<byte[], byte[]> producer) {
        Class<?>[] type = {Producer.class};
        return (Producer<byte[], byte[]>) Proxy.newProxyInstance(
                getClass().getClassLoader(), type, (proxy, method, arguments) -> {
                    if (late && isSend(method, arguments)) {
                        waiting.add(() -> invoke(producer, method, arguments));
                        return new CompletableFuture<>();
                    }
                    return invoke(producer, method, arguments);
                });
    }

    private boolean isSend(Method method, Object[] arguments) {
        return method.getName().equals("send")
                && ((ProducerRecord<?, ?>) arguments[0]).topic().equals(topic);
    }

    private static Object invoke(Producer<?, ?> producer, Method method, Object[] arguments) {
        try {
            return method.invoke(producer, arguments);
        } catch (InvocationTargetException | IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    boolean isWaiting() {
        return !waiting.isEmpty();
    }

    void letGo() {
        late = false;
        waiting.forEach(Runnable::run);
    }
}
