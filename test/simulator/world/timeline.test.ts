/** Virtual time: the order of events, clocks that are wrong, and what a life leaves behind. */
import assert from 'node:assert/strict'
import { asTask } from './microtasks.ts'
import { NodeClock } from './node-clock.ts'
import { Timeline, type Life } from './timeline.ts'

function lifeOf (node: string): Life { return { node, number: 1, isAlive: true, isPaused: false, timers: 0 } }

describe('virtual time', () => {
  it('runs events by their time, and those of one time in the order in which they were asked for', async () => {
    const timeline = new Timeline()
    const ran: string[] = []
    for (const [ms, name] of [[5, 'c'], [1, 'a'], [5, 'd'], [3, 'b'], [50, 'never']] as const) {
      timeline.in(ms, name, () => { ran.push(name) })
    }
    await asTask(() => { timeline.runUntil(10) })
    assert.deepEqual(ran, ['a', 'b', 'c', 'd'])
    assert.equal(timeline.nowMs, 10)
  })

  it('leaves no reaction of a promise over, however deep, when the next event begins', async () => {
    const timeline = new Timeline()
    const ran: string[] = []
    const deep = async (depth: number): Promise<void> => {
      if (depth > 0) await deep(depth - 1)
      else ran.push('the end of the first')
    }
    timeline.in(1, 'first', () => { void deep(500) })
    timeline.in(1, 'second', () => { ran.push('the second') })
    await asTask(() => { timeline.runUntil(2) })
    assert.deepEqual(ran, ['the end of the first', 'the second'])
  })

  it('drops what a life waited for when it ends, and holds it while it stands still', async () => {
    const timeline = new Timeline()
    const [killed, paused] = [lifeOf('killed'), lifeOf('paused')]
    const ran: string[] = []
    timeline.in(5, 'x', () => { ran.push('killed') }, killed)
    const cancelled = timeline.in(4, 'x', () => { ran.push('cancelled while held') }, paused)
    timeline.in(5, 'x', () => { ran.push(`paused at ${timeline.nowMs}`) }, paused)
    timeline.in(1, 'x', () => {
      killed.isAlive = false
      paused.isPaused = true
    })
    timeline.in(20, 'x', () => {
      timeline.cancel(cancelled)
      paused.isPaused = false
      timeline.release(paused)
    })
    await asTask(() => { timeline.runUntil(30) })
    assert.deepEqual(ran, ['paused at 20'])
  })

  it('gives each node a clock that is wrong, drifts and jumps, and one that never goes back', async () => {
    const timeline = new Timeline()
    const clock = new NodeClock(timeline, { epochMs: 1_000_000, skewMs: -500, drift: 0.01 })
    const life = lifeOf('node')
    const seen = clock.of(life)
    const fired: number[] = []
    seen.setTimer(1010, () => { fired.push(timeline.nowMs) })
    const cancelled = seen.setTimer(5, () => { fired.push(0) })
    assert.equal(life.timers, 2)
    cancelled.cancel()
    cancelled.cancel()
    await asTask(() => { timeline.runUntil(2000) })
    assert.deepEqual(fired, [1000], 'a clock that is fast wakes early')
    assert.equal(life.timers, 0)
    assert.equal(seen.now(), 1_000_000 + 2020 - 500)
    const before = seen.monotonic()
    clock.jump(-60_000)
    assert.equal(seen.now(), 1_000_000 + 2020 - 60_500)
    assert.equal(seen.monotonic(), before)
  })

  it('ends a world in which events make events without end', async () => {
    const timeline = new Timeline({ eventsMax: 1000 })
    const again = (): void => { timeline.in(0, 'again', again) }
    again()
    await assert.rejects(asTask(() => { timeline.runUntil(1) }), /More than 1000 events/)
  })
})
