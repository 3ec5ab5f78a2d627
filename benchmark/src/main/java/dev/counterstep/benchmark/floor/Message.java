package dev.counterstep.benchmark.floor;

import java.util.List;

import org.apache.kafka.clients.producer.ProducerRecord;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * A message on its way out.
 *
 * @param headers names and values in turn
 * @param body JSON
 */
record Message(String topic, String key, List<String> headers, String body) {

    /** The headers as the outbox keeps them. */
    String headersAsJson() {
        StringBuilder json = new StringBuilder(1024).append('{');
        for (int i = 0; i < headers.size(); i += 2) {
            json.append(i == 0 ? "\"" : ",\"")
                    .append(headers.get(i))
                    .append("\":\"")
                    .append(headers.get(i + 1))
                    .append('"');
        }
        return json.append('}').toString();
    }

    ProducerRecord<byte[], byte[]> asRecord() {
        var sent = new ProducerRecord<>(topic, key.getBytes(UTF_8), body.getBytes(UTF_8));
        for (int i = 0; i < headers.size(); i += 2) {
            sent.headers().add(headers.get(i), headers.get(i + 1).getBytes(UTF_8));
        }
        return sent;
    }
}
