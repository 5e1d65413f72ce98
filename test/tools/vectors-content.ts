/**
 * Frozen vectors of contents, receipts and contact updates, and of what a recipient takes of a history,
 * from seeded randomness. Byte strings are hexadecimal.
 */
import { bundleLocation, resetRouteSecret } from '../../protocol/bundle.ts'
import { toHex, utf8 } from '../../protocol/bytes.ts'
import { contentKinds } from '../../protocol/limits.ts'
import type { Random } from '../../protocol/ports.ts'
import { nobleSuite as suite } from '../../protocol/suites/noble.ts'
import { Content, ContactUpdate, Receipt, Text } from '../../protocol/wire/restante.js'
import { contentHash } from '../../node/core/own-chain.ts'
import { withContent, type SeenRanges } from '../../node/core/seen-ranges.ts'
import { seededRandom } from '../support/seeded-random.ts'

const none = new Uint8Array(0)
const now = 1_800_000_000_000

export function contentVectors (): Record<string, unknown> {
  const random = seededRandom('restante vectors: content')
  return {
    'content.json': { spec: '06', cases: historyCases(random), receipts: receiptCases(random), updates: updateCases(random) }
  }
}

interface Written { bytes: Uint8Array, content: Content, hash: Uint8Array }

function write (random: Random, text: string, o: { counter: number, previous: Uint8Array, again?: boolean, voidFrom?: number }): Written {
  const content: Content = {
    id: random.bytes(16),
    counter: o.counter,
    clockMs: now + o.counter,
    clockLogical: 0,
    sentAt: 0,
    parents: [],
    previous: o.previous,
    kind: contentKinds.text,
    payload: Text.encode({ text }),
    conversation: none,
    again: o.again ?? false,
    voidFrom: o.voidFrom ?? 0
  }
  const bytes = Content.encode(content)
  return { bytes, content, hash: contentHash(suite, bytes) }
}

/** Contents as they come, whether each is taken by its number and hash, and the ranges after it. */
function historyCases (random: Random): unknown[] {
  const one = write(random, 'one', { counter: 1, previous: none })
  const two = write(random, 'two', { counter: 2, previous: one.hash })
  const three = write(random, 'three', { counter: 3, previous: two.hash })
  const twoAnew = write(random, 'two, after a set-back', { counter: 2, previous: one.hash })
  const threeAnew = write(random, 'three, after a set-back', { counter: 3, previous: twoAnew.hash })
  const above = write(random, 'two, after a set-back', { counter: 4, previous: none, again: true, voidFrom: 4 })
  const gaveUp = write(random, 'three, after a set-back', { counter: 6, previous: none, again: true, voidFrom: 4 })
  const next = write(random, 'and on', { counter: 7, previous: gaveUp.hash })
  const history = (name: string, ...contents: Written[]): unknown => {
    let seen: SeenRanges = []
    const steps = contents.map(({ bytes, content, hash }) => {
      const taken = withContent(seen, content, hash)
      seen = taken ?? seen
      return { content: toHex(bytes), chain: toHex(hash), taken: taken !== undefined, ranges: seen.map(shown) }
    })
    return { name, steps }
  }
  return [
    history('in order', one, two, three),
    history('out of order', three, one, two),
    history('one that does not follow the one before', one, two, threeAnew),
    history('one that is not what the one after it follows', one, three, twoAnew),
    history('numbers given anew', one, two, three, above),
    history('numbers given up', one, two, three, gaveUp, next)
  ]
}

function shown ({ first, last, chain, previous }: SeenRanges[number]): unknown {
  return { first, last, chain: toHex(chain), previous: toHex(previous) }
}

function receiptCases (random: Random): unknown[] {
  const of = (name: string, delivered: Array<{ first: number, last: number }>, readThrough: number): unknown => {
    const chains = delivered.map(() => random.bytes(16))
    return { name, bytes: toHex(Receipt.encode({ delivered, readThrough, chains })), delivered, readThrough, chains: chains.map(toHex) }
  }
  return [
    of('nothing yet', [], 0),
    of('all, and read', [{ first: 1, last: 12 }], 12),
    of('with a gap', [{ first: 1, last: 3 }, { first: 5, last: 5 }], 0)
  ]
}

function updateCases (random: Random): unknown[] {
  const resetSecret = random.bytes(32)
  const peerKey = random.bytes(32)
  const secret = random.bytes(32)
  const name = 'Bob'
  const update = ContactUpdate.encode({
    sequence: 3,
    name,
    manifest: none,
    routes: [{ device: false, peerKey, multiaddrs: ['/ip4/192.0.2.1/tcp/4001'], secret }],
    yourManifest: none,
    resetSecret
  })
  const routeSecret = resetRouteSecret(suite, resetSecret, peerKey)
  return [{
    name: 'a relay, and prekeys for a new session',
    bytes: toHex(update),
    sequence: 3,
    called: toHex(utf8(name)),
    resetSecret: toHex(resetSecret),
    peerKey: toHex(peerKey),
    routeSecret: toHex(routeSecret),
    location: toHex(bundleLocation(suite, routeSecret))
  }]
}
