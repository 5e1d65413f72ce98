/** What the doctor says of relays that answer: whether they take messages, and what their clock shows. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Level } from 'level'
import { Channel, refusal, success } from '../../../protocol/channel.ts'
import { mailboxProtocol } from '../../../protocol/limits.ts'
import { byteStreamOf } from '../../../relay/net/byte-stream.ts'
import { systemClock } from '../../../relay/host/world.ts'
import { runCommand, startCommand, withFolder } from '../../support/cli.ts'
import { keptLog } from '../../support/kept-log.ts'
import { libp2pClient } from '../../support/libp2p-client.ts'

type Row = Record<string, unknown>
const loopback = '/ip4/127.0.0.1/tcp/0'
const hourMs = 3_600_000

/** What it says of the relay and after it, for a new profile that has this one alone. */
async function examined (profile: string, relay: string): Promise<{ code: number | null, checks: Row[] }> {
  const options = ['--json', '--profile', profile]
  await runCommand(['init', '--name', 'Alice', '--relay', relay, ...options])
  const { code, stdout } = await runCommand(['doctor', ...options])
  const rows = stdout.trim().split('\n').map((line) => JSON.parse(line) as Row)
  return { code, checks: rows.slice(rows.findIndex(({ check }) => check === 'relay'), -1) }
}

describe('the doctor', function () {
  this.timeout(120_000)

  for (const [hours, verdict, words] of [
    [0, 'ok', /^as that of .*, to \d+ s$/],
    [3, 'warning', /^3 h behind that of .*: one of them is wrong$/],
    [-0.1, 'warning', /^6 min ahead of that of .*: one of them is wrong$/]
  ] as const) {
    it(`leaves no message at a relay whose clock is ${hours} h ahead, and says so`, async () => {
      await withFolder(async (folder) => {
        const clock = join(folder, 'clock.cjs')
        writeFileSync(clock, `const { now } = Date; Date.now = () => now() + ${hours * hourMs}`)
        const data = join(folder, 'relay')
        const relay = startCommand(['relay', '--json', '--data', data, '--listen', loopback],
          { env: { NODE_OPTIONS: `--require=${clock}` } })
        try {
          const { addresses: [address = ''] } = JSON.parse(await relay.line()) as { addresses: string[] }
          const { code, checks } = await examined(join(folder, 'profile'), address)
          assert.deepEqual([code, checks.map((row) => [row['check'], row['verdict']])],
            [0, [['relay', 'ok'], ['clock', verdict]]])
          assert.match(String(checks[1]?.['words']), words)
          assert.ok(Math.abs(Number(checks[1]?.['skewMs']) - hours * hourMs) < 60_000)
        } finally {
          relay.child.kill('SIGTERM')
          await relay.end
        }
        const store = new Level(join(data, 'mailboxes'), { keyEncoding: 'view', valueEncoding: 'view' })
        const tables = (await store.keys().all()).map(([first]) => String.fromCharCode(Number(first)))
        await store.close()
        // The version of the layout, the totals, and what keeps the same bytes from being taken twice.
        assert.deepEqual(tables, ['f', 'i', 'p', 's'])
      })
    })
  }

  it('says of a relay that takes no messages what it said, and nothing of its clock', async () => {
    const full = await libp2pClient({ listen: [loopback] })
    try {
      await full.node.handle(mailboxProtocol, (stream) => {
        void new Channel(byteStreamOf(stream), {
          clock: systemClock,
          log: keptLog(),
          onRequest: ({ hello }) => hello === undefined
            ? refusal('FULL')
            : success({ hello: {
                version: 1, nonce: new Uint8Array(32).fill(1), relay: true, envelopeBytesMax: 65_536,
                retentionMs: 24 * hourMs, mailboxEnvelopesMax: 1, mailboxBytesMax: 1, workBits: 0
              } })
        })
      })
      await withFolder(async (folder) => {
        const { code, checks } = await examined(folder, full.node.getMultiaddrs()[0]!.toString())
        assert.deepEqual([code, checks.map((row) => [row['check'], row['verdict'], row['code']])],
          [0, [['relay', 'warning', 'FULL']]])
        assert.match(String(checks[0]?.['words']), /took no test message: The relay has no room left\. \(FULL\)$/)
      })
    } finally {
      await full.stop()
    }
  })
})
