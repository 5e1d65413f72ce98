/**
 * A disk that may be cut off at any write: batches come into a log in the page cache, a sync makes
 * durable what its file holds so far, and a power cut takes any suffix of what was not synced.
 *
 * A batch is whole or not there: LevelDB drops a torn tail when it opens, so that a tear is seen
 * as the loss of the batch that was under way. When the log changes files, the old one's unsynced
 * end is not covered by later syncs, until what it held is written to a table: a later, synced
 * batch may then survive an earlier one. Not here: keys and values of any program.
 */
import type { Chance } from './chance.ts'
import { drawMs, type Distribution } from './distributions.ts'
import { Image, textOf, type Operation } from './image.ts'
import type { Life, Timeline } from './timeline.ts'

export interface DiskOptions {
  /** How long a write that is synced takes. */
  sync: Distribution
  /** How long a write into the cache takes. */
  write: Distribution
  /** Undefined: a read is done before any other event. */
  read: Distribution | undefined
  /** Batches in one file of the log. */
  batchesPerFile: number
}

const diskDefault: DiskOptions = {
  sync: { kind: 'uniform', fromMs: 0.4, toMs: 3 },
  write: { kind: 'constant', ms: 0.05 },
  read: undefined,
  batchesPerFile: 1000
}

/** When in a write the power goes: before it came to the disk, while it is under way, once it is there. */
export type CrashMoment = 'before' | 'during' | 'after'

/** What the disk does wrong now. */
export interface DiskFaults {
  /** Every write and its sync fail, as with EIO. */
  writesFail: boolean
  /** What would make it larger fails, as with ENOSPC. */
  isFull: boolean
  readsFail: boolean
  /** How many times as long everything takes. */
  slowness: number
}

interface Logged { operations: Operation[], file: number, isDurable: boolean }

/** Values of at least so many bytes hold an envelope, whose last bytes name it. */
const envelopeBytesMin = 900
const tailBytes = 16

/** The last bytes of what was sealed: its tag, which no other has. */
export function tailOf (bytes: Uint8Array): string { return textOf(bytes.subarray(-tailBytes)) }

export class Disk {
  readonly node: string
  readonly faults: DiskFaults = { writesFail: false, isFull: false, readsFail: false, slowness: 1 }
  readonly #timeline: Timeline
  readonly #chance: Chance
  readonly #options: DiskOptions
  /** What programs read. */
  #live: Image
  /** What is certainly there after a power cut, without what the log holds. */
  #base: Image
  #log: Logged[] = []
  #underWay: Array<Logged & { moment: CrashMoment | undefined }> = []
  #file = 0
  #batchesInFile = 0
  #vault: Uint8Array | undefined
  #vaultUnderWay: Uint8Array | undefined
  /** Somebody asks what is durable. Before that nobody counts it. */
  #isAskedForTails = false
  /** Tails of the envelopes that are durable, each with the number of its places. */
  readonly #durableTails = new Map<string, number>()
  readonly #tailOfKey = new Map<string, string>()
  /** Batches since the world began. */
  writes = 0
  /** Asked at each batch; the answer makes the node lose power at that moment of it. */
  crashesAt: ((write: number) => CrashMoment | undefined) | undefined
  /** Called at such a moment. */
  onCrashPoint: (() => void) | undefined
  /** Every batch in order, where somebody wants to open the disk at each of them. */
  history: Operation[][] | undefined

  constructor (timeline: Timeline, options: { node: string, chance: Chance, image?: Image, vault?: Uint8Array } & Partial<DiskOptions>) {
    this.node = options.node
    this.#timeline = timeline
    this.#chance = options.chance
    this.#options = { ...diskDefault, ...options }
    this.#base = options.image?.copy() ?? new Image()
    this.#live = this.#base.copy()
    this.#vault = options.vault
  }

  // -- what programs do

  get image (): Image { return this.#live }
  get vault (): Uint8Array | undefined { return this.#vault }

  async read<T> (life: Life, run: () => T): Promise<T> {
    const { read } = this.#options
    if (read === undefined && this.faults.slowness === 1) {
      if (!life.isAlive) return await never()
      this.#assertReadable()
      return run()
    }
    const delay = drawMs(read ?? diskDefault.write, this.#chance) * this.faults.slowness
    return await this.#later(life, delay, 'read', () => {
      this.#assertReadable()
      return run()
    })
  }

  async write (life: Life, operations: Operation[], sync: boolean): Promise<void> {
    if (!life.isAlive) return await never()
    const number = ++this.writes
    this.history?.push(operations)
    for (const operation of operations) if (operation.type === 'put') this.#timeline.trace.bytes(operation.value)
    const moment = this.crashesAt?.(number)
    if (moment === 'before') {
      this.onCrashPoint?.()
      return await never()
    }
    const entry = { operations, file: this.#file, isDurable: false, moment }
    const failure = this.#refusal(operations)
    if (failure === undefined) this.#underWay.push(entry)
    if (moment === 'during') {
      this.onCrashPoint?.()
      return await never()
    }
    const delay = drawMs(sync ? this.#options.sync : this.#options.write, this.#chance) * this.faults.slowness
    await this.#later(life, delay, sync ? 'synced' : 'written', () => {
      if (failure !== undefined) throw failure
      this.#underWay.splice(this.#underWay.indexOf(entry), 1)
      this.#written(entry, sync)
      if (moment === 'after') this.onCrashPoint?.()
    })
  }

  /** Atomic, as a rename is, and durable when it resolves. */
  async replaceVault (life: Life, content: Uint8Array): Promise<void> {
    if (!life.isAlive) return await never()
    const copy = content.slice()
    this.#vaultUnderWay = copy
    await this.#later(life, drawMs(this.#options.sync, this.#chance) * this.faults.slowness, 'vault', () => {
      if (this.faults.writesFail) throw diskError('EIO')
      this.#vault = copy
      this.#vaultUnderWay = undefined
    })
  }

  // -- what happens to it

  /** A program opens the database: the log that it finds is written to a table before anything else. */
  opened (): void { this.#flush() }

  /** The program is gone, the system is not: what was written into the cache stays there. */
  programEnded (): void { this.#settle(() => true) }

  /** What was not synced is lost from any point on; what was under way came to the disk or did not. */
  powerLost (): void {
    const keptUpTo = new Map<number, number>()
    const unsynced = new Map<number, number>()
    for (const entry of this.#log) if (!entry.isDurable) unsynced.set(entry.file, (unsynced.get(entry.file) ?? 0) + 1)
    for (const [file, count] of unsynced) keptUpTo.set(file, this.#chance.below(count + 1))
    const seen = new Map<number, number>()
    const lostIn = new Set<number>()
    this.#log = this.#log.filter(entry => {
      if (entry.isDurable) return true
      const place = seen.get(entry.file) ?? 0
      seen.set(entry.file, place + 1)
      const isKept = place < keptUpTo.get(entry.file)!
      if (!isKept) lostIn.add(entry.file)
      return isKept
    })
    this.#settle(entry => !lostIn.has(entry.file))
    this.#flush()
    this.#live = this.#base.copy()
  }

  /** The medium is replaced by an empty one. */
  wipe (): void { this.restore({ image: new Image(), vault: undefined }) }

  /** A copy, as a backup is one. */
  snapshot (): { image: Image, vault: Uint8Array | undefined } {
    return { image: this.#live.copy(), vault: this.#vault }
  }

  restore ({ image, vault }: { image: Image, vault: Uint8Array | undefined }): void {
    this.#base = image.copy()
    this.#live = image.copy()
    this.#log = []
    this.#underWay = []
    this.#vault = vault
    this.#vaultUnderWay = undefined
    this.#noteAll()
  }

  /** One bit of one stored value is another from now on. False: there is nothing stored. */
  flipBit (): boolean {
    const keys = this.#live.keys()
    if (keys.length === 0) return false
    const key = this.#chance.pick(keys)
    const value = this.#live.get(key)!.slice()
    if (value.length === 0) return false
    value[this.#chance.below(value.length)]! ^= 1 << this.#chance.below(8)
    const operation: Operation = { type: 'put', key, value }
    this.#live.apply([operation])
    this.#base.apply([operation])
    return true
  }

  /** Whether an envelope with this tail survives a power cut now. */
  isDurable (tail: string): boolean {
    if (!this.#isAskedForTails) {
      this.#isAskedForTails = true
      this.#noteAll()
    }
    return this.#durableTails.has(tail)
  }

  // -- pieces

  #refusal (operations: Operation[]): Error | undefined {
    if (this.faults.writesFail) return diskError('EIO')
    const grows = operations.some(operation => operation.type === 'put' && !this.#live.has(operation.key))
    return this.faults.isFull && grows ? diskError('ENOSPC') : undefined
  }

  #assertReadable (): void { if (this.faults.readsFail) throw diskError('EIO') }

  async #later<T> (life: Life, delayMs: number, what: string, run: () => T): Promise<T> {
    if (!life.isAlive) return await never()
    return await new Promise<T>((resolve, reject) => {
      this.#timeline.in(delayMs, `${what} ${this.node}`, () => {
        try {
          const result = run()
          if (life.isAlive) resolve(result)
        } catch (error) {
          reject(error instanceof Error ? error : diskError('EIO'))
        }
      }, life)
    })
  }

  #written (entry: Logged, sync: boolean): void {
    this.#live.apply(entry.operations)
    this.#log.push(entry)
    if (sync) {
      for (const one of this.#log) if (one.file === entry.file) this.#markDurable(one)
      this.#fold()
    }
    if (++this.#batchesInFile < this.#options.batchesPerFile) return
    this.#batchesInFile = 0
    this.#file++
    // The file before the last one is in a table by now.
    for (const one of this.#log) if (one.file < this.#file - 1) this.#markDurable(one)
    this.#fold()
  }

  #settle (isKept: (entry: Logged) => boolean): void {
    for (const entry of this.#underWay) {
      // Had one before it been lost, so would this one be: they lie in one file one after another.
      if (!isKept(entry) || !this.#chance.happens(0.5)) break
      this.#live.apply(entry.operations)
      this.#log.push(entry)
    }
    this.#underWay = []
    if (this.#vaultUnderWay !== undefined && this.#chance.happens(0.5)) this.#vault = this.#vaultUnderWay
    this.#vaultUnderWay = undefined
  }

  #flush (): void {
    for (const entry of this.#log) this.#markDurable(entry)
    this.#fold()
  }

  #markDurable (entry: Logged): void {
    if (entry.isDurable) return
    entry.isDurable = true
    if (this.#isAskedForTails) for (const operation of entry.operations) this.#note(operation)
  }

  /** The durable beginning of the log becomes the base: the order of operations stays. */
  #fold (): void {
    let count = 0
    while (this.#log[count]?.isDurable === true) this.#base.apply(this.#log[count++]!.operations)
    if (count > 0) this.#log.splice(0, count)
  }

  #note (operation: Operation): void {
    const before = this.#tailOfKey.get(operation.key)
    if (before !== undefined) {
      const left = this.#durableTails.get(before)! - 1
      if (left === 0) this.#durableTails.delete(before)
      else this.#durableTails.set(before, left)
      this.#tailOfKey.delete(operation.key)
    }
    if (operation.type === 'del' || operation.value.length < envelopeBytesMin) return
    const tail = tailOf(operation.value)
    this.#durableTails.set(tail, (this.#durableTails.get(tail) ?? 0) + 1)
    this.#tailOfKey.set(operation.key, tail)
  }

  #noteAll (): void {
    this.#durableTails.clear()
    this.#tailOfKey.clear()
    if (!this.#isAskedForTails) return
    for (const [key, value] of this.#base.entries()) this.#note({ type: 'put', key, value })
    for (const entry of this.#log) if (entry.isDurable) for (const operation of entry.operations) this.#note(operation)
  }
}

/** What a program that has ended waits for. */
async function never<T> (): Promise<T> { return await new Promise<T>(() => {}) }

function diskError (code: 'EIO' | 'ENOSPC'): Error { return Object.assign(new Error(`disk: ${code}`), { code }) }
