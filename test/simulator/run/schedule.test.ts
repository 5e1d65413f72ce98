/** Schedules: one seed is one world, parts can be left out, and the program as it is passes. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { smallTopology, topologyOf } from './established.ts'
import { explore } from './explore.ts'
import { faultKinds, planOf, type FaultKind } from './plan.ts'
import { reproLine, shrink } from './repro.ts'
import { runSchedule, type Outcome } from './schedule.ts'

const seeds = [1, 2, 3]

describe('a schedule', function () {
  this.timeout(60_000)

  function assertPasses (outcome: Outcome): void {
    assert.deepEqual(outcome.violations, [], reproLine(outcome.seed))
  }

  it('is the same twice, event by event, and another for another seed', async () => {
    const hashes = new Set<string>()
    for (const seed of seeds) {
      const [first, second] = [await runSchedule(seed), await runSchedule(seed)]
      assert.deepEqual([first.traceHash, first.events, first.virtualMs], [second.traceHash, second.events, second.virtualMs])
      assert.deepEqual(first.history, second.history)
      hashes.add(first.traceHash)
    }
    assert.equal(hashes.size, seeds.length)
  })

  it('is the same in another process', async () => {
    const script = join(import.meta.dirname, '../explore.ts')
    const { stdout } = await promisify(execFile)(process.execPath, [script, '--seed', '3'])
    const { traceHash } = await runSchedule(3)
    assert.match(stdout, new RegExp(`trace ${traceHash}, 0 violations`))
  })

  it('differs in its hash wherever one byte or one moment differs', async () => {
    const hashOf = async (bytes: number, atMs: number): Promise<string> => {
      const { traceHash } = await runSchedule(4, {
        topology: topologyOf(2, 1), kinds: [], bend: plan => { plan.sends = [{ atMs, from: 'client1', to: 'client2', bytes }] }
      })
      return traceHash
    }
    assert.equal(new Set([await hashOf(10, 1000), await hashOf(11, 1000), await hashOf(10, 1001)]).size, 3)
  })

  it('stays a plan of its own when kinds of faults, faults or messages are left out of it', async () => {
    const whole = planOf(5, { topology: smallTopology })
    const only = planOf(5, { topology: smallTopology, kinds: ['crash'] })
    assert.deepEqual(only.faults, whole.faults.filter(({ kind }) => kind === 'crash'))
    assert.deepEqual(only.sends, whole.sends)
    const less = await runSchedule(5, { withoutFaults: whole.faults.map((_, i) => i), withoutSends: [0] })
    assert.equal(less.history.filter(({ f }) => f === 'fault').length, 0)
    const inTime = less.history.filter(entry => entry.f === 'send' && entry.type === 'invoke' && entry.time <= whole.faultMs)
    assert.equal(inTime.length, whole.sends.length - 1)
    assertPasses(less)
  })

  it('draws every kind of fault in some seeds and leaves every kind out in others', () => {
    const counts = new Map<FaultKind, number>()
    for (let seed = 0; seed < 200; seed++) {
      for (const kind of new Set(planOf(seed, { topology: smallTopology }).faults.map(fault => fault.kind))) counts.set(kind, (counts.get(kind) ?? 0) + 1)
    }
    assert.equal(counts.size, faultKinds.length)
    for (const [kind, count] of counts) assert.ok(count > 20 && count < 150, `${kind}: ${count} of 200`)
  })

  it('passes with every checker, from the seeds of this run on', async () => {
    const firstSeed = Number(process.env.RESTANTE_SEED ?? 1)
    const { failures, schedules } = await explore({ firstSeed, schedulesMax: 6 })
    assert.deepEqual(failures, [])
    assert.equal(schedules, 6)
  })

  it('passes with real cryptography, and no secret leaves a client', async () => {
    for (const seed of [1, 2]) assertPasses(await runSchedule(seed, { suite: 'real', topology: topologyOf(2, 2), sendsMax: 6 }))
  })

  it('shrinks to the parts without which it would not fail', async () => {
    // The one fault that matters is a client that is gone for good, to whom the other still writes.
    const options = {
      topology: topologyOf(2, 1), kinds: ['clock', 'pause'] as FaultKind[],
      bend: (plan: { faults: unknown[] }) => { plan.faults.push({ kind: 'gone', node: 'client2', atMs: 2_000 }) }
    }
    const outcome = await runSchedule(6, options)
    const failed = { ...outcome, violations: [{ invariant: 'I10' as const, text: 'as if' }] }
    const smallest = await shrink(failed, options)
    assert.deepEqual([smallest.withoutFaults, smallest.withoutSends], [[], []], 'nothing is left out where nothing fails')
    assert.match(reproLine(6, { withoutFaults: [1, 2], withoutSends: [0], mutant: 'x' }), /--seed 6 --mutant x --without-faults 1,2 --without-sends 0$/)
  })
})
