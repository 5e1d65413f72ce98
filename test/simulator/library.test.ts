/** Every scenario of the library is played, with less time and fewer people where it is large, and does what it expects. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { libraryNames, readScenario } from './command/files.ts'
import { perform, planOf, wholeRun } from './command/perform.ts'
import type { RunRequest } from './command/perform.ts'

interface Shorter { scale?: number, values?: Record<string, string> }

/** What makes a run of it last a second or two. Faults and expectations stay. */
const shorter: Record<string, Shorter> = {
  bridge: { values: { duration: '6 min', 'nodes.clients': '4', 'workload.rate': '2 / min', 'timeline.0.at': '1 min', 'timeline.0.for': '2 min' } },
  censor: {
    values: {
      duration: '7 min', 'nodes.clients.0.count': '2', 'nodes.clients.1.count': '2', 'workload.rate': '2 / min',
      ...Object.fromEntries([0, 1, 2].flatMap(at => [[`timeline.${at}.at`, '1 min'], [`timeline.${at}.for`, '3 min']]))
    }
  },
  complete: { values: { duration: '12 min', 'nodes.clients': '6', 'timeline.0.at': '1 min', 'timeline.0.for': '4 min', 'timeline.1.at': '7 min', 'timeline.1.for': '2 min' } },
  'dishonest-relay': {
    values: {
      duration: '4 min', 'nodes.clients.0.count': '2', 'workload.rate': '4 / min',
      ...Object.fromEntries([0, 1, 2, 3, 4, 5].flatMap(at => [[`timeline.${at}.at`, `${20 + 30 * at} s`], ...(at < 5 ? [[`timeline.${at}.for`, '25 s']] : [])]))
    }
  },
  festival: {
    scale: 0.002,
    values: {
      duration: '4 min', 'workload.0.rate': '1 / min', 'workload.1.from': '1 min', 'workload.1.until': '2 min', 'timeline.0.at': '40 s', 'timeline.0.for': '2 min',
      'timeline.1.at': '50 s', 'timeline.1.for': '100 s'
    }
  },
  flapping: { values: { duration: '6 min', 'nodes.clients.0.count': '2', 'workload.rate': '2 / min', 'timeline.0.at': '1 min', 'timeline.0.for': '4 min' } },
  'lossy-mobile': { values: { duration: '4 min', 'nodes.clients.0.count': '3', 'workload.rate': '4 / min', churn: '{ who: phone, up: { exponential: 1 min }, down: { weibull: { scale: 20 s, shape: 0.7 } } }', 'timeline.0.at': '1 min', 'timeline.0.for': '1 min' } },
  'one-way': { values: { duration: '4 min', 'nodes.clients.0.count': '2', 'workload.rate': '4 / min', 'timeline.0.at': '1 min', 'timeline.0.for': '2 min' } },
  partial: { values: { duration: '3 min', 'nodes.clients.0.count': '2', 'nodes.clients.1.count': '1', 'workload.rate': '4 / min', 'timeline.0.at': '30 s', 'timeline.0.for': '90 s' } },
  'relay-vanishes': { values: { duration: '30 min', 'nodes.clients': '5', 'timeline.0.at': '10 min', churn: '{ who: clients, up: { exponential: 6 min }, down: { exponential: 3 min } }' } },
  ring: { values: { duration: '10 min', 'nodes.clients': '4', 'workload.rate': '1 / min', 'timeline.0.at': '1 min', 'timeline.0.for': '4 min' } },
  ship: {
    values: {
      duration: '40 min', settle: '10 min', 'nodes.clients.0.count': '2', 'nodes.clients.1.count': '2', 'workload.0.pairs.list': '[[sailor-1, family-1], [sailor-2, family-2]]', 'workload.0.rate': '20 / h', 'workload.1.rate': '20 / h',
      'timeline.0.for': '18 min', 'timeline.0.every': '20 min'
    }
  },
  'slow-disks': {
    values: {
      duration: '4 min', 'nodes.clients.0.count': '2', 'workload.rate': '6 / min', 'timeline.0.at': '20 s', 'timeline.0.for': '40 s', 'timeline.1.at': '80 s', 'timeline.1.for': '30 s',
      'timeline.2.at': '2 min', 'timeline.2.for': '20 s', 'timeline.3.at': '160 s', 'timeline.3.for': '20 s'
    }
  },
  village: {
    values: {
      duration: '3 h', settle: '20 min', 'nodes.clients.0.count': '2', 'nodes.clients.1.count': '2', 'workload.0.rate': '4 / h', 'workload.1.rate': '6 / h', 'timeline.0.at': '30 min', 'timeline.0.for': '90 min'
    }
  },
  'wrong-clocks': { values: { 'nodes.clients': '4', 'workload.rate': '10 / h' } }
}

const requestOf = (name: string, seed: number): RunRequest => {
  const { scale = 1, values = {} } = shorter[name] ?? {}
  const overrides = Object.entries(values).map(([field, value]) => ({ field, value }))
  return { ...wholeRun, version: '0', seed, overrides, scale, scenario: readScenario(name, overrides) }
}

describe('the library of scenarios', function () {
  this.timeout(120_000)
  const names = libraryNames()

  it('has the partitions of the literature, and stories from life', () => {
    const wanted = ['complete', 'partial', 'one-way', 'bridge', 'ring', 'flapping', 'village', 'relay-vanishes', 'censor', 'festival', 'ship', 'slow-disks', 'wrong-clocks', 'lossy-mobile']
    assert.deepEqual(wanted.filter(name => !names.includes(name)), [])
    assert.deepEqual(Object.keys(shorter).filter(name => !names.includes(name)), [], 'a shorter form of what is not there')
  })

  it('says of each what it is for, names its schema for editors, and expects something', () => {
    for (const name of names) {
      const text = readFileSync(join(import.meta.dirname, 'scenarios', `${name}.yaml`), 'utf8')
      assert.ok(text.startsWith('# yaml-language-server: $schema=../scenario/schema.json\n'), name)
      const { scenario } = planOf({ ...requestOf(name, 1), overrides: [], scale: name === 'festival' ? 0.02 : 1 })
      assert.ok(scenario.about.length > 100 && scenario.expect.length >= 3, name)
    }
  })

  it('has a plan for any seed, with faults in it', () => {
    for (const name of names) {
      for (const seed of [1, 2, 3]) {
        const { plan } = planOf({ ...requestOf(name, seed), overrides: [], scale: name === 'festival' ? 0.02 : 1 })
        assert.ok(plan.windows.length > 0 && plan.messages.length > 20, `${name}, seed ${seed}`)
      }
    }
  })

  for (const name of names) {
    it(`does what it expects: ${name}`, async () => {
      const { record, verdicts, measures } = await perform(requestOf(name, 1))
      const failed = verdicts.filter(({ isMet }) => !isMet)
        .map(verdict => `${verdict.name}: ${verdict.actual}, expected ${verdict.expected}`)
      assert.deepEqual([...failed, ...record.violations.map(({ invariant, text }) => `${invariant}: ${text}`)], [])
      assert.ok(measures.sent >= 5, `${measures.sent} messages show nothing`)
    })
  }
})
