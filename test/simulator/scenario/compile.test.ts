import assert from 'node:assert/strict'
import fc from 'fast-check'
import { compileScenario, scaleScenario } from './compile.ts'
import { draw } from './draw.ts'
import { loadScenario } from './load.ts'
import type { Distribution } from './model.ts'
import type { Block, FaultWindow, Plan } from './plan.ts'
import { graph, Hops } from './topology.ts'
import { Chance } from '../world/chance.ts'

const hour = 3_600_000
const head = 'name: A test\nduration: 10 h\nnodes: { clients: 6, relays: 3 }\n'
const work = 'workload: { pairs: all, rate: 6 / h }\n'
const compile = (text: string, seed = 1, readFile?: (name: string) => string): Plan =>
  compileScenario(loadScenario({ file: 'x.yaml', text, attachments: {} }, { readFile }), seed)
const windowsOf = (fault: string, seed = 1, times = 'at: 1 h, for: 1 h'): FaultWindow[] =>
  compile(`${head}${work}timeline:\n  - { ${times}, ${fault} }\n`, seed).windows
/** `a>b` for every direction that is cut. */
const cutsOf = ({ effect }: FaultWindow): Set<string> => {
  assert.equal(effect.kind, 'cut')
  const blocks: Block[] = effect.kind === 'cut' ? effect.blocks : []
  return new Set(blocks.flatMap(({ from, to }) => from.flatMap(a => to.map(b => `${a}>${b}`))))
}
const all = [1, 2, 3, 4, 5, 6].map(at => `client-${at}`).concat([1, 2, 3].map(at => `relay-${at}`))
const reachOf = (cuts: Set<string>, name: string): string[] => all.filter(other => !cuts.has(`${name}>${other}`))
const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 })

describe('a plan', () => {
  const rich = `${head}${work}links: { loss: 1 % }
clocks: { skew: { normal: { mean: 0, deviation: 1 min } }, drift: { uniform: [-50 ppm, 50 ppm] } }
churn: { up: { exponential: 2 h }, down: { weibull: { scale: 20 min, shape: 0.6 } } }
topology: { kind: random-k, k: 2 }
timeline:
  - { at: 1 h, for: 1 h, every: 3 h, partition: halves }
  - { at: 2 h, for: 1 h, partition: { jam: { between: [clients, relays] } } }
`

  it('is the same for the same seed, and another for another', () => {
    assert.deepEqual(compile(rich, 7), compile(rich, 7))
    assert.notDeepEqual(compile(rich, 7).messages, compile(rich, 8).messages)
    assert.notDeepEqual(compile(rich, 7).windows, compile(rich, 8).windows)
  })

  it('survives JSON: nothing in it is an Infinity, which would come back as null', () => {
    const plan = compile(`${rich}  - { at: 1 h, for: forever, crash: relay-1 }\n`)
    assert.ok(plan.windows.some(({ untilMs }) => untilMs === undefined))
    assert.ok(!JSON.stringify(plan).includes('null'))
  })

  it('keeps all its draws where one fault is taken out', () => {
    const without = compile(rich.replace(/ {2}- .*halves.*\n/, ''))
    const plan = compile(rich)
    assert.deepEqual(without.messages, plan.messages)
    assert.deepEqual(without.nodes, plan.nodes)
    const churn = ({ windows }: Plan): FaultWindow[] => windows.filter(({ id }) => id === 'churn')
    assert.deepEqual(churn(without), churn(plan))
  })

  it('gives each account relays of its own, and clocks that are wrong as the rules say', () => {
    const { nodes } = compile(rich, 3)
    for (const { kind, relays, drift } of nodes) {
      assert.equal(new Set(relays).size, kind === 'client' ? 2 : 0)
      assert.ok(Math.abs(drift) <= 50e-6)
    }
    assert.ok(new Set(nodes.map(({ skewMs }) => skewMs)).size > 5)
  })

  it('heals everything at the end of the scenario, but for what is never healed', () => {
    assert.equal(windowsOf('crash: relay-1', 1, 'at: 9 h, for: 5 h')[0]?.untilMs, 10 * hour)
    assert.equal(windowsOf('crash: relay-1', 1, 'at: 9 h, for: forever')[0]?.untilMs, undefined)
  })

  it('repeats a fault from begin to begin, so often as it should', () => {
    const windows = windowsOf('crash: relay-1', 1, 'at: 1 h, for: 10 min, every: 2 h')
    assert.deepEqual(windows.map(({ id, fromMs, untilMs }) => `${id} ${fromMs / hour} ${((untilMs ?? 0) - fromMs) / 60_000}`),
      ['f1 1 10', 'f1.2 3 10', 'f1.3 5 10', 'f1.4 7 10', 'f1.5 9 10'])
    assert.equal(windowsOf('crash: relay-1', 1, 'at: 1 h, for: 10 min, every: 2 h, times: 2').length, 2)
  })
})

describe('a partition', () => {
  it('into halves cuts every pair across and none within', () => {
    fc.assert(fc.property(seeds, seed => {
      const cuts = cutsOf(windowsOf('partition: halves', seed)[0]!)
      const half = reachOf(cuts, 'client-1')
      assert.ok([4, 5].includes(half.length))
      for (const name of all) assert.deepEqual(reachOf(cuts, name), half.includes(name) ? half : all.filter(other => !half.includes(other)))
    }), { numRuns: 50 })
  })

  it('with a bridge leaves one node that both halves reach', () => {
    fc.assert(fc.property(seeds, seed => {
      const cuts = cutsOf(windowsOf('partition: bridge', seed)[0]!)
      assert.equal(all.filter(name => reachOf(cuts, name).length === all.length).length, 1)
      for (const name of all) assert.ok([5, 9].includes(reachOf(cuts, name).length))
    }), { numRuns: 50 })
    assert.equal(reachOf(cutsOf(windowsOf('partition: { bridge: relay-2 }')[0]!), 'relay-2').length, 9)
  })

  it('into a ring lets every node reach a majority, and no two the same', () => {
    fc.assert(fc.property(seeds, seed => {
      const cuts = cutsOf(windowsOf('partition: ring', seed)[0]!)
      const reached = all.map(name => reachOf(cuts, name))
      for (const [at, names] of reached.entries()) {
        assert.ok(names.length > all.length / 2 && names.length < all.length)
        for (const name of names) assert.ok(reachOf(cuts, name).includes(all[at]!), 'both ways')
      }
      assert.equal(new Set(reached.map(names => names.join())).size, all.length)
    }), { numRuns: 50 })
  })

  it('one way lets the other way pass', () => {
    const cuts = cutsOf(windowsOf('partition: { one-way: { from: clients, to: relay-1 } }')[0]!)
    assert.ok(cuts.has('client-3>relay-1'))
    assert.equal([...cuts].filter(cut => cut.startsWith('relay')).length, 0)
    assert.equal(cuts.size, 6)
  })

  it('between groups leaves out those in none: it is partial', () => {
    const cuts = cutsOf(windowsOf('partition: { groups: [client-1, [client-2, client-3], relay-1] }')[0]!)
    assert.deepEqual(reachOf(cuts, 'client-1'), all.filter(name => !['client-2', 'client-3', 'relay-1'].includes(name)))
    assert.equal(reachOf(cuts, 'relay-2').length, all.length)
  })

  it('flaps with its period and duty', () => {
    const windows = windowsOf('partition: { flap: { between: [clients, relays], period: 10 min, duty: 30 % } }')
    assert.deepEqual(windows.map(({ fromMs, untilMs }) => [fromMs / 60_000, (untilMs ?? 0) / 60_000]),
      [[60, 63], [70, 73], [80, 83], [90, 93], [100, 103], [110, 113]])
  })

  it('swizzles: every node is cut off, one after another, and all are back at the end', () => {
    const windows = windowsOf('partition: { swizzle: relays }')
    assert.deepEqual(windows.map(({ fromMs }) => fromMs), [1 * hour, 1 * hour + 600_000, 1 * hour + 1_200_000])
    const ends = windows.map(({ untilMs }) => untilMs ?? 0)
    assert.deepEqual(ends.toSorted((a, b) => a - b), [2 * hour - 1_200_000, 2 * hour - 600_000, 2 * hour])
  })

  it('jams for stretches of time that never touch or overlap', () => {
    fc.assert(fc.property(seeds, seed => {
      const windows = windowsOf('partition: { jam: { between: [clients, relays], stall: { exponential: 1 min }, clear: { exponential: 1 min } } }', seed)
      assert.ok(windows.length > 5)
      for (const [at, { fromMs }] of windows.entries()) assert.ok(fromMs > (windows[at - 1]?.untilMs ?? 0))
      assert.ok((windows.at(-1)?.untilMs ?? 0) <= 2 * hour)
    }), { numRuns: 30 })
  })
})

describe('the workload of a plan', () => {
  const messages = (rule: string, seed = 1) => compile(`${head}workload: ${rule}\n`, seed).messages

  it('has about as many messages as its rate says, numbered in order of time', () => {
    const sent = messages('{ pairs: all, rate: 60 / h }')
    // 6 people, 10 hours: 3600 expected, deviation 60.
    assert.ok(Math.abs(sent.length - 3600) < 300, String(sent.length))
    assert.deepEqual(sent.map(({ id }) => id), sent.map((_, at) => `m${at + 1}`))
    for (const [at, { atMs, from, to }] of sent.entries()) {
      assert.ok(atMs >= (sent[at - 1]?.atMs ?? 0) && atMs < 10 * hour && from !== to)
    }
  })

  it('follows day and night', () => {
    const text = `${head.replace('10 h', '4 days')}workload: { pairs: all, rate: 60 / h, diurnal: { peak: '12:00', depth: 100 % } }\n`
    const hours = compile(text).messages.map(({ atMs }) => Math.floor(atMs / hour) % 24)
    const count = (from: number, to: number): number => hours.filter(at => at >= from && at < to).length
    assert.ok(count(10, 14) > 8 * (count(0, 2) + count(22, 24)))
    assert.ok(Math.abs(hours.length - 6 * 60 * 96) < 2000)
  })

  it('keeps to its pairs, its time and its number', () => {
    const sent = messages('{ pairs: couples, messages: 200, from: 2 h, until: 3 h, one-way: true, size: { uniform: [10 B, 20 B] } }')
    assert.equal(sent.length, 200)
    for (const { atMs, from, to, bytes } of sent) {
      assert.ok(['client-1>client-2', 'client-3>client-4', 'client-5>client-6'].includes(`${from}>${to}`))
      assert.ok(atMs >= 2 * hour && atMs < 3 * hour && bytes >= 10 && bytes <= 20)
    }
  })

  it('takes groups of people and pairs by name', () => {
    assert.deepEqual(compile(`${head}workload: { pairs: { list: [[client-1, client-4]] }, messages: 1 }\n`).contacts, [['client-1', 'client-4']])
    assert.equal(compile(`${head}workload: { pairs: { between: [client-1, [client-2, client-3]] }, messages: 1 }\n`).contacts.length, 2)
  })

  it('shrinks with the world, and leaves relays and rates', () => {
    const text = head.replace('clients: 6', 'clients: 5000') + 'workload: { pairs: { random-k: 3 }, messages: 1000 }\n'
    const small = compileScenario(scaleScenario(loadScenario({ file: 'x', text, attachments: {} }), 0.01), 1)
    assert.deepEqual([small.nodes.length, small.messages.length], [53, 10])
  })
})

describe('churn', () => {
  it('takes each node away for about as long as its distributions say', () => {
    const text = `${head.replace('10 h', '30 days')}${work}churn: { up: { exponential: 3 h }, down: { exponential: 1 h } }\n`
    const windows = compile(text.replace('rate: 6 / h', 'messages: 1')).windows
    const awayMs = windows.reduce((sum, { fromMs, untilMs }) => sum + (untilMs ?? 0) - fromMs, 0)
    const share = awayMs / (6 * 30 * 24 * hour)
    assert.ok(Math.abs(share - 0.25) < 0.03, String(share))
  })

  it('follows a trace to the letter', () => {
    const trace = '5 min,client-1,down\n10 min,client-1,up\n12 min,client-1,up\n1 h,client-2,down\n'
    const { windows } = compile(`${head}${work}churn: { trace: t.csv }\n`, 1, () => trace)
    assert.deepEqual(windows.map(({ fromMs, untilMs, effect }) => [fromMs / 60_000, (untilMs ?? 0) / 60_000, 'nodes' in effect && effect.nodes[0]]),
      [[5, 10, 'client-1'], [60, 600, 'client-2']])
  })
})

describe('distributions', () => {
  const cases: Array<[distribution: Distribution, mean: number]> = [
    [{ kind: 'uniform', from: 10, to: 30 }, 20],
    [{ kind: 'normal', mean: 50, deviation: 5, isSigned: false }, 50],
    [{ kind: 'lognormal', median: 10, sigma: 0.5 }, 10 * Math.exp(0.125)],
    [{ kind: 'pareto', min: 10, shape: 3 }, 15],
    [{ kind: 'exponential', mean: 10 }, 10],
    [{ kind: 'weibull', scale: 10, shape: 2 }, 10 * Math.sqrt(Math.PI) / 2],
    [{ kind: 'empirical', values: [1, 9], upTo: [1, 4] }, 7]
  ]
  for (const [distribution, mean] of cases) {
    it(`draw ${distribution.kind} with the right mean`, () => {
      const chance = new Chance(`distributions ${distribution.kind}`)
      let sum = 0
      for (let count = 0; count < 40_000; count++) sum += draw(distribution, chance)
      assert.ok(Math.abs(sum / 40_000 - mean) < 0.03 * mean, `${sum / 40_000}, not ${mean}`)
    })
  }
})

describe('topologies', () => {
  const names = Array.from({ length: 12 }, (_, at) => `n${at}`)

  it('connect everything, and have the edges that they are known by', () => {
    const edgesOf = (kind: Parameters<typeof graph>[0], k = 2): number => {
      const edges = graph(kind, names, k, new Chance('t'))
      const hops = new Hops(edges)
      for (const name of names) assert.notEqual(hops.between('n0', name), undefined, `${kind}: ${name}`)
      assert.equal(new Set(edges.map(pair => pair.toSorted().join())).size, edges.length, kind)
      assert.ok(edges.every(([a, b]) => a !== b))
      return edges.length
    }
    assert.deepEqual((['full', 'line', 'ring', 'star', 'tree', 'grid', 'scale-free'] as const).map(kind => edgesOf(kind)),
      [66, 11, 12, 11, 11, 17, 21])
    assert.ok(edgesOf('random-k', 4) >= 24)
  })

  it('count hops by the shortest way', () => {
    const hops = new Hops(graph('ring', names, 1, new Chance('t')))
    assert.deepEqual(['n0', 'n1', 'n6', 'n11'].map(name => hops.between('n0', name)), [0, 1, 6, 1])
    assert.equal(new Hops([['a', 'b']]).between('a', 'c'), undefined)
  })
})
