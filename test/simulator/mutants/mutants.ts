/**
 * Planted bugs, each of a kind that a messenger like this one had or could have. A checker or a
 * fault kind counts for something only where it kills one of these; table.ts prints which does.
 *
 * Each is a passage of a product file and what stands there instead (load.ts). A passage that is
 * no longer there fails the test of this folder: then the mutant is to be written anew.
 */
import type { Invariant } from '../check/history.ts'
import type { FaultKind } from '../run/plan.ts'
import { mutantsByFault } from './mutants-by-fault.ts'

export interface Change { file: string, find: string, replace: string }

export interface Mutant {
  name: string
  what: string
  /** Any of them says that it was found. */
  killedBy: readonly Invariant[]
  changes: readonly Change[]
  /** Schedules within which it is to be found. */
  schedulesMax: number
  suite?: 'real'
  /** So many clients and relays, where the small world has too many ways round the bug. */
  topology?: [clients: number, relays: number]
  /** Only these faults: what else comes only makes it take longer. */
  kinds?: readonly FaultKind[]
  /** It is found where this kind of fault comes, and not without it. No other comes but those of `kinds`. */
  fault?: FaultKind
}

const crashes: readonly FaultKind[] = ['crash', 'crash-at-write']

export const mutants: readonly Mutant[] = [
  ...mutantsByFault,
  {
    name: 'relay-acks-before-sync',
    what: 'a relay answers a deposit when it is written, and does not wait for the sync',
    killedBy: ['I5', 'I1', 'I2'],
    schedulesMax: 5,
    changes: [{ file: 'relay/store/commits.ts', find: 'write({ sync: true }', replace: 'write({ sync: false }' }]
  },
  {
    name: 'relay-acks-before-write',
    what: 'a relay answers a deposit before anything is written',
    killedBy: ['I5', 'I1', 'I2'],
    schedulesMax: 5,
    changes: [{
      file: 'relay/store/commits.ts',
      find: 'wasWritten = await batch.write()',
      replace: 'for (const stage of stages) for (const job of stage.jobs) job.settle()\n      wasWritten = await batch.write()'
    }]
  },
  {
    name: 'relay-deletes-on-fetch',
    what: 'a relay forgets an envelope when it has pushed it',
    killedBy: ['I1', 'I2', 'I5', 'I13'],
    schedulesMax: 120,
    kinds: ['crash', 'crash-at-write', 'gone', 'partition'],
    changes: [{
      file: 'relay/core/subscription.ts',
      find: 'if (!this.#isPushing) return\n      for (const { cursor, envelope }',
      replace: 'if (!this.#isPushing) return\n      if (page.envelopes.length > 0) void store.ackThrough(mailbox, page.envelopes[page.envelopes.length - 1]!.cursor)\n' +
        '      for (const { cursor, envelope }'
    }]
  },
  {
    name: 'relay-hides-what-it-stored',
    what: 'a relay stores an envelope, and does not list it in its mailbox',
    killedBy: ['I2'],
    schedulesMax: 100,
    fault: 'gone',
    changes: [{
      file: 'relay/store/deposits.ts',
      find: '    batch.put(orderKey(address.mailbox, index), encodeOrder(payload, envelope.length, digest, addressHash))\n',
      replace: ''
    }]
  },
  {
    name: 'relay-ignores-acks',
    what: 'a relay answers an ack and keeps the envelope',
    killedBy: ['I9'],
    schedulesMax: 40,
    changes: [{ file: 'relay/store/sweeps.ts', find: 'if (head === undefined || head > last) return []', replace: 'if (head !== -1) return []' }]
  },
  {
    name: 'relay-ignores-quota',
    what: 'a mailbox takes any number of envelopes',
    killedBy: ['I8'],
    schedulesMax: 120,
    changes: [{ file: 'relay/store/rooms.ts', find: 'if (mailbox.envelopes >= limits.mailboxEnvelopesMax) return \'QUOTA\'\n', replace: '' }]
  },
  {
    name: 'timers-outlive-stop',
    what: 'a client that was stopped leaves what it waits for',
    killedBy: ['I12'],
    schedulesMax: 20,
    changes: [{ file: 'node/core/scoped-clock.ts', find: 'for (const timer of [...this.#timers]) timer.cancel()', replace: '' }]
  },
  {
    name: 'client-forgets-on-relay-ack',
    what: 'a message leaves the outbox when relays have it',
    killedBy: ['I1', 'I13'],
    schedulesMax: 200,
    changes: [{
      file: 'node/core/outbox.ts',
      find: '    if (next.first === 0) {\n      this.#remove(next)\n      return\n    }\n    this.#state.outbox.put(id, next)\n',
      replace: '    this.#remove(next)\n    if (next.first === 0) return\n'
    }]
  },
  {
    name: 'client-acks-before-taking-in',
    what: 'a client acks what a relay pushed before it has opened it',
    killedBy: ['I1', 'I2', 'I5', 'I13'],
    schedulesMax: 400,
    kinds: ['crash', 'crash-at-write', 'gone', 'disk'],
    changes: [{ file: 'node/core/mailboxes.ts', find: 'Promise.allSettled(received).then(', replace: 'Promise.allSettled([] as typeof received).then(' }]
  },
  {
    name: 'client-answers-before-durable',
    what: 'what came in is acknowledged when it is written, and not synced',
    killedBy: ['I5', 'I1', 'I2'],
    schedulesMax: 20,
    kinds: crashes,
    changes: [{ file: 'node/core/ledger.ts', find: 'isDurable = true): Promise<R>', replace: 'isDurable = false): Promise<R>' }]
  },
  {
    name: 'client-tells-before-commit',
    what: 'effects run before the commit that they follow from',
    killedBy: ['I3'],
    schedulesMax: 300,
    topology: [2, 1],
    fault: 'crash-at-write',
    changes: [{
      file: 'node/core/ledger.ts',
      find: 'if (writes.length > 0) await this.#store.batch(',
      replace: 'for (const effect of group.effects.splice(0)) effect()\n        if (writes.length > 0) await this.#store.batch('
    }]
  },
  {
    name: 'outbox-not-synced',
    what: 'a message is acknowledged before it is synced, to whoever writes it and to whoever sent it',
    killedBy: ['I1'],
    schedulesMax: 200,
    kinds: crashes,
    changes: [{ file: 'node/core/message-rows.ts', find: 'return result\n          })', replace: 'return result\n          }, false)' }]
  },
  {
    name: 'duplicates-index-in-memory',
    what: 'which counters came is not written down',
    killedBy: ['I3', 'I4', 'I13', 'I1'],
    schedulesMax: 60,
    fault: 'crash',
    changes: [{
      file: 'node/core/state.ts',
      find: 'encode: conversation => ConversationRecord.encode(conversation)',
      replace: 'encode: conversation => ConversationRecord.encode({ ...conversation, seen: [] })'
    }]
  },
  {
    name: 'ratchet-saved-late',
    what: 'the session is written after what was sealed in it',
    killedBy: ['I1', 'I5', 'I7', 'I13'],
    schedulesMax: 200,
    kinds: crashes,
    changes: [{
      file: 'node/core/ledger.ts',
      find: 'if (writes.length > 0) await this.#store.batch(writes, { durable: group.isDurable })',
      replace: 'const late = writes.filter(one => one.table === \'session\')\n' +
        '        const now = writes.filter(one => one.table !== \'session\')\n' +
        '        if (now.length > 0) await this.#store.batch(now, { durable: group.isDurable })\n' +
        '        if (late.length > 0) void this.#store.batch(late, { durable: false })'
    }]
  },
  {
    name: 'body-key-used-twice',
    what: 'the chain of message keys stands still, and a body\'s key does not depend on what is fresh',
    killedBy: ['I7'],
    schedulesMax: 3,
    // The transparent suite would refuse it by itself: here the lineage of envelopes is to find it.
    suite: 'real',
    topology: [2, 1],
    kinds: [],
    changes: [
      { file: 'protocol/ratchet.ts', find: '  const chainKey = suite.hmac(chain.chainKey, forChainKey)\n', replace: '  const { chainKey } = chain\n' },
      { file: 'protocol/ratchet.ts', find: 'concat(labels.ratchetMessage, headerNonce)', replace: 'concat(labels.ratchetMessage, headerNonce.subarray(0, 0))' }
    ]
  },
  {
    name: 'no-deadline-on-answers',
    what: 'a request waits for its answer without end',
    killedBy: ['I1', 'I13'],
    schedulesMax: 400,
    topology: [2, 1],
    kinds: ['crash', 'crash-at-write', 'pause', 'partition'],
    changes: [{
      file: 'protocol/channel.ts',
      find: 'for (const [number, request] of this.#pending) {\n      if (request.deadline <= now) {',
      replace: 'for (const [number, request] of this.#pending) {\n      if (request.deadline < 0) {'
    }]
  },
  {
    name: 'silence-not-noticed',
    what: 'a link on which nothing comes is never asked for a sign of life',
    killedBy: ['I1', 'I13'],
    schedulesMax: 800,
    topology: [2, 1],
    kinds: ['crash', 'crash-at-write', 'partition'],
    changes: [{ file: 'node/core/defaults.ts', find: 'heartbeatMs = 25_000', replace: 'heartbeatMs = 25_000_000' }]
  },
  {
    name: 'one-relay-is-enough',
    what: 'the first tick is shown when one relay has the message',
    killedBy: ['I5'],
    schedulesMax: 20,
    changes: [{ file: 'node/core/defaults.ts', find: 'storedByMin = 2', replace: 'storedByMin = 1' }]
  },
  {
    name: 'no-backoff',
    what: 'who could not be reached is dialled again at once',
    killedBy: ['I10'],
    schedulesMax: 60,
    changes: [
      { file: 'node/core/defaults.ts', find: 'backoffMsMin = 400', replace: 'backoffMsMin = 2' },
      { file: 'node/core/defaults.ts', find: 'backoffFactor = 1.7', replace: 'backoffFactor = 1' }
    ]
  },
  {
    name: 'order-by-wall-clock',
    what: 'a message stands where the clock of its sender puts it',
    killedBy: ['I4'],
    schedulesMax: 60,
    kinds: ['clock'],
    changes: [{
      file: 'node/core/position.ts', find: 'comparePositions(clock, greatest) > 0 ? clock : successor(greatest)', replace: 'greatest.ms < 0 ? greatest : clock'
    }]
  },
  {
    name: 'key-destroyed-early',
    what: 'the old key of the shredded tables is destroyed before its records are sealed anew',
    killedBy: ['I11'],
    schedulesMax: 200,
    kinds: crashes,
    changes: [
      { file: 'node/store/shredding.ts', find: 'const commitsPerEpoch = 100', replace: 'const commitsPerEpoch = 4' },
      { file: 'node/store/shredding.ts', find: 'changesSince >= liveRecords * changesPerLiveRecord', replace: 'changesSince >= 0' },
      { file: 'node/store/shredding.ts', find: '    for (const table of shreddedTables) live += await sealAnew(table)\n    await ports.readsDone()\n    await epochs.end()\n',
        replace: '    for (const table of shreddedTables.slice(1)) live += await sealAnew(table)\n    await ports.readsDone()\n    await epochs.end()\n' }
    ]
  },
  {
    name: 'failure-unheard',
    what: 'an ack that fails rejects, and nobody listens',
    killedBy: ['I12'],
    schedulesMax: 20,
    changes: [{ file: 'node/core/mailboxes.ts', find: 'this.#ports.log.debug(\'ack-failed\', { code: codeOf(error) })', replace: 'throw error' }]
  },
  {
    name: 'text-in-the-log',
    what: 'a client logs what is written',
    killedBy: ['I6'],
    schedulesMax: 3,
    suite: 'real',
    changes: [{
      file: 'node/core/messenger.ts',
      find: 'const messageId = await this.#writing.text(',
      replace: 'this.#ports.log.debug(\'sending\', { text: options.text })\n    const messageId = await this.#writing.text('
    }]
  }
]
