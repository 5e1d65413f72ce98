/** Connections between hosts: what arrives, what stalls, who learns that it is over. */
import assert from 'node:assert/strict'
import { codeOf } from '../../../protocol/errors.ts'
import { Chance } from './chance.ts'
import { Fabric, pathDefault, type Rule } from './fabric.ts'
import { asTask } from './microtasks.ts'
import { Timeline, type Life } from './timeline.ts'
import type { End, Path } from './wires.ts'

interface Heard { bytes: number[], drains: number, closed: string | undefined }

function hear (end: End): Heard {
  const heard: Heard = { bytes: [], drains: 0, closed: undefined }
  end.onBytes(bytes => { for (const byte of bytes) heard.bytes.push(byte) })
  end.onDrain(() => { heard.drains++ })
  end.onClose(error => { heard.closed = error?.message ?? 'cleanly' })
  return heard
}

async function bed (seed: string, path: Partial<Path> = {}) {
  const timeline = new Timeline()
  const fabric = new Fabric(timeline, new Chance(seed), () => ({ ...pathDefault, ...path }))
  const lives = ['a', 'b'].map((node): Life => {
    fabric.addHost(node)
    return { node, number: 1, isAlive: true, isPaused: false, timers: 0 }
  }) as [Life, Life]
  const accepted: End[] = []
  fabric.listen(lives[1], (_from, stream) => { accepted.push(stream) })
  const run = async (ms: number): Promise<void> => { await asTask(() => { timeline.runUntil(timeline.nowMs + ms) }) }
  const dial = async (): Promise<End> => {
    const dialled = fabric.dial(lives[0], 'b', 5_000)
    dialled.catch(() => {})
    await run(20_000)
    return await dialled
  }
  return { timeline, fabric, lives, accepted, run, dial }
}

const cut = (from: string, to: string): Rule => ({ blocks: (a, b) => a === from && b === to, isRefusing: false })

describe('a fabric', () => {
  it('delivers bytes whole and in order, through jitter, losses and slices', async () => {
    const { dial, accepted, run } = await bed('order', {
      jitter: { kind: 'uniform', fromMs: 0, toMs: 300 }, stallRate: 0.3, sliceRate: 0.5, bytesPerMs: 1
    })
    const a = await dial()
    const heard = hear(accepted[0]!)
    const sent = Array.from({ length: 500 }, (_, i) => i % 256)
    for (let at = 0; at < sent.length; at += 7) a.send(Uint8Array.from(sent.slice(at, at + 7)))
    await run(60_000)
    assert.deepEqual(heard.bytes, sent)
  })

  it('takes as long as latency and bandwidth say', async () => {
    const { dial, accepted, run, timeline } = await bed('time', { latency: { kind: 'constant', ms: 30 }, bytesPerMs: 10 })
    const a = await dial()
    let arrivedAt = 0
    accepted[0]!.onBytes(() => { arrivedAt = timeline.nowMs })
    const began = timeline.nowMs
    a.send(new Uint8Array(1000))
    await run(1_000)
    assert.equal(arrivedAt - began, 130)
  })

  it('stalls what is cut, delivers it after the heal, and times dials out meanwhile', async () => {
    const { fabric, dial, accepted, run } = await bed('stall')
    const a = await dial()
    const heard = hear(accepted[0]!)
    const rule = cut('a', 'b')
    fabric.cut(rule)
    a.send(Uint8Array.of(1, 2))
    await run(10_000)
    assert.deepEqual(heard.bytes, [])
    await assert.rejects(dial(), (error: unknown) => codeOf(error) === 'TIMED_OUT')
    fabric.heal(rule)
    await run(30_000)
    assert.deepEqual(heard.bytes, [1, 2])
    assert.equal(heard.closed, undefined)
  })

  it('refuses dials at once where a firewall answers, and where no program listens', async () => {
    const { fabric, dial } = await bed('refuse')
    const rule = { ...cut('b', 'a'), isRefusing: true }
    fabric.cut(rule)
    await assert.rejects(dial(), (error: unknown) => codeOf(error) === 'NO_ROUTE')
    fabric.heal(rule)
    fabric.programEnded('b')
    await assert.rejects(dial(), (error: unknown) => codeOf(error) === 'NO_ROUTE')
  })

  it('leaves a connection half open where one side lost power, until the other gives up or is told', async () => {
    const { fabric, dial, run } = await bed('half open')
    fabric.giveUpMs = 60_000
    const quiet = await dial()
    const asking = await dial()
    const [heardQuiet, heardAsking] = [hear(quiet), hear(asking)]
    fabric.powerLost('b')
    asking.send(Uint8Array.of(1))
    await run(59_000)
    assert.equal(heardAsking.closed, undefined)
    await run(2_000)
    assert.equal(heardAsking.closed, 'connection timed out')
    assert.equal(heardQuiet.closed, undefined, 'who asks nothing learns nothing')
    fabric.powerBack('b')
    quiet.send(Uint8Array.of(1))
    await run(1_000)
    assert.equal(heardQuiet.closed, 'connection reset by the other side')
  })

  it('ends a connection for both where a program is killed, and one-sidedly where word of it is cut', async () => {
    const { fabric, dial, run } = await bed('killed')
    const told = hear(await dial())
    fabric.programEnded('b')
    await run(100)
    assert.equal(told.closed, 'connection reset by the other side')
    const other = await bed('killed behind a cut')
    const untold = hear(await other.dial())
    other.fabric.cut(cut('b', 'a'))
    other.fabric.programEnded('b')
    await other.run(10_000)
    assert.equal(untold.closed, undefined)
  })

  it('gives up a sender that is heard and never hears so', async () => {
    const { fabric, dial, accepted, run } = await bed('one-way')
    fabric.giveUpMs = 30_000
    const a = await dial()
    const [mine, theirs] = [hear(a), hear(accepted[0]!)]
    fabric.cut(cut('b', 'a'))
    a.send(Uint8Array.of(7))
    await run(1_000)
    assert.deepEqual(theirs.bytes, [7])
    await run(40_000)
    assert.equal(mine.closed, 'connection timed out')
    assert.equal(theirs.closed, undefined)
  })

  it('pushes back on a sender whose reader pauses, and closes after what was sent', async () => {
    const { dial, accepted, run } = await bed('pause')
    const a = await dial()
    const [mine, theirs] = [hear(a), hear(accepted[0]!)]
    accepted[0]!.pause()
    assert.equal(a.send(new Uint8Array(300 * 1024)), false)
    await run(5_000)
    assert.deepEqual([theirs.bytes.length, mine.drains], [0, 0])
    accepted[0]!.resume()
    await run(1_000)
    assert.deepEqual([theirs.bytes.length, mine.drains], [300 * 1024, 1])
    a.send(Uint8Array.of(1))
    a.close()
    await run(1_000)
    assert.equal(theirs.bytes.length, 300 * 1024 + 1)
    assert.deepEqual([mine.closed, theirs.closed], ['cleanly', 'cleanly'])
  })

  it('lets what waits for the bandwidth delay what follows, and loses for a while what finds the queue full', async () => {
    const arrivals = async (queueBytes: number | undefined): Promise<number[]> => {
      const { fabric, dial, accepted, run } = await bed('queue')
      Object.assign(fabric.path('a', 'b'), { bytesPerMs: 10, queueBytes })
      const a = await dial()
      const theirs = hear(accepted[0]!)
      // 30 ms each.
      for (let i = 0; i < 4; i++) a.send(new Uint8Array(300))
      const counts: number[] = []
      for (let step = 0; step < 20; step++) {
        await run(30)
        counts.push(theirs.bytes.length / 300)
      }
      return counts
    }
    const free = await arrivals(undefined)
    assert.deepEqual(free.filter((count, i) => count !== free[i - 1]), [0, 1, 2, 3, 4])
    assert.deepEqual(await arrivals(1_200), free, 'room for all')
    const tight = await arrivals(600)
    // The third is lost, and is sent again after 200 ms; the fourth waits for it.
    assert.deepEqual([tight.lastIndexOf(2) - free.lastIndexOf(2) >= 4, tight.at(-1)], [true, 4], tight.join())
  })

  it('may leave a dial open at the far end alone', async () => {
    const { fabric, dial, accepted } = await bed('ghost')
    fabric.dialFaults.halfOpenRate = 1
    await assert.rejects(dial(), (error: unknown) => codeOf(error) === 'TIMED_OUT')
    assert.equal(accepted.length, 1)
    assert.equal(accepted[0]!.isClosed, false)
  })
})
