/** What the world found in the relay, each as the smallest story in which it happens. */
import assert from 'node:assert/strict'
import { relayLimitsDefault } from '../../../relay/core/limits.ts'
import { nobleSuite } from '../../../protocol/suites/noble.ts'
import { asTask } from './microtasks.ts'
import type { Observer } from './observer.ts'
import { World } from './world.ts'

const observer: Observer = {
  life: () => {}, notified: () => {}, kept: () => {}, stored: () => {}, acked: () => {}, usage: () => {}, strayPage: () => {}, logged: () => {}
}

describe('a relay in the world', () => {
  it('sets no timer any more when it stops while it sweeps', async () => {
    const world = new World({ seed: 'sweep', suite: nobleSuite, observer })
    const relay = world.addRelay({ name: 'relay1' })
    let wasSweeping = false
    await asTask(() => {
      world.bootAll()
      world.timeline.runUntil(relayLimitsDefault.sweepIntervalMs - 1)
      // So slow that the sweep, which begins in a moment, is under way when the relay is told to stop.
      relay.machine.disk.faults.slowness = 20_000
      world.timeline.runUntil(relayLimitsDefault.sweepIntervalMs + 10)
      wasSweeping = relay.machine.life!.timers === 0
      void relay.core!.drain()
      world.timeline.runUntil(2 * relayLimitsDefault.sweepIntervalMs - 1)
    })
    assert.ok(wasSweeping)
    assert.equal(relay.machine.life!.timers, 0)
  })
})
