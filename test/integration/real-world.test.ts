/**
 * `restante simulate run --world …`: scenarios that real programs play, over loopback and in network
 * namespaces, with a partition that cuts and a kill -9; and that nothing of it is left on the machine.
 */
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RunEntry } from '../simulator/report/records.ts'
import type { RunResult } from '../simulator/report/write-run.ts'
import { whyNoNamespaces } from '../simulator/real/namespace-ground.ts'
import type { RealWorld } from '../simulator/real/world-kind.ts'
import { runCommand, startCommand, withFolder } from '../support/cli.ts'

/** What was on its way into a program when the cut fell it may still take in. */
const takenInMsMax = 2_000
const cut = { fromS: 5, forS: 9 }
const text = `name: Cut and crash
duration: 22 s
settle: 4 min
nodes: { clients: 3, relays: 2 }
workload: { pairs: all, rate: 30 / min }
timeline:
  - { at: ${cut.fromS} s, for: ${cut.forS} s, partition: { isolate: client-1 } }
  - { at: 15 s, for: 1 s, crash: [client-2, relay-1] }
  - { at: 18 s, for: 2 s, pause: client-3 }
expect: { lost: 0, duplicates: 0, order: causal, pending: 0 }
`

/** A scenario in a folder, whose temporary files go there too: what is left shows. */
async function withScenario (content: string, run: (file: string, folder: string, env: NodeJS.ProcessEnv) => Promise<void>): Promise<void> {
  await withFolder(async folder => {
    const file = join(folder, 'small.yaml')
    const temporary = join(folder, 'tmp')
    mkdirSync(temporary)
    writeFileSync(file, content)
    await run(file, folder, { TMPDIR: temporary })
  })
}

/** Processes that have this folder for their temporary files: the command's own children, and theirs. */
function processesOf (folder: string): string[] {
  return readdirSync('/proc').filter(name => /^\d+$/.test(name)).filter(pid => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`TMPDIR=${join(folder, 'tmp')}\0`)
    } catch {
      return false // It ended meanwhile.
    }
  })
}

function assertNothingLeft (folder: string): void {
  assert.deepEqual(readdirSync(join(folder, 'tmp')), [], 'temporary files')
  assert.deepEqual(processesOf(folder), [], 'processes')
}

async function until (isTrue: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 60_000
  while (!isTrue()) {
    if (performance.now() > deadline) throw new Error(`not in time: ${what}`)
    await sleep(100)
  }
}

const linesIn = <T>(content: string): T[] => content.trim().split('\n').filter(line => line !== '').map(line => JSON.parse(line) as T)

/** What was written and taken in of one direction, in ms. */
function trafficOf (history: readonly RunEntry[], isMeant: (from: string, to: string) => boolean): { invokedMs: number, keptMs: number | undefined }[] {
  return history.flatMap(entry => {
    if (entry.f !== 'send' || entry.type !== 'invoke' || !isMeant(entry.process, entry.value.to)) return []
    const { message, to } = entry.value
    const kept = history.find(other => other.f === 'kept' && other.value.message === message && other.process === to)
    return [{ invokedMs: entry.time, keptMs: kept?.time }]
  })
}

/** When the first fault held, and how many messages between those whom it cuts off waited for its end. None came through. */
function cutOf (history: readonly RunEntry[], isAcross: (from: string, to: string) => boolean): { began: number, ended: number, waited: number } {
  const [began, ended] = (['begins', 'ends'] as const).map(event =>
    history.find(entry => entry.f === 'window' && entry.value.id === 'f1' && entry.value.event === event)?.time)
  assert.ok(began !== undefined && ended !== undefined)
  const across = trafficOf(history, isAcross)
  assert.deepEqual(across.filter(({ keptMs = 0 }) => keptMs > began + takenInMsMax && keptMs < ended), [], 'what came through the cut')
  const waited = across.filter(({ invokedMs, keptMs = 0 }) => invokedMs > began && invokedMs < ended && keptMs >= ended)
  return { began, ended, waited: waited.length }
}

async function playAndCheck (world: RealWorld): Promise<void> {
  await withScenario(text, async (file, folder, env) => {
    const out = join(folder, 'out')
    const { code, stdout, stderr } = await runCommand(['simulate', 'run', file, '--world', world, '--seed', '7', '--out', out, '--json'], { env })
    assert.equal(code, 0, `${stdout}\n${stderr}`)
    assertNothingLeft(folder)
    const result = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as RunResult
    const { lost, duplicates, pending, violations, relay_storage_max: storage } = result.measures
    assert.deepEqual([result.world, lost, duplicates, pending, violations, storage], [world, 0, 0, 0, 0, null])
    assert.ok(result.sent >= 20, `${result.sent} messages`)

    const history = linesIn<RunEntry>(readFileSync(join(out, 'history.jsonl'), 'utf8'))
    const { began, ended, waited } = cutOf(history, (from, to) => from === 'client-1' || to === 'client-1')
    assert.ok(ended - began > 1000 * cut.forS - 3_000)
    assert.ok(waited >= 3, `${waited} messages waited for the heal`)
    // Those whom it does not separate talk on.
    const beside = trafficOf(history, (from, to) => from !== 'client-1' && to !== 'client-1')
    assert.ok(beside.some(({ invokedMs, keptMs = 0 }) => invokedMs > began && keptMs > began && keptMs < ended))

    for (const name of ['client-2', 'relay-1']) {
      const lives = history.flatMap(entry => entry.f === 'life' && entry.process === name ? `${entry.value.event} ${entry.value.number}` : [])
      assert.deepEqual(lives, ['ended 1', 'started 2', 'serves 2', 'ended 2'], name)
    }
    const report = readFileSync(join(out, 'report.html'), 'utf8')
    assert.ok(report.includes(`Played with real programs (${world})`) && report.includes('</html>'))
    assert.ok(existsSync(join(out, 'metrics.csv')))

    for (const repeat of ['replay', 'shrink']) {
      const again = await runCommand(['simulate', repeat, out])
      assert.equal(again.code, 2)
      assert.match(again.stderr, /never do the same twice/)
    }
    const story = await runCommand(['simulate', 'explain', out, '3'])
    assert.deepEqual([story.code, /has it durably in its history/.test(story.stdout)], [0, true], story.stderr)
    await compareWithModel(file, folder, world)
  })
}

/** Links in namespaces: TCP goes through the proxy at the bridge, and is late there. */
async function playWithLinks (): Promise<void> {
  const late = `name: Late
duration: 14 s
settle: 4 min
nodes: { clients: 2, relays: 1 }
links: [{ latency: 250 ms }]
workload: { rate: 60 / min }
timeline: [{ at: 4 s, for: 5 s, partition: { isolate: client-1 } }]
expect: { lost: 0, duplicates: 0, order: causal, pending: 0 }
`
  await withScenario(late, async (file, folder, env) => {
    const out = join(folder, 'out')
    const { code, stdout, stderr } = await runCommand(['simulate', 'run', file, '--world', 'netns', '--out', out, '--json'], { env })
    assert.equal(code, 0, `${stdout}\n${stderr}`)
    assertNothingLeft(folder)
    const { sent, latenciesMs: [soonest = 0] } = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as RunResult
    assert.ok(sent >= 10 && soonest >= 245, `${sent} messages, the soonest after ${soonest} ms`)
    const history = linesIn<RunEntry>(readFileSync(join(out, 'history.jsonl'), 'utf8'))
    const { waited } = cutOf(history, () => true)
    assert.ok(waited >= 2, `${waited} messages waited for the heal`)
  })
}

/** The same scenario in the model, and the table of both. */
async function compareWithModel (file: string, folder: string, world: RealWorld): Promise<void> {
  const simulated = join(folder, 'simulated')
  const model = await runCommand(['simulate', 'run', file, '--seed', '7', '--out', simulated])
  assert.equal(model.code, 0, model.stdout)
  const compared = join(folder, 'compared')
  const { code, stdout } = await runCommand(['simulate', 'compare', simulated, join(folder, 'out'), '--out', compared, '--json'])
  assert.equal(code, 0)
  const [head, ...differences] = linesIn<{ event: string, worlds?: string[], measure?: string, a?: number, b?: number, ratio?: number }>(stdout)
  assert.deepEqual(head?.worlds, ['simulated', world])
  for (const measure of ['delivery_p50', 'delivery_p99', 'heal_to_delivery_p99', 'bytes_per_message']) {
    const { a = 0, b = 0, ratio = 0 } = differences.find(difference => difference.measure === measure) ?? {}
    assert.ok(a > 0 && b > 0 && Math.abs(ratio - b / a) < 1e-9, `${measure}: ${a}, ${b}, ${ratio}`)
  }
  const page = readFileSync(join(compared, 'comparison.html'), 'utf8')
  assert.ok(page.includes('B / A') && page.includes('bytes_per_message') && page.includes('</html>'))
}

describe('a scenario on the real stack', function () {
  this.timeout(600_000)

  before(function () {
    if (process.platform !== 'linux') this.skip()
  })

  it('is played over loopback: nothing is lost, doubled or out of order through a cut that cuts and kill -9', async () => {
    await playAndCheck('libp2p')
  })

  it('is played in network namespaces alike, or refused with the reason where they are not allowed', async () => {
    const reason = await whyNoNamespaces()
    if (reason === undefined) {
      await playAndCheck('netns')
      await playWithLinks()
      return
    }
    console.log(`        no namespaces here: ${reason}`)
    await withScenario(text, async (file, _folder, env) => {
      const { code, stderr } = await runCommand(['simulate', 'run', file, '--world', 'netns'], { env })
      assert.deepEqual([code, stderr.includes('needs network namespaces')], [2, true], stderr)
    })
  })

  it('is refused, with the reason, where ip and nft are not there', async () => {
    await withScenario(text, async (file, folder, env) => {
      const { code, stderr } = await runCommand(['simulate', 'run', file, '--world', 'netns'], { env: { ...env, PATH: folder } })
      assert.equal(code, 2)
      assert.match(stderr, /needs network namespaces, ip \(iproute2\) and nft \(nftables\).*unshare/)
      assertNothingLeft(folder)
    })
  })

  it('ends at Ctrl-C with what there is, and leaves nothing behind; killed, it takes its programs along', async () => {
    await withScenario(text.replace('22 s', '4 min'), async (file, folder, env) => {
      const out = join(folder, 'out')
      const argv = ['simulate', 'run', file, '--world', 'libp2p', '--out', out, '--json']
      const isRunning = (): boolean => processesOf(folder).length >= 6
      const stopped = startCommand(argv, { env })
      await until(isRunning, 'all programs run')
      stopped.child.kill('SIGINT')
      const { code, stdout } = await stopped.end
      assert.deepEqual([code, linesIn<{ isWhole?: boolean }>(stdout).at(-1)?.isWhole], [1, false], stdout)
      assert.ok(readFileSync(join(out, 'report.html'), 'utf8').includes('</html>'))
      assertNothingLeft(folder)

      const killed = startCommand(argv, { env })
      await until(isRunning, 'all programs run again')
      killed.child.kill('SIGKILL')
      await killed.end
      await until(() => processesOf(folder).length === 0, 'all programs end')
    })
  })
})
