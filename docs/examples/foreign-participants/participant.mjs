// What any participant does, whatever its business: ../../protocol.md, "What a participant must do".
import { createHash } from 'node:crypto';
import fs from 'node:fs';

/**
 * What was answered, one JSON line each, in a file that is only appended to. A line is the effect and the remembered
 * answer in one: the participant's state is what its lines say, so neither can be there without the other. A service
 * with a database writes both in one transaction instead.
 */
export class Inbox {
  #file;
  #rows = [];

  constructor(path) {
    this.#file = fs.openSync(path, 'a+');
    const text = fs.readFileSync(path, 'utf8');
    const whole = text.slice(0, text.lastIndexOf('\n') + 1); // a line we died in was never answered
    fs.ftruncateSync(this.#file, Buffer.byteLength(whole));
    this.#rows = whole
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }

  of(saga, step) {
    return this.#rows.filter((row) => row.saga === saga && row.step === step);
  }

  add(row) {
    fs.writeSync(this.#file, JSON.stringify(row) + '\n');
    fs.fsyncSync(this.#file);
    this.#rows.push(row);
  }

  /** The bodies of the actions of this type that have an effect: they succeeded and were not compensated. */
  effective(type) {
    return this.#rows
      .filter((row) => row.type === type && row.outcome === 'SUCCEEDED')
      .filter((row) => newest(this.of(row.saga, row.step), 'COMPENSATION') < row.generation)
      .map((row) => row.body);
  }
}

export class Participant {
  #handlers;
  #inbox;

  /**
   * @param handlers by command: {success, failure, handle: (body) => {outcome, reason, body}}; a compensation is given the
   *     body of its action's reply
   */
  constructor(name, inbox, handlers) {
    this.name = name;
    this.#inbox = inbox;
    this.#handlers = handlers;
  }

  /** Answers a command, once and for all where that is so: {outcome, type, reason, body}, of poison a `poison`, too. */
  answer(headers, value, now = new Date()) {
    const handler = this.#handlers[headers.ce_type];
    if (!handler) {
      return this.#poison('unknown-type', `${this.name} knows no ${headers.ce_type}`);
    }
    let body;
    try {
      body = JSON.parse(value);
    } catch {
      return this.#poison('undecodable', 'the body is not JSON');
    }
    const answer = this.#remembered(headers) ?? this.#handle(headers, handler, body, now);
    return { type: answer.outcome === 'SUCCEEDED' ? handler.success : handler.failure, ...answer };
  }

  /** The answer that the inbox has for a duplicate, a late action or an empty compensation. */
  #remembered(headers) {
    const rows = this.#inbox.of(headers['saga-id'], headers['saga-step']);
    const [phase, generation] = [headers['saga-phase'], Number(headers['saga-generation'])];
    const compensated = newest(rows, 'COMPENSATION');
    const own = rows.find((row) => row.phase === phase && row.generation === generation);
    const done = action(rows, compensated);
    if (own) {
      return own;
    }
    if (phase === 'ACTION') {
      const late = { outcome: 'REJECTED', reason: 'late action: its compensation or a later generation came first', body: {} };
      return done ?? (compensated >= generation || newest(rows, 'ACTION') > generation ? late : undefined);
    }
    const isToUndo = done && done.generation <= generation;
    return isToUndo ? undefined : this.#remember(headers, { outcome: 'SUCCEEDED', body: {} });
  }

  #handle(headers, handler, body, now) {
    const isAction = headers['saga-phase'] === 'ACTION';
    if (isAction && now > new Date(headers['saga-expires-at'] ?? '9999-12-31')) {
      return { outcome: 'RETRYABLE', reason: 'EXPIRED', body: {} };
    }
    const rows = this.#inbox.of(headers['saga-id'], headers['saga-step']);
    try {
      const undone = isAction ? undefined : action(rows, newest(rows, 'COMPENSATION')).body;
      const answer = { body: {}, ...handler.handle(undone ?? body) };
      const isDefinitive = answer.outcome === 'SUCCEEDED' || (isAction && answer.outcome === 'REJECTED');
      return isDefinitive ? this.#remember(headers, answer) : answer;
    } catch (error) {
      return { outcome: 'RETRYABLE', reason: `${error.name}: ${error.message}`, body: {} }; // what is thrown is never a no
    }
  }

  #remember(headers, answer) {
    const { success, failure } = this.#handlers[headers.ce_type];
    this.#inbox.add({
      saga: headers['saga-id'],
      step: headers['saga-step'],
      phase: headers['saga-phase'],
      generation: Number(headers['saga-generation']),
      ...answer,
      type: answer.outcome === 'SUCCEEDED' ? success : failure,
    });
    return answer;
  }

  #poison(code, reason) {
    return { outcome: 'RETRYABLE', type: `${this.name}.failed`, reason, body: {}, poison: code };
  }
}

/** The reply that carries an answer, as a Kafka message and its topic. */
export function reply(participant, headers, answer, now = new Date()) {
  const saga = Object.entries(headers).filter(([name]) => name.startsWith('saga-'));
  const identity = `${headers['saga-id']}:${headers['saga-step']}:${headers['saga-phase']}:${headers['saga-generation']}`;
  const replyTo = headers['saga-reply-to'];
  return {
    topic: replyTo?.endsWith('.replies') ? replyTo : `${participant}.replies`,
    message: {
      key: headers['saga-id'],
      value: JSON.stringify(answer.body),
      headers: {
        ...Object.fromEntries(saga),
        ce_specversion: '1.0',
        // The same answer to the same attempt is the same reply, however often it is sent.
        ce_id: createHash('sha256').update(`${identity}:${headers['saga-attempt']}:${answer.outcome}`).digest('hex'),
        ce_type: answer.type,
        ce_source: `/${participant}`,
        ce_time: now.toISOString(),
        ce_subject: headers['saga-id'],
        'content-type': 'application/json',
        'correlation-id': headers['correlation-id'] ?? headers['saga-id'],
        ...(headers.traceparent ? { traceparent: headers.traceparent } : {}),
        'saga-outcome': answer.outcome,
        ...(answer.reason ? { 'saga-reason': answer.reason } : {}),
      },
    },
  };
}

/** The newest generation of a phase, 0 when there is none. */
function newest(rows, phase) {
  return Math.max(0, ...rows.filter((row) => row.phase === phase).map((row) => row.generation));
}

/** The action that has an effect: it succeeded, and no compensation of its generation or a later one came. */
function action(rows, compensated) {
  return rows.find((row) => row.phase === 'ACTION' && row.outcome === 'SUCCEEDED' && row.generation > compensated);
}
