/**
 * A conversation whose states are stolen after every message, by another thief each time: how long each
 * reads on who breaks X25519 and not ML-KEM.
 */
import assert from 'node:assert/strict'
import { equal, toHex, utf8 } from '../../protocol/bytes.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import { breakSuite, Eavesdropper } from './eavesdropper.ts'
import type { Speaker } from './eavesdropper.ts'
import { seededRandom } from './seeded-random.ts'
import { converse } from './sides.ts'
import type { Side } from './sides.ts'

type Reading = Array<{ victim: 'a' | 'b', thief: Eavesdropper, control: Eavesdropper, read: number }>

/**
 * A conversation in which the state of each side is stolen after every message, by another thief
 * each time. How many messages each could read, and what one with broken KEM too could.
 */
export function stealAll (
  suite: CryptoSuite, o: { burst: number, contentBytes: number, messages: number }
): { readBeforeHealing: number[], controlFailures: number, unhealed: number } {
  const broken = breakSuite(suite)
  const random = seededRandom('thefts')
  const { a, b } = converse(random, broken.suite, broken.suite)
  // Into the steady state first.
  b.receive(a.send('turn'))
  const content = 'x'.repeat(o.contentBytes)
  const readBeforeHealing: number[] = []
  let readings: Reading = []
  let controlFailures = 0
  for (let message = 0; message < o.messages; message++) {
    const isOfA = Math.floor(message / o.burst) % 2 === 1
    const inner = (isOfA ? a : b).send(content)
    readings = readings.filter((reading) => {
      const speaker: Speaker = isOfA === (reading.victim === 'a') ? 'victim' : 'peer'
      const control = reading.control.read(speaker, inner)
      if (control === undefined || !equal(control, utf8(content))) controlFailures++
      const read = reading.thief.read(speaker, inner)
      if (read === undefined) readBeforeHealing.push(reading.read)
      else assert.equal(toHex(read), toHex(utf8(content)))
      reading.read++
      return read !== undefined
    });
    (isOfA ? b : a).receive(inner)
    // Whole periods, none of which is cut off by the end.
    if (message >= o.messages * 2 / 3) continue
    for (const [victim, side] of Object.entries({ a, b }) as Array<['a' | 'b', Side]>) {
      readings.push({
        victim,
        thief: new Eavesdropper(broken, suite, side.session),
        control: new Eavesdropper(broken, suite, side.session, true),
        read: 0
      })
    }
  }
  return { readBeforeHealing, controlFailures, unhealed: readings.length }
}
