/**
 * The store on disk when its process is killed, when the power is cut, when the disk fails. In real
 * processes on real files; the power cut and the failures by a preloaded library (power-cut.c).
 */
import assert from 'node:assert/strict'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import {
  depositAt, envelopeOf, idOf, numbersIn, roomyLimits, setClock
} from '../../contracts/mailbox-store-bed.ts'
import { seededRandom } from '../../support/seeded-random.ts'
import { storeIn, temporaryFolder } from './places.ts'

const seed = process.env['RESTANTE_SEED'] ?? '1'
const hasCompiler = process.platform === 'linux' && spawnSync('cc', ['--version']).status === 0
const mustCompile = process.env['CI'] === 'true'

interface Run { stored: number[], acked: Set<number>, lines: string[] }

interface RunOptions {
  first?: number
  writers?: number
  mode?: 'synced' | 'unsynced'
  environment?: Record<string, string>
  /** Called once so many are stored; the process is killed when it is through, unless it says otherwise. */
  storedCount: number
  onStored?: () => 'kill' | 'let it end'
}

/** Lets a process write into the folder until it is killed, or ends. */
async function run (directory: string, options: RunOptions): Promise<Run> {
  const {
    first = 0, writers = 64, mode = 'synced', environment = {}, storedCount, onStored = () => 'kill'
  } = options
  const program = join(import.meta.dirname, 'writer.ts')
  const child = spawn(process.execPath, [
    '--no-warnings', program, directory, String(first), String(writers), mode
  ], {
    env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'inherit']
  })
  const outcome: Run = { stored: [], acked: new Set(), lines: [] }
  let rest = ''
  let isThrough = false
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const [word, number] = line.split(' ')
      if (word === 'stored') outcome.stored.push(Number(number))
      else if (word === 'acked') outcome.acked.add(Number(number))
      else outcome.lines.push(line)
    }
    if (outcome.stored.length >= storedCount && !isThrough) {
      isThrough = true
      if (onStored() === 'kill') child.kill('SIGKILL')
    }
  })
  const guard = setTimeout(() => child.kill('SIGKILL'), 60_000)
  await new Promise(resolve => child.on('close', resolve))
  clearTimeout(guard)
  assert.ok(isThrough, `the process ended before it had stored ${storedCount}: ${outcome.lines.join(' ')}`)
  return outcome
}

/** What is there, after checking that the counters agree with it and that nothing is there twice. */
async function waitingIn (directory: string): Promise<Set<number>> {
  const store = storeIn(directory, setClock(), roomyLimits)
  await store.open()
  try {
    const numbers = await numbersIn(store, 'box')
    const waiting = new Set(numbers)
    assert.equal(waiting.size, numbers.length, 'an envelope is there twice')
    const counted = { envelopes: numbers.length, bytes: numbers.length * 1024 }
    const usage = await store.usage(idOf('box'))
    assert.deepEqual({ ...counted, addresses: usage.addresses }, usage)
    const { envelopes, bytes } = await store.stats()
    assert.deepEqual({ envelopes, bytes }, counted)
    return waiting
  } finally {
    await store.close()
  }
}

function lost ({ stored, acked }: Run, waiting: Set<number>): number[] {
  return stored.filter(number => !waiting.has(number) && !acked.has(number))
}

describe('the mailbox store on disk, killed', () => {
  it('has every acknowledged deposit, over and over', async function () {
    this.timeout(120_000)
    const { directory, remove } = temporaryFolder()
    const random = seededRandom(`kill ${seed}`)
    const acked = new Set<number>()
    const stored: number[] = []
    try {
      let first = 0
      for (let round = 0; round < 5; round++) {
        const storedCount = 50 + random.bytes(1)[0]! * 12
        const outcome = await run(directory, { first, storedCount })
        for (const number of outcome.acked) acked.add(number)
        stored.push(...outcome.stored)
        const waiting = await waitingIn(directory)
        const missing = lost({ stored, acked, lines: [] }, waiting)
        assert.deepEqual(
          missing, [], `seed ${seed}, round ${round}: ${missing.length} of ${stored.length} lost`
        )
        first += 1_000_000
      }
    } finally {
      remove()
    }
  })
})

describe('the mailbox store on disk, without power', function () {
  this.timeout(120_000)
  let library: { path: string, remove: () => void } | undefined

  before(function () {
    if (!hasCompiler && !mustCompile) {
      process.stderr.write('no C compiler: power cuts and failing disks are not emulated\n')
      this.skip()
    }
    const { directory, remove } = temporaryFolder()
    const path = join(directory, 'power-cut.so')
    library = { path, remove }
    const source = join(import.meta.dirname, 'power-cut.c')
    execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', path, source, '-ldl'])
  })

  after(() => { library?.remove() })

  async function inFolder (
    body: (directory: string, environment: Record<string, string>, fault: string) => Promise<void>
  ): Promise<void> {
    const { directory, remove } = temporaryFolder()
    const outside = temporaryFolder()
    const fault = join(outside.directory, 'fault')
    const environment = {
      LD_PRELOAD: library!.path, RESTANTE_SYNCED: join(outside.directory, 'synced'), RESTANTE_FAULT: fault
    }
    try {
      await body(directory, environment, fault)
    } finally {
      remove()
      outside.remove()
    }
  }

  /** What is in the folder before the process starts has been there long enough. */
  function settle (directory: string, syncedFile: string): void {
    const lines = readdirSync(directory).map(name => {
      const { ino, size } = statSync(join(directory, name))
      return `${ino} ${size} ${join(directory, name)}\n`
    })
    writeFileSync(syncedFile, lines.join(''))
  }

  /** Cuts every file back to what was synced of it; returns how many bytes that took. */
  function cutPower (directory: string, syncedFile: string): number {
    const syncedBytes = new Map<string, number>()
    for (const line of readFileSync(syncedFile, 'utf8').trim().split('\n')) {
      const [, inode, size, path] = /^(\d+) (\d+) (.*)$/.exec(line)!
      // The file that names the newest manifest is synced under another name and then moved.
      const name = path!.endsWith('.dbtmp') ? 'CURRENT' : basename(path!)
      syncedBytes.set(`${inode} ${name}`, Number(size))
    }
    let cutBytes = 0
    for (const name of readdirSync(directory)) {
      const path = join(directory, name)
      const { ino, size } = statSync(path)
      const kept = syncedBytes.get(`${ino} ${name}`) ?? 0
      if (size <= kept) continue
      truncateSync(path, kept)
      cutBytes += size - kept
    }
    return cutBytes
  }

  it('has every acknowledged deposit, over and over', async () => {
    await inFolder(async (directory, environment) => {
      const all: Run = { stored: [], acked: new Set(), lines: [] }
      for (let round = 0; round < 3; round++) {
        settle(directory, environment['RESTANTE_SYNCED']!)
        const outcome = await run(directory, { first: round * 1_000_000, storedCount: 1500, environment })
        cutPower(directory, environment['RESTANTE_SYNCED']!)
        all.stored.push(...outcome.stored)
        for (const number of outcome.acked) all.acked.add(number)
        const missing = lost(all, await waitingIn(directory))
        assert.deepEqual(missing, [], `round ${round}: ${missing.length} of ${all.stored.length} lost`)
      }
    })
  })

  it('would lose some if commits were not synced: the emulation bites', async () => {
    await inFolder(async (directory, environment) => {
      const outcome = await run(directory, { storedCount: 1500, mode: 'unsynced', environment })
      assert.ok(cutPower(directory, environment['RESTANTE_SYNCED']!) > 0)
      assert.ok(lost(outcome, await waitingIn(directory)).length > 0, 'nothing was lost')
    })
  })

  for (const [kind, title] of [['e', 'cannot sync'], ['n', 'is full']] as const) {
    it(`refuses what waits and what comes when the disk ${title}, and is whole when opened anew`, async () => {
      await inFolder(async (directory, environment, fault) => {
        const outcome = await run(directory, {
          storedCount: 500,
          environment,
          onStored: () => {
            writeFileSync(fault, kind)
            return 'let it end'
          }
        })
        const errors = outcome.lines.filter(line => line.startsWith('error '))
        assert.deepEqual([...new Set(errors)], ['error STORE_FAILED'])
        assert.ok(errors.length >= 64, 'every writer hears of it')
        assert.deepEqual(outcome.lines.slice(-2), ['refused 3', 'closed'])
        rmSync(fault)
        const waiting = await waitingIn(directory)
        assert.deepEqual(lost(outcome, waiting), [])
        const store = storeIn(directory, setClock(), roomyLimits)
        await store.open()
        assert.equal(await depositAt(store, 'door', envelopeOf(9_999_999, 1024)), 'stored')
        await store.close()
      })
    })
  }
})
