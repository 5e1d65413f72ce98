/** The disk: what survives what, and that nothing else does. */
import assert from 'node:assert/strict'
import { Chance } from './chance.ts'
import { Disk } from './disk.ts'
import type { Operation } from './image.ts'
import { asTask } from './microtasks.ts'
import { Timeline, type Life } from './timeline.ts'

const put = (key: string, byte = 1, length = 4): Operation => ({ type: 'put', key, value: new Uint8Array(length).fill(byte) })

function bed (seed: string, options: { batchesPerFile?: number } = {}) {
  const timeline = new Timeline()
  const disk = new Disk(timeline, { node: 'node', chance: new Chance(seed), ...options })
  const life: Life = { node: 'node', number: 1, isAlive: true, isPaused: false, timers: 0 }
  const settle = async (): Promise<void> => { await asTask(() => { timeline.runUntil(timeline.nowMs + 1000) }) }
  return { timeline, disk, life, settle }
}

describe('a disk', () => {
  it('keeps every prefix of what was not synced, and nothing but prefixes, when the power goes', async () => {
    const seen = new Set<string>()
    for (let i = 0; i < 60; i++) {
      const { disk, life, settle } = bed(`prefix ${i}`)
      void disk.write(life, [put('synced')], true)
      await settle()
      for (const key of ['a', 'b', 'c']) {
        void disk.write(life, [put(key)], false)
        await settle()
      }
      disk.powerLost()
      seen.add(disk.image.keys().join())
    }
    assert.deepEqual([...seen].sort(), ['a,b,c,synced', 'a,b,synced', 'a,synced', 'synced'])
  })

  it('keeps what was written when only the program ends, and the next opening makes it durable', async () => {
    for (let i = 0; i < 20; i++) {
      const { disk, life, settle } = bed(`killed ${i}`)
      void disk.write(life, [put('a')], false)
      await settle()
      disk.programEnded()
      assert.deepEqual(disk.image.keys(), ['a'])
      disk.opened()
      disk.powerLost()
      assert.deepEqual(disk.image.keys(), ['a'])
    }
  })

  it('may lose the unsynced end of a log file where a later, synced batch survives', async () => {
    const seen = new Set<string>()
    for (let i = 0; i < 40; i++) {
      const { disk, life, settle } = bed(`rotated ${i}`, { batchesPerFile: 2 })
      for (const key of ['earlier', 'early']) {
        void disk.write(life, [put(key)], false)
        await settle()
      }
      void disk.write(life, [put('late')], true)
      await settle()
      disk.powerLost()
      seen.add(disk.image.keys().join())
    }
    assert.deepEqual([...seen].sort(), ['earlier,early,late', 'earlier,late', 'late'])
  })

  it('has a batch that was under way as a whole or not at all', async () => {
    const seen = new Set<string>()
    for (let i = 0; i < 40; i++) {
      const { disk, life } = bed(`torn ${i}`)
      void disk.write(life, [put('x'), put('y')], true)
      disk.powerLost()
      seen.add(disk.image.keys().join())
    }
    assert.deepEqual([...seen].sort(), ['', 'x,y'])
  })

  it('takes the power at the write and moment that it is told', async () => {
    for (const [moment, kept] of [['before', ['a']], ['after', ['a', 'b']]] as const) {
      const { disk, life, settle } = bed(moment)
      disk.crashesAt = write => write === 2 ? moment : undefined
      disk.onCrashPoint = () => {
        life.isAlive = false
        disk.powerLost()
      }
      let answers = 0
      for (const key of ['a', 'b', 'c']) {
        void disk.write(life, [put(key)], true).then(() => { answers++ })
        await settle()
      }
      assert.deepEqual(disk.image.keys(), [...kept])
      assert.equal(answers, 1, 'a program that lost its power is answered no more')
    }
  })

  it('fails writes and reads, refuses to grow, and is slow, as long as it is told to', async () => {
    const { disk, life, settle, timeline } = bed('faults')
    const outcome = async (work: Promise<unknown>): Promise<string> => {
      const done = work.then(() => 'ok', (error: unknown) => (error as { code: string }).code)
      await settle()
      return await done
    }
    assert.equal(await outcome(disk.write(life, [put('a')], true)), 'ok')
    disk.faults.isFull = true
    assert.equal(await outcome(disk.write(life, [put('b')], true)), 'ENOSPC')
    assert.equal(await outcome(disk.write(life, [put('a', 2), { type: 'del', key: 'b' }], true)), 'ok')
    Object.assign(disk.faults, { isFull: false, writesFail: true })
    assert.equal(await outcome(disk.write(life, [put('c')], true)), 'EIO')
    Object.assign(disk.faults, { writesFail: false, readsFail: true })
    assert.equal(await outcome(disk.read(life, () => disk.image.size)), 'EIO')
    Object.assign(disk.faults, { readsFail: false, slowness: 100 })
    const began = timeline.nowMs
    let took = 0
    void disk.write(life, [put('d')], true).then(() => { took = timeline.nowMs - began })
    await settle()
    assert.ok(took >= 40, String(took))
    assert.deepEqual(disk.image.keys(), ['a', 'd'])
  })

  it('knows which envelopes a power cut would not take', async () => {
    const { disk, life, settle } = bed('tails')
    const tail = String.fromCharCode(...new Array<number>(16).fill(9))
    void disk.write(life, [put('p', 9, 1024)], false)
    await settle()
    assert.equal(disk.isDurable(tail), false)
    void disk.write(life, [put('q')], true)
    await settle()
    assert.equal(disk.isDurable(tail), true)
    void disk.write(life, [{ type: 'del', key: 'p' }], true)
    await settle()
    assert.equal(disk.isDurable(tail), false)
  })

  it('is empty after a wipe, as it was after a rollback, and one bit off after a flip', async () => {
    const { disk, life, settle } = bed('lost')
    void disk.write(life, [put('a')], true)
    await settle()
    const before = disk.snapshot()
    void disk.write(life, [put('b')], true)
    await settle()
    disk.restore(before)
    assert.deepEqual(disk.image.keys(), ['a'])
    assert.ok(disk.flipBit())
    const flipped = disk.image.get('a')!.reduce((bits, byte) => bits + (byte ^ 1).toString(2).replaceAll('0', '').length, 0)
    assert.equal(flipped, 1)
    disk.wipe()
    assert.equal(disk.image.size, 0)
    assert.equal(disk.flipBit(), false)
  })
})
