/**
 * A process that is there to be killed: deposits, pages and acks in a folder, and says what was
 * acknowledged. Lines on stdout: `stored N`, `acked N`, `error CODE`, and `opened` first.
 *
 * Arguments: folder, first number, writers, and 'unsynced' for the control, whose commits are not
 * synced and which must therefore lose something at a power cut.
 */
import { Level } from 'level'
import { codeOf } from '../../../protocol/errors.ts'
import {
  depositAt, envelopeOf, idOf, numberOf, provide, roomyLimits, setClock
} from '../../contracts/mailbox-store-bed.ts'
import { storeIn } from './places.ts'

const [directory = '', first = '0', writers = '64', mode = 'synced'] = process.argv.slice(2)

if (mode === 'unsynced') {
  interface Chained { write: (options: object) => Promise<void> }
  const prototype = Level.prototype as unknown as { batch: () => Chained }
  const batch = prototype.batch
  prototype.batch = function () {
    const chained = batch.call(this)
    const write = chained.write.bind(chained)
    chained.write = async options => { await write({ ...options, sync: false }) }
    return chained
  }
}

const clock = setClock()
const store = storeIn(directory, clock, roomyLimits)
await store.open()
await provide(store, 'box', 'door')
process.stdout.write('opened\n')

let number = Number(first)
let hasFailed = false

async function deposit (): Promise<void> {
  while (!hasFailed) {
    const mine = number++
    const result = await depositAt(store, 'door', envelopeOf(mine, 1024))
    process.stdout.write(`${result} ${mine}\n`)
  }
}

/** Takes half of what waits, now and then, so that acks and deposits share commits. */
async function fetch (): Promise<void> {
  while (!hasFailed) {
    const { envelopes } = await store.page(
      idOf('box'), { after: undefined, envelopesMax: 400, bytesMax: 2 ** 30 }
    )
    const taken = envelopes.slice(0, envelopes.length >> 1)
    const last = taken.at(-1)
    if (last !== undefined) {
      // Said first: what is acked need not be there after the kill, and may be. Said means handed to the
      // system: where the reader lags, lines wait in this process and die with it, and what was acked
      // would pass for lost.
      const lines = taken.map(({ envelope }) => `acked ${numberOf(envelope)}\n`).join('')
      await new Promise<void>(resolve => { process.stdout.write(lines, () => { resolve() }) })
      await store.ackThrough(idOf('box'), last.cursor)
    }
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

async function saying (work: Promise<void>): Promise<void> {
  try {
    await work
  } catch (error) {
    hasFailed = true
    process.stdout.write(`error ${codeOf(error)}\n`)
  }
}

await Promise.all(
  [...Array.from({ length: Number(writers) }, async () => { await saying(deposit()) }), saying(fetch())]
)
const later = await Promise.allSettled(
  [depositAt(store, 'door', envelopeOf(0)), store.usage(idOf('box')), store.expire(1)]
)
process.stdout.write(`refused ${later.filter(({ status }) => status === 'rejected').length}\n`)
await store.close()
process.stdout.write('closed\n')
