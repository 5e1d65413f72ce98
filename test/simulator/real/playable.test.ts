/** What real worlds take, and what they refuse: by name, with the reason. */
import assert from 'node:assert/strict'
import { compileScenario } from '../scenario/compile.ts'
import { loadScenario } from '../scenario/load.ts'
import type { Plan } from '../scenario/plan.ts'
import { assertPlayable, shortenPlan } from './playable.ts'

const planOf = (more: string): Plan => compileScenario(loadScenario({
  file: 'x.yaml', attachments: {},
  text: `name: x\nduration: 1 min\nnodes: { clients: 4, relays: 2 }\nworkload: { pairs: ring, rate: 1 / min }\n${more}\n`
}), 1)
const refusalOf = (plan: Plan, world: 'libp2p' | 'netns'): string => {
  try {
    assertPlayable(plan, world)
    return ''
  } catch (error) {
    return (error as Error).message
  }
}
const timeline = (...entries: string[]): string => `timeline:\n${entries.map(entry => `  - { at: 10 s, for: 5 s, ${entry} }`).join('\n')}`

describe('what real worlds can play', () => {
  it('is every kind of partition, links, wires, crash, pause and churn, in both', () => {
    const plan = planOf(`${timeline('partition: halves', 'partition: { isolate: client-1 }', 'partition: { bridge: client-2 }', 'partition: ring', 'partition: swizzle',
      'partition: { one-way: { from: client-1, to: relays } }', 'partition: { flap: { between: [client-1, relays], period: 2 s, duty: 50 % } }',
      'partition: { jam: { between: [client-1, relays], stall: 1 s, clear: 1 s } }', 'partition: { slow: { between: [client-1, relays], factor: 3 } }', 'crash: relay-1', 'pause: client-3')}\nlinks: [{ latency: 50 ms }]\ntopology: ring\nchurn: { who: clients, up: 20 s, down: 5 s }`)
    assert.deepEqual([refusalOf(plan, 'libp2p'), refusalOf(plan, 'netns')], ['', ''])
  })

  it('is not what would need another disk, clock or program: each is refused by its words', () => {
    const plan = planOf(`${timeline('disk: { full: relay-1 }', 'clock: { jump: { who: client-1, by: 1 h } }', 'relay: { lie: relay-1 }', 'crash-at-write: { who: client-1 }')}\nclocks: { skew: 1 min }`)
    const text = refusalOf(plan, 'libp2p')
    for (const { words } of plan.windows) assert.ok(text.includes(`${words}: `), `${words} in ${text}`)
    assert.match(text, /disks are real.*; clock.*clock is that of this machine.*; relay.*does not misbehave.*; crash-at-write.*which write.*; clocks: /)
  })

  it('is small, and says by how much a long one is to be shortened', () => {
    const long = planOf('').durationMs
    const plan = { ...planOf(''), durationMs: 60 * long }
    assert.match(refusalOf(plan, 'libp2p'), /3600 s of real time: 300 s at most; --shorten 12 /)
    const short = shortenPlan(plan, 12)
    assert.equal(refusalOf(short, 'libp2p'), '')
    assert.deepEqual(short.messages.map(({ atMs }) => atMs), plan.messages.map(({ atMs }) => atMs / 12))
    const many = { ...plan, durationMs: long, nodes: Array.from({ length: 20 }, (_, at) => ({ ...plan.nodes[0]!, name: `client-${at}` })) }
    assert.match(refusalOf(many, 'netns'), /20 people: 12 at most/)
    assert.throws(() => shortenPlan(plan, 0.5), { code: 'USAGE' })
  })
})
