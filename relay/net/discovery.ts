/**
 * The Discovery port on the relays' own Kademlia. Spec 03 §Between relays.
 *
 * The DHT is a hint: a lookup takes what it finds in its time, and believes none of it.
 */
import type { KadDHT } from '@libp2p/kad-dht'
import { codeOf } from '../../protocol/errors.ts'
import type { Clock, Log } from '../../protocol/ports.ts'
import type { Discovery } from '../core/ports.ts'
import { decodeDhtValue, dhtKeyOf, encodeDhtValue } from './dht-records.ts'

const putMsMax = 20_000
/** Values that one lookup takes: a stranger may run any number of relays. */
const valuesMax = 32

export function kadDiscovery (dht: KadDHT, ports: { clock: Clock, log: Log }): Discovery {
  return {
    async put (slot, record) {
      let keptBy = 0
      await within(ports.clock, putMsMax, async (signal) => {
        for await (const event of dht.put(dhtKeyOf(slot), encodeDhtValue([record]), { signal })) {
          if (event.name === 'PEER_RESPONSE' && event.record != null) keptBy++
        }
      })
      ports.log.debug('descriptorSpread', { keptBy })
    },

    async get (slot, timeoutMs) {
      const records: Uint8Array[] = []
      let values = 0
      const take = (value: Uint8Array): void => {
        try {
          records.push(...decodeDhtValue(value))
        } catch (error) {
          ports.log.debug('dhtValueRefused', { code: codeOf(error) })
        }
      }
      await within(ports.clock, timeoutMs, async (signal) => {
        for await (const event of dht.get(dhtKeyOf(slot), { signal })) {
          if (event.name === 'PEER_RESPONSE' && event.record != null) take(event.record.value)
          else if (event.name === 'VALUE') take(event.value)
          else continue
          if (++values >= valuesMax) break
        }
      })
      return records
    }
  }
}

/** Runs `task` until its time is over. What it throws is no error here: a peer that went away, or time. */
async function within (
  clock: Clock, timeoutMs: number, task: (signal: AbortSignal) => Promise<void>
): Promise<void> {
  const controller = new AbortController()
  const timer = clock.setTimer(timeoutMs, () => { controller.abort() })
  const over = new Promise<void>((resolve) => {
    controller.signal.addEventListener('abort', () => { resolve() })
  })
  try {
    // libp2p does not always end when it is asked to.
    await Promise.race([task(controller.signal), over])
  } catch {
    // What was found before counts all the same.
  } finally {
    timer.cancel()
    controller.abort()
  }
}
