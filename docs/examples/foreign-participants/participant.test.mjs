// node --test: the rules of the inbox, without a broker.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { Inbox, Participant, reply } from './participant.mjs';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'inbox-'));
test.after(() => fs.rmSync(folder, { recursive: true }));

function tills(name) {
  const file = path.join(folder, name);
  const inbox = new Inbox(file);
  let calls = 0;
  const participant = new Participant('till', inbox, {
    'money.take': {
      success: 'money.taken',
      failure: 'money.failed',
      handle: ({ amount }) => {
        calls++;
        if (amount === undefined) throw new TypeError('no amount');
        return amount > 10 ? { outcome: 'REJECTED', reason: 'too much' } : { outcome: 'SUCCEEDED', body: { amount } };
      },
    },
    'money.give': {
      success: 'money.given',
      failure: 'money.failed',
      handle: ({ amount }) => {
        calls++;
        return { outcome: 'SUCCEEDED', body: { amount } };
      },
    },
  });
  return { participant, inbox, file, calls: () => calls };
}

function headers(phase, more = {}) {
  return {
    ce_type: phase === 'ACTION' ? 'money.take' : 'money.give',
    'saga-id': '0197a6b0-0000-7000-8000-000000000001',
    'saga-step': 'pay',
    'saga-phase': phase,
    'saga-generation': '1',
    'saga-attempt': '1',
    ...more,
  };
}

test('a duplicate is answered from memory, after a restart too', () => {
  const { participant, inbox, calls } = tills('duplicate');
  const first = participant.answer(headers('ACTION'), '{"amount": 5}');
  assert.equal(first.outcome, 'SUCCEEDED');
  assert.deepEqual(participant.answer(headers('ACTION', { 'saga-attempt': '2' }), '{"amount": 5}').body, first.body);
  assert.equal(calls(), 1);
  assert.deepEqual(inbox.effective('money.taken'), [{ amount: 5 }]);
  const again = tills('duplicate');
  assert.equal(again.participant.answer(headers('ACTION'), '{"amount": 5}').outcome, 'SUCCEEDED');
  assert.equal(again.calls(), 0);
});

test('a compensation undoes its action once', () => {
  const { participant, inbox, calls } = tills('undo');
  participant.answer(headers('ACTION'), '{"amount": 5}');
  for (const attempt of ['1', '2']) {
    const answer = participant.answer(headers('COMPENSATION', { 'saga-attempt': attempt }), '{"amount": 99}');
    assert.deepEqual([answer.outcome, answer.type, answer.body], ['SUCCEEDED', 'money.given', { amount: 5 }]);
  }
  assert.equal(calls(), 2);
  assert.deepEqual(inbox.effective('money.taken'), []);
});

test('a compensation that comes first succeeds without effect, and its action is refused without effect', () => {
  const { participant, calls } = tills('late');
  assert.equal(participant.answer(headers('COMPENSATION'), '{}').outcome, 'SUCCEEDED');
  const late = participant.answer(headers('ACTION'), '{"amount": 5}');
  assert.deepEqual([late.outcome, late.type], ['REJECTED', 'money.failed']);
  assert.equal(calls(), 0);
});

test('a refusal is remembered, and the next generation is asked anew', () => {
  const { participant, calls } = tills('refusal');
  assert.equal(participant.answer(headers('ACTION'), '{"amount": 50}').outcome, 'REJECTED');
  assert.equal(participant.answer(headers('ACTION'), '{"amount": 5}').reason, 'too much');
  assert.equal(calls(), 1);
  assert.equal(participant.answer(headers('ACTION', { 'saga-generation': '2' }), '{"amount": 5}').outcome, 'SUCCEEDED');
});

test('a success answers for later generations, and after a later one an earlier action is refused', () => {
  const { participant, calls } = tills('generations');
  assert.equal(participant.answer(headers('ACTION', { 'saga-generation': '2' }), '{"amount": 50}').outcome, 'REJECTED');
  assert.equal(participant.answer(headers('ACTION'), '{"amount": 5}').outcome, 'REJECTED');
  assert.equal(calls(), 1);
  for (const generation of ['3', '4']) {
    const answer = participant.answer(headers('ACTION', { 'saga-generation': generation }), '{"amount": 5}');
    assert.equal(answer.outcome, 'SUCCEEDED');
  }
  assert.equal(calls(), 2);
});

test('an error and an expired action are RETRYABLE and forgotten', () => {
  const { participant, calls } = tills('error');
  assert.equal(participant.answer(headers('ACTION'), '{}').outcome, 'RETRYABLE');
  const expired = headers('ACTION', { 'saga-expires-at': '2026-01-01T00:00:00Z' });
  assert.equal(participant.answer(expired, '{"amount": 5}', new Date('2026-01-01T00:00:01Z')).reason, 'EXPIRED');
  assert.equal(calls(), 1);
  assert.equal(participant.answer(headers('ACTION'), '{"amount": 5}').outcome, 'SUCCEEDED');
});

test('what it cannot handle is poison, and answered', () => {
  const { participant } = tills('poison');
  assert.equal(participant.answer(headers('ACTION', { ce_type: 'money.print' }), '{}').poison, 'unknown-type');
  assert.equal(participant.answer(headers('ACTION'), 'no json').poison, 'undecodable');
});

test('a line that was torn by a crash is forgotten', () => {
  const { participant, file } = tills('torn');
  participant.answer(headers('ACTION'), '{"amount": 5}');
  fs.appendFileSync(file, '{"saga": "torn');
  const again = tills('torn');
  assert.deepEqual(again.inbox.effective('money.taken'), [{ amount: 5 }]);
});

test('a reply repeats the headers of its command and goes to no other topic than one of replies', () => {
  const command = headers('ACTION', { 'saga-reply-to': 'till.replies', 'correlation-id': 'c' });
  const { topic, message } = reply('till', command, { outcome: 'SUCCEEDED', type: 'money.taken', body: {} });
  assert.equal(topic, 'till.replies');
  assert.equal(message.headers['saga-step'], 'pay');
  assert.equal(message.headers['correlation-id'], 'c');
  assert.equal(
    reply('till', { ...command, 'saga-reply-to': 'bank.commands' }, { outcome: 'REJECTED', body: {} }).topic,
    'till.replies',
  );
});

test('a reply has every header that the schema demands, and none that it does not know', () => {
  const { $defs: schemas } = JSON.parse(fs.readFileSync(new URL('../../schemas/headers.schema.json', import.meta.url)));
  const command = headers('ACTION', { 'saga-definition': 'gift:1', 'saga-reply-to': 'till.replies' });
  const { message } = reply('till', command, { outcome: 'REJECTED', reason: 'no', type: 'money.failed', body: {} });
  const names = new Set(Object.keys(message.headers));
  const known = Object.keys({ ...schemas.message.properties, ...schemas.reply.properties });
  assert.deepEqual(
    [...schemas.message.required, ...schemas.reply.required].filter((name) => !names.has(name)),
    [],
  );
  assert.deepEqual(
    [...names].filter((name) => !known.includes(name)),
    [],
  );
});
