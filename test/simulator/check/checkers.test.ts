/** Each checker finds what it is for in a history that has it, and nothing in one that has not. */
import assert from 'node:assert/strict'
import {
  attemptsPerBareContentMax, attemptsPerMessageMax, bareContentsMin, bareContentsPerContactMax, bareContentsPerEventMax, check, dialsPerSecondMax, healToDeliveryMsMax, invariants
} from './checkers.ts'
import { toJsonLines, type Entry, type Invariant, type Listed } from './history.ts'
import { notYet } from './not-yet.ts'

type Part = Entry extends infer E ? E extends Entry ? Omit<E, 'time' | 'process'> : never : never
const at = (time: number, process: string, entry: Part): Entry => ({ time, process, ...entry })

const listed = (message: number, isOwn: boolean, more: Partial<Listed> = {}): Listed =>
  ({ message, id: `id${message}`, isOwn, missingBefore: 0, state: isOwn ? 'delivered' : undefined, ...more })

/** Ann writes two messages to Ben, who answers the first: all well. */
function wellHistory (): Entry[] {
  const sending = (message: number, from: string, to: string, time: number): Entry[] => [
    at(time, from, { type: 'invoke', f: 'send', value: { message, to } }),
    at(time + 1, from, { type: 'ok', f: 'send', value: { message, id: `id${message}` } }),
    at(time + 2, 'relay1', { type: 'info', f: 'stored', value: { message } }),
    at(time + 2, 'relay2', { type: 'info', f: 'stored', value: { message } }),
    at(time + 3, from, { type: 'info', f: 'tick', value: { id: `id${message}`, state: 'stored', storedBy: 2, of: 3 } }),
    at(time + 4, to, { type: 'info', f: 'kept', value: { message } }),
    at(time + 4, to, { type: 'info', f: 'shown', value: { message } }),
    at(time + 5, from, { type: 'info', f: 'tick', value: { id: `id${message}`, state: 'delivered', storedBy: 2, of: 3 } }),
    at(time + 5, 'world', { type: 'info', f: 'attempts', value: { message, count: 3 } })
  ]
  return [
    ...sending(0, 'ann', 'ben', 10), ...sending(1, 'ben', 'ann', 20), ...sending(2, 'ann', 'ben', 30),
    at(100, 'world', { type: 'info', f: 'heal', value: { gone: [] } }),
    at(110, 'ann', { type: 'info', f: 'dials', value: { to: 'ben', count: 3 } }),
    at(200, 'ann', { type: 'ok', f: 'list', value: { with: 'ben', messages: [listed(0, true), listed(1, false), listed(2, true)] } }),
    at(200, 'ben', { type: 'ok', f: 'list', value: { with: 'ann', messages: [listed(0, false), listed(1, true), listed(2, false)] } }),
    at(300, 'world', { type: 'info', f: 'end', value: { isSettled: true, timers: 0, streams: 0 } })
  ]
}

const lists = (entry: Entry, who: string): entry is Entry & { f: 'list' } => entry.f === 'list' && entry.process === who

/** What the checkers say of the well history once `bend` has changed it. */
function judged (bend: (history: Entry[]) => Entry[] | void): Invariant[] {
  const history = wellHistory()
  return [...new Set(check(bend(history) ?? history).map(({ invariant }) => invariant))].sort()
}

const listOf = (history: Entry[], who: string): Listed[] => {
  const entry = history.find(one => lists(one, who))
  assert.ok(entry !== undefined && lists(entry, who))
  return entry.value.messages
}

describe('the checkers', () => {
  it('find nothing where all is well', () => { assert.deepEqual(check(wellHistory()), []) })

  it('find a message that was acknowledged or held and is lost (I1), and none that was refused or is unknown', () => {
    const lose = (history: Entry[]): Entry[] => {
      listOf(history, 'ben').splice(2, 1)
      return history.filter(entry => !((entry.f === 'kept' || entry.f === 'shown' || entry.f === 'tick') && entry.time > 33))
    }
    assert.deepEqual(judged(lose), ['I1'])
    const without = (history: Entry[], answer: Entry[]): Entry[] => [
      ...lose(history).filter(entry => !(entry.f === 'send' && entry.type === 'ok' && entry.value.message === 2) && entry.f !== 'tick'), ...answer]
    assert.deepEqual(judged(history => without(history, [at(31, 'ann', { type: 'fail', f: 'send', value: { message: 2, code: 'X' } })])), [])
    const unknown = at(31, 'ann', { type: 'info', f: 'send', value: { message: 2 } })
    assert.deepEqual(judged(history => without(history, [unknown])), [])
    assert.deepEqual(judged(history => without(history, [unknown, at(32, 'ann', { type: 'info', f: 'kept', value: { message: 2 } })])), ['I1'])
  })

  it('find a stored message that is lost with its sender (I2)', () => {
    const gone = (history: Entry[]): Entry[] => history
      .map(entry => entry.f === 'heal' ? at(100, 'world', { type: 'info', f: 'heal', value: { gone: ['ann'] } }) : entry)
      .filter(entry => !lists(entry, 'ann'))
    assert.deepEqual(judged(gone), [])
    assert.deepEqual(judged(history => {
      listOf(history, 'ben').splice(0, 1)
      return gone(history)
    }), ['I2'])
  })

  it('find what is shown or listed twice, and what nobody wrote (I3)', () => {
    assert.deepEqual(judged(history => { history.push(at(250, 'ben', { type: 'info', f: 'shown', value: { message: 0 } })) }), ['I3'])
    assert.deepEqual(judged(history => { listOf(history, 'ben').splice(1, 0, listed(0, false)) }), ['I3'])
    assert.deepEqual(judged(history => { listOf(history, 'ben').push({ ...listed(9, false), message: undefined }) }), ['I3'])
  })

  it('find messages out of order, before what they answer, and gaps that are not there (I4)', () => {
    const swap = (messages: Listed[], a: number, b: number): void => { [messages[a], messages[b]] = [messages[b]!, messages[a]!] }
    assert.deepEqual(judged(history => { swap(listOf(history, 'ben'), 0, 2) }), ['I4'], 'of one sender')
    assert.deepEqual(judged(history => { swap(listOf(history, 'ann'), 0, 1) }), ['I4'], 'an answer')
    assert.deepEqual(judged(history => { listOf(history, 'ben')[2]!.missingBefore = 1 }), ['I4'])
  })

  it('find ticks that lie (I5)', () => {
    assert.deepEqual(judged(history => history.filter(entry => !(entry.f === 'kept' && entry.value.message === 0))), ['I5'], 'delivered')
    assert.deepEqual(judged(history => history.filter(entry => !(entry.f === 'stored' && entry.process === 'relay2'))), ['I5'], 'stored')
    const early = at(2, 'ann', { type: 'info', f: 'tick', value: { id: 'id0', state: 'stored', storedBy: 1, of: 3 } })
    assert.deepEqual(judged(history => [...history, { ...early, time: 13 }]), ['I5'], 'one of three')
  })

  it('find retries without end (I10)', () => {
    assert.deepEqual(judged(history => {
      history.push(at(299, 'world', { type: 'info', f: 'attempts', value: { message: 1, count: attemptsPerMessageMax + 1 } }))
    }), ['I10'])
    const bare = (contents: number, envelopesOfOne: number) => (history: Entry[]): void => {
      history.push(at(299, 'world', { type: 'info', f: 'bare', value: { contents, envelopesOfOne } }))
    }
    const contentsMax = bareContentsMin + 3 * bareContentsPerEventMax + 2 * bareContentsPerContactMax
    assert.deepEqual(judged(bare(contentsMax, attemptsPerBareContentMax)), [])
    assert.deepEqual(judged(bare(contentsMax + 1, 1)), ['I10'], 'receipts that answer each other')
    assert.deepEqual(judged(bare(1, attemptsPerBareContentMax + 1)), ['I10'], 'one receipt again and again')
    assert.deepEqual(judged(history => { history.push(at(120, 'ben', { type: 'info', f: 'dials', value: { to: 'ann', count: dialsPerSecondMax + 1 } })) }), ['I10'])
  })

  it('find what is left running (I12)', () => {
    for (const left of [{ timers: 1, streams: 0 }, { timers: 0, streams: 1 }]) {
      assert.deepEqual(judged(history => { history.push(at(301, 'world', { type: 'info', f: 'end', value: { isSettled: true, ...left } })) }), ['I12'])
    }
  })

  it('find what arrives late, and a sender who never learns of it (I13)', () => {
    assert.deepEqual(judged(history => history.map(entry => entry.f === 'heal' ? { ...entry, time: 34 - healToDeliveryMsMax - 1 } : entry)), ['I13'])
    assert.deepEqual(judged(history => { listOf(history, 'ann')[0]!.state = 'stored' }), ['I13'])
  })

  it('demand of a client that was set back what it had before, and what others sent and it never had', () => {
    const restored = (client: string, time: number, asOf: number) => at(time, client, { type: 'info', f: 'restored', value: { asOf } })
    const drop = (history: Entry[], who: string, message: number): void => {
      const list = listOf(history, who)
      list.splice(list.findIndex(one => one.message === message), 1)
    }
    const setBack = (asOf: number, lost: number) => (history: Entry[]): Entry[] => {
      drop(history, 'ben', lost)
      return [...history, restored('ben', 40, asOf)].sort((a, b) => a.time - b.time)
    }
    assert.deepEqual(judged(setBack(20, 2)), [], 'it came after the backup')
    assert.deepEqual(judged(setBack(36, 2)), ['I1'], 'the backup has it')
    assert.deepEqual(judged(history => setBack(20, 2)(history.filter(entry => !(entry.f === 'kept' && entry.value.message === 2)))), ['I1', 'I5'], 'it never came')
    const again = at(60, 'ben', { type: 'info', f: 'shown', value: { message: 2 } })
    assert.deepEqual(judged(history => [...history, restored('ben', 40, 20), again]), [], 'shown once in each life')
    assert.deepEqual(judged(history => [...history, restored('ben', 40, 20), again, again]), ['I3'])
    // Ann forgot that she wrote message 2, which nobody has.
    const forgotten = (asOf: number) => (history: Entry[]): Entry[] => {
      for (const who of ['ann', 'ben']) drop(history, who, 2)
      const isLeft = (entry: Entry): boolean => !((entry.f === 'kept' || entry.f === 'shown' || entry.f === 'tick') && entry.time > 32)
      const held = at(31, 'ann', { type: 'info', f: 'kept', value: { message: 2 } })
      return [...history.filter(isLeft), held, restored('ann', 40, asOf)].sort((a, b) => a.time - b.time)
    }
    assert.deepEqual(judged(forgotten(20)), [])
    assert.deepEqual(judged(forgotten(35)), ['I1'])
    // Ann wrote message 2 after she was set back, a relay took it, and she never came again.
    const lastWords = (isAnswered: boolean) => (history: Entry[]): Entry[] => {
      drop(history, 'ben', 2)
      history.find(({ f }) => f === 'heal')!.value = { gone: ['ann'] }
      const isLeft = (entry: Entry): boolean => !lists(entry, 'ann') &&
        !((entry.f === 'kept' || entry.f === 'shown' || (entry.f === 'tick' && entry.value.state !== 'stored')) && entry.time > 32)
      return [...history.filter(isLeft), restored('ann', isAnswered ? 5 : 25, 5)].sort((a, b) => a.time - b.time)
    }
    assert.deepEqual(judged(lastWords(false)), [], 'sealed with keys that she had used')
    assert.deepEqual(judged(lastWords(true)), ['I2'], 'message 0 had reached him since')
  })

  it('pass on every alarm that was raised as it happened', () => {
    for (const invariant of ['I6', 'I7', 'I8', 'I9', 'I11'] as const) {
      assert.deepEqual(judged(history => { history.push(at(50, 'x', { type: 'info', f: 'alarm', value: { invariant, text: 'seen' } })) }), [invariant])
    }
  })

  it('take time in proportion to the history', () => {
    const long = (messages: number): Entry[] => {
      const listing: Listed[] = []
      const entries = Array.from({ length: messages }, (_, message): Entry[] => {
        listing.push(listed(message, false))
        return [
          at(message, 'ann', { type: 'invoke', f: 'send', value: { message, to: 'ben' } }),
          at(message, 'ann', { type: 'ok', f: 'send', value: { message, id: `id${message}` } }),
          at(message, 'ben', { type: 'info', f: 'kept', value: { message } }),
          at(message, 'ben', { type: 'info', f: 'shown', value: { message } })
        ]
      }).flat()
      return [...entries, at(messages, 'ben', { type: 'ok', f: 'list', value: { with: 'ann', messages: listing } })]
    }
    const cpuOf = (history: Entry[]): number => {
      const before = process.cpuUsage()
      assert.deepEqual(check(history), [])
      return process.cpuUsage(before).user
    }
    cpuOf(long(5_000))
    const [small, large] = [cpuOf(long(10_000)), cpuOf(long(100_000))]
    assert.ok(large < 60 * Math.max(small, 2_000), `${small} µs, and for ten times as much ${large} µs`)
  })

  it('write histories a line each, with an index', () => {
    const lines = toJsonLines(wellHistory()).trimEnd().split('\n').map(line => JSON.parse(line) as Record<string, unknown>)
    assert.equal(lines.length, wellHistory().length)
    assert.deepEqual(lines[0], { index: 0, time: 10, process: 'ann', type: 'invoke', f: 'send', value: { message: 0, to: 'ben' } })
  })

  it('name each invariant, and what is not checked yet', () => {
    assert.equal(Object.keys(invariants).length, 13)
    for (const { what, needs } of notYet) assert.ok(what.length > 4 && needs.length > 4)
  })
})
