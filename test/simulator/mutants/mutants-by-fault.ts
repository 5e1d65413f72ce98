/**
 * Planted bugs that one kind of fault shows and nothing else does, each for a kind that would otherwise
 * find nothing by itself. More, of any kind: mutants.ts.
 */
import type { Mutant } from './mutants.ts'

export const mutantsByFault: readonly Mutant[] = [
  {
    name: 'dial-not-given-up',
    what: 'a dial to which nothing answers is waited for, and no other is made',
    killedBy: ['I1', 'I13'],
    schedulesMax: 100,
    topology: [2, 1],
    fault: 'partition',
    kinds: ['crash', 'partition'],
    changes: [{
      file: 'node/core/links.ts',
      find: '      this.#wait(peer, \'failed\')\n',
      replace: '      if (peer.lastError !== \'TIMED_OUT\') this.#wait(peer, \'failed\')\n'
    }]
  },
  {
    name: 'silence-taken-for-yes',
    what: 'a message that the recipient\'s device does not answer in time counts as delivered',
    killedBy: ['I5'],
    schedulesMax: 300,
    topology: [2, 1],
    fault: 'pause',
    changes: [{
      file: 'node/core/outbox.ts',
      find: '        this.#answered(link)\n        this.#failed(queue, outbound.id, error)\n',
      replace: '        this.#answered(link)\n' +
        '        if (!queue.route.device || !(error instanceof RestanteError) || error.code !== \'TIMED_OUT\') this.#failed(queue, outbound.id, error)\n' +
        '        else void this.#ledger.step(() => { this.#delivered(outbound, \'direct\') }, false)\n'
    }]
  },
  {
    name: 'order-follows-a-jump',
    what: 'a clock that runs behind is set right in the order of messages, and one that is far behind is believed',
    killedBy: ['I4'],
    schedulesMax: 60,
    fault: 'clock',
    changes: [{
      file: 'node/core/position.ts',
      find: 'comparePositions(clock, greatest) > 0 ? clock : successor(greatest)',
      replace: 'comparePositions(clock, greatest) > 0 || greatest.ms - clock.ms > 660_000 ? clock : successor(greatest)'
    }]
  },
  {
    name: 'relay-goes-on-after-failed-write',
    what: 'a relay whose write failed answers the deposits that were in it',
    killedBy: ['I5'],
    schedulesMax: 60,
    fault: 'disk',
    changes: [{
      file: 'relay/store/commits.ts',
      find: '      wasWritten = await batch.write()\n    } catch (error) {\n      this.fail(error)\n      return\n    }\n',
      replace: '      wasWritten = await batch.write()\n    } catch {\n      wasWritten = true\n    }\n'
    }]
  },
  {
    name: 'new-address-empties-queue',
    what: 'what waits for a contact waits no more when the contact has another address',
    killedBy: ['I1', 'I13'],
    schedulesMax: 400,
    topology: [2, 1],
    fault: 'move',
    kinds: ['move', 'partition', 'pause'],
    changes: [{
      file: 'node/core/outbox.ts', find: '      if (outbound.record.inner.length > 0) this.#enqueue(outbound, queues)\n', replace: ''
    }]
  },
  {
    name: 'addresses-opened-once',
    what: 'addresses that were opened at a relay are not opened again when it has lost everything',
    killedBy: ['I1', 'I13'],
    schedulesMax: 200,
    topology: [2, 1],
    fault: 'relay-lost',
    changes: [{
      file: 'node/core/mailboxes.ts',
      find: '    mailbox.link = undefined\n    mailbox.opened = new Set()\n',
      replace: '    mailbox.link = undefined\n'
    }]
  },
  {
    name: 'gaps-stay',
    what: 'what a relay took and its recipient never got is not sealed anew when later messages arrived',
    killedBy: ['I1', 'I13'],
    schedulesMax: 200,
    topology: [2, 1],
    fault: 'misdeed',
    changes: [{ file: 'node/core/gaps.ts', find: '    this.#ledger.effect(() => { this.#watch(contact, ids) })\n', replace: '' }]
  },
  {
    name: 'full-is-for-ever',
    what: 'a relay that says that a mailbox is full is not asked again',
    killedBy: ['I1', 'I13'],
    schedulesMax: 300,
    topology: [2, 1],
    fault: 'misdeed',
    changes: [{
      file: 'node/core/outbox.ts',
      find: 'queue.blockedUntil = now + Math.max(backoff, error.retryAfterMs ?? 0)',
      replace: 'queue.blockedUntil = error.code === \'QUOTA\' ? Infinity : now + Math.max(backoff, error.retryAfterMs ?? 0)'
    }]
  },
  {
    name: 'lost-session-stays',
    what: 'two people who no longer share their keys do not begin a session anew',
    killedBy: ['I1', 'I13'],
    schedulesMax: 60,
    topology: [2, 1],
    fault: 'restored',
    changes: [{
      file: 'node/core/renewals.ts',
      find: '    if (record === undefined || !isRenewable(record) || isSearching(record)) return\n    const renewal',
      replace: '    if (record === undefined || contact.length > 0) return\n    const renewal'
    }]
  },
  {
    name: 'number-given-twice-counts',
    what: 'a receipt is believed though it names what was never written here under that number',
    killedBy: ['I1', 'I5', 'I13'],
    schedulesMax: 200,
    topology: [2, 1],
    fault: 'restored',
    changes: [{
      file: 'node/core/acknowledgements.ts',
      find: '      else if (equal(own, theirs)) verified.push(range)\n      else isContradicted = true',
      replace: '      else verified.push(range)'
    }]
  },
  {
    name: 'prekeys-given-once',
    what: 'a relay gives the prekeys of an invite to the first who asks, and to nobody who crashed before he used them',
    killedBy: ['I13', 'I1'],
    schedulesMax: 200,
    topology: [2, 1],
    fault: 'first-meeting',
    kinds: ['crash', 'crash-at-write', 'first-meeting'],
    changes: [{
      file: 'node/core/mailboxes.ts',
      find: 'location, sealed, oneTime: false, expiresAt: invite.expiresAt',
      replace: 'location, sealed, oneTime: true, expiresAt: invite.expiresAt'
    }]
  },
  {
    name: 'receipts-answer-receipts',
    what: 'the second copy of a receipt is answered with another, as often as one comes',
    killedBy: ['I10'],
    schedulesMax: 20,
    changes: [{
      file: 'node/core/inbox.ts',
      find: 'way === \'relay\' && this.#parts.taken.wasNumbered(contact, inner)',
      replace: 'way === \'relay\''
    }, { file: 'node/core/inbox.ts', find: 'receipts.dueForCopy(contact)', replace: 'receipts.due(contact)' }]
  },
  {
    name: 'receipt-waits-for-ever',
    what: 'a receipt that is due while another is under way is not sent when that one is gone',
    killedBy: ['I13'],
    schedulesMax: 400,
    topology: [2, 1],
    // The only relay of two who meet may not be one that deletes: what it said to keep is left there again after hours.
    kinds: ['partition', 'crash', 'crash-at-write', 'pause', 'clock', 'disk', 'move'],
    changes: [{ file: 'node/core/receipts.ts', find: '?.receiptDue === true) this.#later(contact)', replace: '?.receiptDue === true) return' }]
  }
]
