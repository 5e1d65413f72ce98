/**
 * What handshake and ratchet cost on each backend, and in libsignal, in operations per second of CPU time:
 * that of the whole process, garbage collection and writing included. In rounds of a thousand messages, each
 * contender once a round. Rates are those of the fastest quarter of the rounds: what else the machine does slows
 * all contenders, and those in JavaScript by more. Ratios are of one round each, and the middle one is told.
 *
 * Contents have 256 bytes. Every operation is made durable as the product makes it (contenders.ts), once
 * as it does under load, with a commit for many, and once with a commit for each.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nativeSuite } from '../../node/host/native-suite.ts'
import { systemRandom } from '../../node/host/world.ts'
import { equal } from '../../protocol/bytes.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import { nobleSuite } from '../../protocol/suites/noble.ts'
import { keptLog } from '../support/kept-log.ts'
import { ownSessions } from './contenders.ts'
import type { Contender, Introduction } from './contenders.ts'
import { figures } from './crypto-figures.ts'
import { libsignalSessions } from './libsignal.ts'
import type { Row } from './messages.ts'
import { primitivesAlone } from './primitives.ts'

const contentBytes = 256
/** Contacts that are talked with at once, and so sessions in a commit. */
const contactsMax = 32
type Section = 'bundle made' | 'initiated' | 'accepted' | 'handshake' | 'encrypted' | 'decrypted' | 'in a chain' |
  'ping-pong' | 'in a chain, a commit each' | 'ping-pong, a commit each'

/** User and system, of all threads. */
async function cpuSeconds (run: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage()
  await run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

/** Operations per CPU second of each round, by section. */
class Meter {
  readonly #rates = new Map<Section, number[]>()

  add (section: Section, count: number, seconds: number): void {
    this.#rates.set(section, [...this.#rates.get(section) ?? [], count / seconds])
  }

  get sections (): Section[] { return [...this.#rates.keys()] }

  /** Of the fastest quarter of the rounds, on average. */
  rate (section: Section): number {
    const sorted = this.#rates.get(section)!.toSorted((a, b) => b - a)
    const best = sorted.slice(0, Math.ceil(sorted.length / 4))
    // Each round did the same work, so that it is the times which are averaged.
    return best.length / best.reduce((sum, rate) => sum + 1 / rate, 0)
  }

  /** To `base`, in the middle of the rounds: what else the machine does in a round is there for both. */
  ratioTo (base: Meter, section: Section): string {
    const rates = base.#rates.get(section)!
    const ratios = this.#rates.get(section)!.map((rate, round) => rate / rates[round]!).sort((a, b) => a - b)
    return ratios[Math.floor(ratios.length / 2)]!.toFixed(2)
  }
}

function assertSame (one: Uint8Array, other: Uint8Array): void {
  if (!equal(one, other)) throw new Error('another content came out than went in')
}

/** People who meet, write one message, and are forgotten again: as many at once as there are contacts. */
async function handshakes (contender: Contender, meter: Meter, count: number): Promise<void> {
  const content = systemRandom.bytes(contentBytes)
  const seconds = { published: 0, initiated: 0, accepted: 0 }
  for (let left = count; left > 0; left -= contactsMax) {
    const introductions = await contender.introduce(Math.min(left, contactsMax))
    const first: Uint8Array[] = []
    seconds.published += await cpuSeconds(async () => {
      for (const one of introductions) await one.publish()
      await contender.commit('b')
    })
    seconds.initiated += await cpuSeconds(async () => {
      for (const one of introductions) first.push(await one.initiate(content))
      await contender.commit('a')
    })
    seconds.accepted += await cpuSeconds(async () => {
      for (const [n, one] of introductions.entries()) assertSame(await one.accept(first[n]!), content)
      await contender.commit('b')
    })
    for (const one of introductions) one.forget()
    await commitBoth(contender)
  }
  meter.add('bundle made', count, seconds.published)
  meter.add('initiated', count, seconds.initiated)
  meter.add('accepted', count, seconds.accepted)
  meter.add('handshake', count, seconds.published + seconds.initiated + seconds.accepted)
}

/**
 * Contacts, each of whom has answered: no message carries a handshake any more. They are left at different
 * points of their conversations, for post-quantum ratchets do not work the same at every message.
 */
async function befriend (contender: Contender, count: number): Promise<Introduction[]> {
  const content = systemRandom.bytes(contentBytes)
  const pairs = await contender.introduce(count)
  for (const [n, pair] of pairs.entries()) {
    await pair.publish()
    await pair.accept(await pair.initiate(content))
    for (let turn = 0; turn <= 6 * n; turn++) {
      const [to, from] = directions[turn % 2]!
      await pair[to].decrypt(await pair[from].encrypt(content))
    }
  }
  await commitBoth(contender)
  return pairs
}

async function commitBoth (contender: Contender): Promise<void> {
  await contender.commit('a')
  await contender.commit('b')
}

type Direction = readonly [from: 'a' | 'b', to: 'a' | 'b']
const directions: readonly Direction[] = [['a', 'b'], ['b', 'a']]

/** Bursts, first of one side and then of the other: with a commit for all of a burst, or for each message. */
async function chains (
  contender: Contender, meter: Meter, pairs: Introduction[], { burst, isAlone }: { burst: number, isAlone: boolean }
): Promise<void> {
  const content = systemRandom.bytes(contentBytes)
  for (const [from, to] of directions) {
    const messages: Uint8Array[] = []
    const send = async (): Promise<void> => {
      for (const pair of pairs) {
        for (let n = 0; n < burst; n++) {
          messages.push(await pair[from].encrypt(content))
          if (isAlone) await contender.commit(from)
        }
        await contender.commit(from)
      }
    }
    const receive = async (): Promise<void> => {
      let at = 0
      for (const pair of pairs) {
        for (let n = 0; n < burst; n++) {
          assertSame(await pair[to].decrypt(messages[at++]!), content)
          if (isAlone) await contender.commit(to)
        }
        await contender.commit(to)
      }
    }
    const count = burst * pairs.length
    if (isAlone) {
      meter.add('in a chain, a commit each', count, await cpuSeconds(send) + await cpuSeconds(receive))
    } else {
      const [sending, receiving] = [await cpuSeconds(send), await cpuSeconds(receive)]
      meter.add('encrypted', count, sending)
      meter.add('decrypted', count, receiving)
      meter.add('in a chain', count, sending + receiving)
    }
  }
}

/** Message and answer: a Diffie-Hellman step each. What all contacts write, and what all read, is a commit each. */
async function pingPong (
  contender: Contender, meter: Meter, pairs: Introduction[], { turns, isAlone }: { turns: number, isAlone: boolean }
): Promise<void> {
  const content = systemRandom.bytes(contentBytes)
  const seconds = await cpuSeconds(async () => {
    for (let turn = 0; turn < turns; turn++) {
      const [from, to] = directions[turn % 2]!
      const messages: Uint8Array[] = []
      for (const pair of pairs) messages.push(await pair[from].encrypt(content))
      await contender.commit(from)
      for (const [n, pair] of pairs.entries()) assertSame(await pair[to].decrypt(messages[n]!), content)
      await contender.commit(to)
    }
  })
  meter.add(isAlone ? 'ping-pong, a commit each' : 'ping-pong', turns * pairs.length, seconds)
}

interface Measured { contender: Contender, meter: Meter, pairs: Introduction[] }

async function measureRound ({ contender, meter, pairs }: Measured, scale: number): Promise<void> {
  const few = (count: number): number => Math.max(1, Math.round(count * scale * contender.share))
  await handshakes(contender, meter, few(128))
  await chains(contender, meter, pairs.slice(0, few(8)), { burst: 64, isAlone: false })
  await pingPong(contender, meter, pairs.slice(0, few(contactsMax)), { turns: 32, isAlone: false })
  await chains(contender, meter, pairs.slice(-1), { burst: few(64), isAlone: true })
  await pingPong(contender, meter, pairs.slice(-1), { turns: 2 * few(32), isAlone: true })
}

/** Of the suite that the product has, as much as a round of the whole. */
async function measurePrimitives (suite: CryptoSuite, meter: Meter, scale: number): Promise<void> {
  const few = (count: number): number => Math.max(1, Math.round(count * scale))
  const [handshakes, messages] = [few(128), few(1024)]
  const alone = primitivesAlone(suite, handshakes)
  meter.add('handshake', handshakes, await cpuSeconds(async () => { alone.handshakes() }))
  meter.add('ping-pong', messages, await cpuSeconds(async () => { alone.pingPong(messages) }))
}

const roundsDefault = 16

export interface CryptoOptions { rounds?: number, hasPeers?: boolean }

/** `hasPeers`: libsignal takes part where it is installed. The first contender's rates are the base of all ratios. */
export async function benchCrypto (
  say: (text: string) => void, scale: number, { rounds = roundsDefault, hasPeers = true }: CryptoOptions = {}
): Promise<Row[]> {
  const dir = mkdtempSync(join(tmpdir(), 'restante-bench-'))
  const contenders: Contender[] = []
  const measured: Measured[] = []
  try {
    const libsignal = hasPeers ? await libsignalSessions(dir) : undefined
    if (libsignal === undefined) say('libsignal is not installed (test/benchmark/peers/README.md)')
    else contenders.push(libsignal)
    const suite = nativeSuite(keptLog(), { drawsOwnCoins: true })
    const primitives = new Meter()
    const native = await ownSessions(dir, suite, 1)
    const noble = await ownSessions(dir, nobleSuite, 0.1)
    contenders.push(...libsignal === undefined ? [noble, native] : [native, noble])
    for (const contender of contenders) {
      say(`${contender.name}: contacts and a round to warm up`)
      const pairs = await befriend(contender, Math.ceil(contactsMax * scale * contender.share) + 1)
      await measureRound({ contender, pairs, meter: new Meter() }, scale / 2)
      measured.push({ contender, pairs, meter: new Meter() })
    }
    for (let round = 0; round < rounds; round++) {
      say(`round ${round + 1} of ${rounds}`)
      // Another one begins each time.
      for (let n = 0; n < measured.length; n++) await measureRound(measured[(round + n) % measured.length]!, scale)
      await measurePrimitives(suite, primitives, scale)
    }
    return [...ratesOf(measured), ...primitivesOf(primitives, measured[0]!), ...await sizesOf(measured), ...figures(say, scale)]
  } finally {
    for (const contender of contenders) await contender.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

function ratesOf (measured: Measured[]): Row[] {
  const [base] = measured
  return base!.meter.sections.flatMap((section) => measured.map(({ contender, meter }) => ({
    name: `${section}, ${contender.name}`,
    ratio: `${meter.ratioTo(base!.meter, section)} × ${base!.contender.name}`,
    value: `${Math.round(meter.rate(section)).toLocaleString('en')} per CPU second`
  })))
}

/** What no contender on Node's crypto can be faster than. */
function primitivesOf (primitives: Meter, base: Measured): Row[] {
  return primitives.sections.map((section) => ({
    name: `${section}, primitives of native alone`,
    ratio: `${primitives.ratioTo(base.meter, section)} × ${base.contender.name}`,
    value: `${Math.round(primitives.rate(section)).toLocaleString('en')} per CPU second`
  }))
}

/** Of what is published, sent and kept; the kept records, and those of all contacts on average. */
async function sizesOf (measured: Measured[]): Promise<Row[]> {
  const rows: Row[] = []
  for (const { contender, pairs } of measured) {
    const content = systemRandom.bytes(contentBytes)
    const [one] = await contender.introduce(1)
    const published = await one!.publish()
    const first = await one!.initiate(content)
    await one!.accept(first)
    const answer = await one!.b.encrypt(content)
    const records = pairs.flatMap(({ a, b }) => [a.record().length, b.record().length])
    const mean = records.reduce((sum, bytes) => sum + bytes, 0) / records.length
    rows.push({
      name: `sizes, ${contender.name}`,
      ratio: '',
      value: `bundle ${published}, first message ${first.length}, another ${answer.length}, ` +
        `session ${Math.round(mean)} on average and ${Math.max(...records)} at most`
    })
    one!.forget()
    await commitBoth(contender)
  }
  return rows
}
