import assert from 'node:assert/strict'
import { loadScenario } from './load.ts'
import type { LoadOptions } from './load.ts'
import type { Scenario } from './model.ts'
import { ScenarioError } from './problems.ts'
import type { Problem } from './problems.ts'
import { futureWords } from './words.ts'

const base = `name: A test
duration: 1 h
nodes: { clients: 4, relays: 3 }
workload: { pairs: couples, rate: 6 / h }
`
const load = (text: string, options: LoadOptions = {}): Scenario => loadScenario({ file: 'x.yaml', text, attachments: {} }, options)
const problemsOf = (text: string, options: LoadOptions = {}): readonly Problem[] => {
  try {
    load(text, options)
  } catch (error) {
    if (error instanceof ScenarioError) return error.problems
    throw error
  }
  return []
}
/** The only problem of base and `more`, as a person sees it. */
const problemOf = (more: string, options: LoadOptions = {}): string => {
  const problems = problemsOf(base + more, options)
  assert.equal(problems.length, 1, JSON.stringify(problems))
  const { line, column, field, message, hint } = problems[0]!
  return `${line}:${column} ${field}: ${message} ${hint ?? ''}`.trimEnd()
}

describe('a scenario file', () => {
  it('becomes a model in milliseconds and bytes, with its defaults', () => {
    const scenario = load(`${base}links: { latency: { lognormal: { median: 40 ms, sigma: 0.5 } }, bandwidth: 1 Mbit/s }
timeline:
  - { at: 10 min, for: 5 min, every: 20 min, partition: { isolate: relay-1, how: refuse } }
expect: { lost: 0, delivery_p99: < 30 s, delivered: 99 % , order: causal }
`)
    assert.equal(scenario.durationMs, 3_600_000)
    assert.equal(scenario.settleMs, 600_000)
    assert.equal(scenario.relaysEach, 2)
    assert.deepEqual(scenario.groups.map(({ name, count }) => `${count} ${name}`), ['4 client', '3 relay'])
    assert.deepEqual(scenario.links[0]?.properties.latency, { kind: 'lognormal', median: 40, sigma: 0.5 })
    assert.equal(scenario.links[0]?.properties.bandwidth, 125_000)
    assert.deepEqual(scenario.timeline, [{
      index: 0, words: 'partition: isolate relay-1, how refuse', atMs: 600_000, forMs: 300_000, everyMs: 1_200_000, times: undefined,
      fault: { kind: 'isolate', who: { words: ['relay-1'], random: undefined }, how: 'refuse' }
    }])
    assert.deepEqual(scenario.expect, [
      { measure: 'lost', comparison: '<=', limit: 0 }, { measure: 'delivery_p99', comparison: '<', limit: 30_000 },
      { measure: 'delivered', comparison: '>=', limit: 0.99 }, { measure: 'order', order: 'causal' }
    ])
  })

  it('takes every word of the timeline', () => {
    const faults = [
      'partition: halves', 'partition: bridge', 'partition: ring', 'partition: swizzle', 'partition: { halves: clients }',
      'partition: { groups: [clients, [relay-1, relay-2]] }', 'partition: { isolate: { random: 2, of: relays } }',
      'partition: { bridge: client-1 }', 'partition: { one-way: { from: clients, to: relays } }',
      'partition: { flap: { between: [clients, relays], period: 10 s, duty: 30 % } }', 'partition: { swizzle: relays }',
      'partition: { slow: { between: [clients, relays], factor: 10, plus: 1 s } }',
      'partition: { jam: { between: [clients, relays], stall: { uniform: [1 s, 9 s] } } }',
      'crash: relay-1', 'crash-at-write: { who: relays, write: 3 }', 'pause: client-2', 'disk: { error: relay-1 }', 'disk: { full: relays }',
      'disk: { slow: { who: relays, factor: 100 } }', 'disk: { lose-unsynced: client-1 }', 'disk: { torn: relay-1 }',
      'disk: { bit-flip: relay-1 }', 'disk: { wipe: relay-1 }', 'disk: { roll-back: relay-1 }',
      'clock: { jump: { who: clients, by: -1 h } }', 'clock: { drift: { who: all, by: 500 ppm } }',
      ...['lie', 'withhold', 'replay', 'delete', 'reorder', 'quota', 'wipe'].map(misdeed => `relay: { ${misdeed}: relay-2 }`)
    ]
    const text = `${base}timeline:\n${faults.map(fault => `  - { at: 1 min, for: 2 min, ${fault} }\n`).join('')}`
    assert.deepEqual(problemsOf(text), [])
    assert.equal(load(text).timeline.length, faults.length)
  })

  for (const [what, more, expected] of [
    ['an unknown field', 'timline: []\n', "5:1 timline: there is no field 'timline' here. Perhaps 'timeline'?"],
    ['a word that is none', 'timeline:\n  - { at: 0, for: 1 s, partition: halfs }\n', "6:35 timeline[0].partition: 'halfs' is none of halves, bridge, ring, swizzle. Perhaps 'halves'?"],
    ['a fault that is none', 'timeline:\n  - at: 0\n    for: 1 s\n    crsh: relay-1\n', "8:5 timeline[0].crsh: there is no field 'crsh' here. Perhaps 'crash'?"],
    ['a duration without unit', 'settle: 10\n', "5:9 settle: 10 is not a duration such as '10 min', '3 weeks' or '250 ms'. It needs a unit: '10 s'?"],
    ['a duration of an unknown unit', 'settle: 10 minuets\n', "5:9 settle: '10 minuets' is not a duration such as '10 min', '3 weeks' or '250 ms'."],
    ['a node that is not there', 'timeline:\n  - { at: 0, for: 1 s, crash: relay-4 }\n', "6:31 timeline[0].crash: there is no node, group or region 'relay-4'. Perhaps 'relay-1'?"],
    ['an entry without fault', 'timeline:\n  - { at: 0, for: 1 s }\n', '6:5 timeline[0]: an entry has one fault, and this one has no fault. There are: partition, crash, crash-at-write, pause, disk, clock, relay.'],
    ['an entry with two', 'timeline:\n  - { at: 0, for: 1 s, crash: relay-1, pause: relay-1 }\n', '6:5 timeline[0]: an entry has one fault, and this one has 2 faults (crash, pause). There are: partition, crash, crash-at-write, pause, disk, clock, relay.'],
    ['an entry without end', 'timeline:\n  - { at: 0, crash: relay-1 }\n', "6:5 timeline[0]: needs the field 'for'. How long it lasts: '10 min', or forever."],
    ['rounds that overlap', 'timeline:\n  - { at: 0, for: 2 min, every: 1 min, crash: relay-1 }\n', '6:33 timeline[0].every: it begins again before it has ended: it must be longer than `for`.'],
    ['a client that should misbehave as a relay', 'timeline:\n  - { at: 0, for: 1 s, relay: { lie: client-1 } }\n', "6:38 timeline[0].relay.lie: 'client-1' is no relay, and only relays can be meant here."],
    ['a fault after the end', 'timeline:\n  - { at: 2 h, for: 1 s, crash: relay-1 }\n', '6:11 timeline[0].at: it begins after the end of the scenario.'],
    ['a share of more than all', 'links: { loss: 120 % }\n', "5:16 links.loss: '120 %' is not a share such as '1 %' or 0.01."],
    ['two kinds of latency', 'links: { latency: { uniform: [1 ms, 2 ms], exponential: 3 ms } }\n', '5:19 links.latency: takes one of uniform, normal, lognormal, pareto, exponential, weibull, empirical, and has more than one.'],
    ['a client that should lose its memory', 'timeline:\n  - { at: 0, for: 1 s, disk: { wipe: client-1 } }\n', "6:38 timeline[0].disk.wipe: 'client-1' is no relay, and only relays can be meant here."],
    ['dials that fail on one link only', 'links: { between: [clients, relays], dial-failure: 1 % }\n', '5:52 links.dial-failure: can only be said of all links together.'],
    ['an expectation that is none', 'expect: { duplicate: 0 }\n', "5:11 expect.duplicate: there is no field 'duplicate' here. Perhaps 'duplicates'?"],
    ['an expectation without unit', "expect: { delivery_p99: '< 30' }\n", "5:25 expect.delivery_p99: '< 30' is no duration. For example: '< 30 s'."],
    ['a file that is not there', 'topology: { file: nowhere.csv, of: nodes }\n', "5:19 topology.file: 'nowhere.csv' can't be read: there is no such file."],
    ['a key given twice', 'name: Once more\n', '5:1 : Map keys must be unique']
  ] as const) {
    it(`says where and what is wrong with ${what}`, () => { assert.equal(problemOf(more), expected) })
  }

  it('says where a region is missing, unknown, or taken for a group', () => {
    const regions = 'name: X\nduration: 1 h\nregions: [north, south]\nworkload: { rate: 1 / h }\n'
    const told = (nodes: string): string[] => problemsOf(`${regions}nodes: ${nodes}\n`).map(({ column, field, message, hint }) => `${column} ${field}: ${message} ${hint ?? ''}`)
    assert.deepEqual(told('{ clients: 4 }'),
      ["19 nodes.clients: needs a 'region', as the scenario has regions. Write groups: [{ name: client, count: 4, region: … }]."])
    assert.deepEqual(told('{ clients: [{ name: people, count: 2, region: nort }] }'),
      ["54 nodes.clients[0].region: there is no region 'nort'. Perhaps 'north'?"])
    assert.match(told('{ clients: [{ name: south, count: 2, region: north }] }').join(), /the name 'south' is taken/)
  })

  it('is told all that is wrong with it at once, in the order of the file', () => {
    const problems = problemsOf('name: X\nduration: 1\nnodes: { clients: none }\nworkload: {}\nseed: 1.5\n')
    assert.deepEqual(problems.map(({ line, field }) => `${line} ${field}`), ['2 duration', '3 nodes.clients', '5 seed'])
    assert.deepEqual(problemsOf('name: X\n').map(({ message }) => message),
      ['duration', 'nodes', 'workload'].map(name => `needs the field '${name}'.`))
    assert.deepEqual(problemsOf('').map(({ message }) => message), ['nothing is not a mapping.'])
    assert.deepEqual(problemsOf('a: [1\n').length, 1)
  })

  it('is refused with the reason where it uses what the messenger does not have yet', () => {
    for (const [word, { place, lacks }] of Object.entries(futureWords)) {
      const text = {
        links: `${base}links: { ${word}: 1 % }\n`,
        workload: base.replace(/workload:.*/, `workload:\n  rate: 1 / h\n  ${word}: 3`),
        timeline: `${base}timeline:\n  - { at: 0, for: 1 s, ${word}: 3 }`
      }[place]
      const [problem, ...others] = problemsOf(text)
      assert.deepEqual(others, [])
      assert.ok(problem !== undefined && problem.line > 3)
      assert.ok(problem.message.endsWith(`${lacks}.`), problem.message)
    }
  })

  it('reads the CSV files beside it, and names the line that is wrong', () => {
    const files: Record<string, string> = {
      'rtt.csv': '# ms\n40 ms,3\n80 ms\n', 'trace.csv': 'time,node,state\n5 min,client-1,down\n10 min,client-1,up\n',
      'edges.csv': 'from,to\nclient-1,relay-1\nrelay-1,relay-2\n', 'broken.csv': '5 min,client-1,asleep\n'
    }
    const readFile = (name: string): string => files[name] ?? ''
    const scenario = load(`${base}links: { latency: { empirical: rtt.csv } }\nchurn: { trace: trace.csv }\ntopology: { file: edges.csv }\n`, { readFile })
    assert.deepEqual(scenario.links[0]?.properties.latency, { kind: 'empirical', values: [40, 80], upTo: [3, 4] })
    assert.deepEqual(scenario.churn, [{
      kind: 'trace', changes: [{ atMs: 300_000, node: 'client-1', isUp: false }, { atMs: 600_000, node: 'client-1', isUp: true }]
    }])
    assert.deepEqual(scenario.topology, { kind: 'edges', edges: [['client-1', 'relay-1'], ['relay-1', 'relay-2']], of: 'nodes' })
    assert.match(problemOf('churn: { trace: broken.csv }\n', { readFile }), /^5:17 churn\.trace: 'broken\.csv', line 1: /)
  })

  it('takes other values from a sweep, held against the schema like its own', () => {
    const overrides = [{ field: 'loss', value: '0.1' }, { field: 'nodes.clients', value: '6' }, { field: 'timeline.0.for', value: '2 min' }]
    const scenario = load(`${base}timeline:\n  - { at: 0, for: 1 s, crash: relay-1 }\n`, { overrides })
    assert.equal(scenario.links[0]?.properties.loss, 0.1)
    assert.equal(scenario.groups[0]?.count, 6)
    assert.equal(scenario.timeline[0]?.forMs, 120_000)
    assert.match(problemOf('', { overrides: [{ field: 'loss', value: 'much' }] }), /links\.loss: 'much' is not a share/)
    assert.match(problemOf('', { overrides: [{ field: 'colour', value: 'red' }] }), /there is no field 'colour' here/)
  })

  it('survives anything that YAML can say', () => {
    const hostile = ['[]', '"x"', '1', 'null', '{__proto__: {name: x}}', 'a: &a [*a]', `x: &a [1]\ny: [${'*a,'.repeat(200)}]`,
      `${base}nodes: !!set {a}\n`, `${base}timeline: { at: 0 }\n`, `${base}timeline: [null, 1, [[]]]\n`, '\u0000', '- - - - -', '? {a: b}\n: c']
    for (const text of hostile) assert.ok(problemsOf(text).length > 0, text)
  })
})
