// Two participants written outside Counterstep, which know nothing of it but its wire protocol.
//   node main.mjs --bootstrap=localhost:19092 --state=state
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Kafka, Partitioners, logLevel } from 'kafkajs';
import { Inbox, Participant, reply } from './participant.mjs';

const { values: options } = parseArgs({
  options: {
    bootstrap: { type: 'string', default: 'localhost:19092' },
    state: { type: 'string', default: 'state' },
  },
});
fs.mkdirSync(options.state, { recursive: true });

const POINTS_OF_A_NEW_CUSTOMER = 1000;

/** Takes points from a customer, and gives them back. */
function loyalty() {
  const inbox = new Inbox(path.join(options.state, 'loyalty.jsonl'));
  const taken = (customerId) =>
    inbox
      .effective('points.redeemed')
      .filter((redemption) => redemption.customerId === customerId)
      .reduce((sum, redemption) => sum + redemption.points, 0);
  return new Participant('loyalty', inbox, {
    'points.redeem': {
      success: 'points.redeemed',
      failure: 'points.failed',
      handle: ({ customerId, points }) => {
        const left = POINTS_OF_A_NEW_CUSTOMER - taken(customerId);
        return points <= left
          ? { outcome: 'SUCCEEDED', body: { customerId, points, left: left - points } }
          : { outcome: 'REJECTED', reason: `${customerId} has ${left} points, asked for ${points}` };
      },
    },
    'points.restore': {
      success: 'points.restored',
      failure: 'points.failed',
      handle: ({ customerId, points }) => ({ outcome: 'SUCCEEDED', body: { customerId, points } }),
    },
  });
}

/** Books parcels, but not to everywhere. */
function shipping() {
  return new Participant('shipping', new Inbox(path.join(options.state, 'shipping.jsonl')), {
    'parcel.book': {
      success: 'parcel.booked',
      failure: 'parcel.failed',
      handle: ({ address }) =>
        address === 'undeliverable'
          ? { outcome: 'REJECTED', reason: 'no carrier delivers to this address' }
          : { outcome: 'SUCCEEDED', body: { parcelId: randomUUID(), address } },
    },
    'parcel.cancel': {
      success: 'parcel.cancelled',
      failure: 'parcel.failed',
      handle: ({ parcelId }) => ({ outcome: 'SUCCEEDED', body: { parcelId } }),
    },
  });
}

const kafka = new Kafka({
  clientId: 'foreign-participants',
  brokers: options.bootstrap.split(','),
  logLevel: logLevel.ERROR,
});
const producer = kafka.producer({ idempotent: true, createPartitioner: Partitioners.DefaultPartitioner });
const consumers = [];

/** Reads a participant's commands. An offset is committed once the reply is on the broker; until then the command comes again. */
async function serve(participant) {
  const consumer = kafka.consumer({ groupId: `${participant.name}-service` });
  consumers.push(consumer);
  await consumer.connect();
  await consumer.subscribe({ topic: `${participant.name}.commands`, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ topic, partition, message }) => {
      const headers = Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, String(value)]));
      const answer = participant.answer(headers, String(message.value));
      if (answer.poison) {
        await setAside(topic, partition, message, answer);
      }
      if (headers['saga-id'] && headers['saga-step']) {
        const { topic: to, message: sent } = reply(participant.name, headers, answer);
        await producer.send({ topic: to, acks: -1, messages: [sent] });
        console.log(
          `${headers.ce_type} of saga ${headers['saga-id']}: ${answer.outcome} ${answer.reason ?? ''}`.trim(),
        );
      }
    },
  });
}

async function setAside(topic, partition, message, why) {
  const headers = {
    ...message.headers,
    'dlt-code': why.poison,
    'dlt-reason': why.reason,
    'dlt-original-topic': topic,
    'dlt-original-partition': String(partition),
    'dlt-original-offset': message.offset,
  };
  await producer.send({
    topic: `${topic}.dlt`,
    acks: -1,
    messages: [{ key: message.key, value: message.value, headers }],
  });
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    await Promise.all(consumers.map((consumer) => consumer.disconnect()));
    await producer.disconnect();
    process.exit(0);
  });
}

await producer.connect();
await Promise.all([serve(loyalty()), serve(shipping())]);
console.log('loyalty and shipping are listening');
