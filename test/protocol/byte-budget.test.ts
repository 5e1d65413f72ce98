/** The byte budget of spec 03 is what the frames really take. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { refusal, success } from '../../protocol/channel.ts'
import { Frame } from '../../protocol/wire/restante.js'

const spec = readFileSync(join(import.meta.dirname, '../../protocol/spec/03-mailbox-protocol.md'), 'utf8')
const zeros = (length: number): Uint8Array => new Uint8Array(length)
const proof = { owner: zeros(32), signature: zeros(64) }
const now = 1_800_000_000_000
const number = 1000

/** The frames of the table, as large as they are in an ordinary stream. */
const frames: Record<string, Frame> = {
  hello: { number, hello: { versions: [1], nonce: zeros(32) } },
  'answer to hello': {
    number,
    answer: success({
      hello: {
        version: 1,
        nonce: zeros(32),
        relay: true,
        envelopeBytesMax: 65536,
        retentionMs: 30 * 86_400_000,
        mailboxEnvelopesMax: 100_000,
        mailboxBytesMax: 268_435_456,
        workBits: 0
      }
    })
  },
  createMailbox: { number, createMailbox: { proof, work: zeros(0) } },
  openAddress: { number, openAddress: { mailbox: zeros(32), addressHash: zeros(32), envelopesMax: 0, expiresAt: 0 } },
  closeAddress: { number, closeAddress: { mailbox: zeros(32), addressHash: zeros(32) } },
  subscribe: { number, subscribe: { proof, after: zeros(6), credit: 1_048_576 } },
  'push of one envelope of 1024': {
    number: 0,
    push: {
      mailbox: zeros(32),
      drained: true,
      refusedSome: false,
      envelopes: [{ cursor: zeros(6), addressHash: zeros(32), envelope: zeros(1024), receivedAt: now }]
    }
  },
  ack: { number, ack: { mailbox: zeros(32), through: zeros(6) } },
  'deposit of 1024': { number, deposit: { address: zeros(32), envelope: zeros(1024) } },
  'answer to deposit': { number, answer: success({ until: now }) },
  usage: { number, usage: { mailbox: zeros(32) } },
  takePrekey: { number, takePrekey: { location: zeros(32) } },
  lookup: { number, lookup: { slot: zeros(32) } },
  ping: { number, ping: {} },
  'plain success': { number, answer: success() },
  'refusal BUSY': { number, answer: refusal('BUSY', 1000) }
}

describe('the byte budget of the mailbox protocol', () => {
  const rows = [...spec.matchAll(/^\| (.+?) \| (\d+) \|$/gm)].map(([, name, bytes]) => [name, Number(bytes)])

  it('is the size of each frame, its length included', () => {
    const sizes = Object.entries(frames).map(([name, frame]) => {
      const { byteLength } = Frame.encode(frame)
      return [name, byteLength + (byteLength < 128 ? 1 : byteLength < 16384 ? 2 : 3)]
    })
    assert.deepEqual(rows, sizes)
  })
})
