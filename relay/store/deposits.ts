/**
 * Deposits of one group: read together, decided in order, written in one batch. The hot path: one
 * look-up for all digests, one for the addresses and one for the mailboxes that are not in memory,
 * and no promise for a single deposit but its caller's.
 * Not here: who commits them when (commits.ts).
 */
import { equal } from '../../protocol/bytes.ts'
import type { StoreError } from '../../protocol/errors.ts'
import type { Clock } from '../../protocol/ports.ts'
import type { DepositRequest, DepositResult, MailboxLimits } from '../core/ports.ts'
import type { Cell, CellTable } from './cells.ts'
import type { Batch, Commits, Job, Stage } from './commits.ts'
import {
  decodeDeposited, digestKey, encodeDeposited, encodeOrder, encodeWaiting, orderKey, payloadKey,
  type AddressRecord, type DepositedRecord, type MailboxRecord, type Totals
} from './layout.ts'
import { instant, nameOf, refusalOf } from './rooms.ts'
import type { Database } from './tree.ts'

/** Deposits that wait for their commit, at most: beyond, the sender hears BUSY and memory stays bounded. */
const waitingDepositsMax = 4096
const waitingBytesMax = 8 * 1024 * 1024
/** Of one group, so that building its batch does not hold up the event loop for long. */
const groupDepositsMax = 1024
const groupBytesMax = 2 * 1024 * 1024

export interface DepositsOptions {
  db: Database
  commits: Commits
  clock: Clock
  sha256: (bytes: Uint8Array) => Uint8Array
  limits: MailboxLimits
  addresses: CellTable<AddressRecord>
  mailboxes: CellTable<MailboxRecord>
  totals: Cell<Totals> & { value: Totals }
}

interface Waiting extends DepositRequest {
  digest: Uint8Array
  digestName: string
  /** The same envelope, as found on disk. */
  known: DepositedRecord | undefined
  address: Cell<AddressRecord> | undefined
  mailbox: Cell<MailboxRecord> | undefined
  result: DepositResult | undefined
  resolve: (result: DepositResult) => void
  reject: (error: StoreError) => void
}

/** The store's deposits. */
export class Deposits {
  readonly #options: DepositsOptions
  readonly #recent = new RecentDigests()
  #gathering: Group | undefined
  #waitingCount = 0
  #waitingBytes = 0
  /** Stored since the store was opened. */
  storedCount = 0

  constructor (options: DepositsOptions) {
    this.#options = options
  }

  async deposit ({ addressHash, envelope }: DepositRequest): Promise<DepositResult> {
    this.#options.commits.assertSound()
    const waitingBytes = this.#waitingBytes + envelope.length
    const isBusy = this.#waitingCount >= waitingDepositsMax || waitingBytes > waitingBytesMax
    if (isBusy) return { status: 'refused', code: 'BUSY' }
    this.#waitingCount++
    this.#waitingBytes = waitingBytes
    const digest = digestKey(addressHash, this.#options.sha256(envelope))
    return await new Promise<DepositResult>((resolve, reject) => {
      this.#gather({
        addressHash, envelope, digest, digestName: nameOf(digest), known: undefined,
        address: undefined, mailbox: undefined, result: undefined, resolve, reject
      })
    })
  }

  /** A commit is through: what was decided three commits ago is found on disk by every read from now on. */
  committed (): void {
    this.#recent.age()
  }

  #gather (deposit: Waiting): void {
    if (this.#gathering?.isOpen !== true) {
      this.#gathering = new Group(this.#options, this.#recent, group => { this.#applied(group) })
      this.#options.commits.enqueue(this.#gathering)
    }
    this.#gathering.add(deposit)
  }

  #applied (group: Group): void {
    this.#waitingCount -= group.deposits.length
    this.#waitingBytes -= group.bytes
    for (const { result } of group.deposits) if (result?.status === 'stored') this.storedCount++
  }
}

class Group implements Job {
  readonly isExclusive = false
  readonly isLarge = true
  readonly deposits: Waiting[] = []
  readonly #options: DepositsOptions
  readonly #recent: RecentDigests
  readonly #onApplied: (group: Group) => void
  isOpen = true
  bytes = 0

  constructor (options: DepositsOptions, recent: RecentDigests, onApplied: (group: Group) => void) {
    this.#options = options
    this.#recent = recent
    this.#onApplied = onApplied
  }

  add (deposit: Waiting): void {
    this.deposits.push(deposit)
    this.bytes += deposit.envelope.length
    if (this.deposits.length >= groupDepositsMax || this.bytes >= groupBytesMax) this.isOpen = false
  }

  async prepare (stage: Stage): Promise<void> {
    this.isOpen = false
    await Promise.all([this.#readKnown(), this.#readAddresses(stage)])
  }

  apply (batch: Batch): void {
    const now = instant(this.#options.clock.now())
    const { totals } = this.#options
    for (const deposit of this.deposits) deposit.result = this.#decide(batch, deposit, now)
    if (this.deposits.some(({ result }) => result?.status === 'stored')) batch.touch(totals)
    this.#onApplied(this)
  }

  settle (): void {
    for (const deposit of this.deposits) deposit.resolve(deposit.result!)
  }

  fail (error: StoreError): void {
    for (const deposit of this.deposits) deposit.reject(error)
  }

  async #readKnown (): Promise<void> {
    const { db } = this.#options
    const isKnown = await db.hasMany(this.deposits.map(deposit => deposit.digest))
    const known = this.deposits.filter((_, at) => isKnown[at])
    if (known.length === 0) return
    const values: Array<Uint8Array | undefined> = await db.getMany(known.map(deposit => deposit.digest))
    known.forEach((deposit, at) => {
      // Swept between the two reads: not known any more.
      deposit.known = values[at] === undefined ? undefined : decodeDeposited(values[at])
    })
  }

  async #readAddresses (stage: Stage): Promise<void> {
    const { addresses, mailboxes } = this.#options
    const cells = await stage.pin(addresses, this.deposits.map(deposit => deposit.addressHash))
    const found = this.deposits.filter((deposit, at) => {
      deposit.address = cells[at]
      return cells[at]?.value !== undefined
    })
    const boxes = await stage.pin(mailboxes, found.map(deposit => deposit.address!.value!.mailbox))
    found.forEach((deposit, at) => { deposit.mailbox = boxes[at] })
  }

  #decide (batch: Batch, deposit: Waiting, now: number): DepositResult {
    // The cells are read here, not when they were pinned: a job applied before may have changed them.
    const address = deposit.address?.value
    const mailbox = deposit.mailbox?.value
    if (address === undefined || mailbox === undefined) return { status: 'refused', code: 'UNKNOWN_ADDRESS' }
    // Closed meanwhile, and opened by another mailbox: that one is not pinned, and was not meant.
    if (!equal(address.mailbox, deposit.mailbox!.id)) return { status: 'refused', code: 'UNKNOWN_ADDRESS' }
    const known = this.#recent.get(deposit.digestName) ?? deposit.known
    // Of another life, it went with the mailbox that it was in, or that mailbox has it and this one not.
    if (known !== undefined && known.until > now && known.life === mailbox.life) {
      return { status: 'duplicate', until: known.until, mailbox: address.mailbox }
    }
    if (address.expiresAt <= now) return { status: 'refused', code: 'EXPIRED' }
    const { limits, totals } = this.#options
    const refusal = refusalOf(limits, deposit.envelope.length, address, mailbox, totals.value)
    if (refusal === undefined) return this.#store(batch, deposit, address, mailbox, now)
    if (refusal === 'QUOTA' && !mailbox.refused) {
      mailbox.refused = true
      batch.touch(deposit.mailbox!)
    }
    return { status: 'refused', code: refusal }
  }

  #store (
    batch: Batch, deposit: Waiting, address: AddressRecord, mailbox: MailboxRecord, now: number
  ): DepositResult {
    const { envelope, digest, addressHash } = deposit
    const totals = this.#options.totals.value
    const until = instant(now + this.#options.limits.retentionMs)
    const index = mailbox.next++
    const deposited = { until, sequence: totals.nextSequence++, life: mailbox.life }
    const payload = payloadKey(until, deposited.sequence)
    batch.put(payload, encodeWaiting(address.mailbox, index, now, envelope))
    batch.put(orderKey(address.mailbox, index), encodeOrder(payload, envelope.length, digest, addressHash))
    batch.put(digest, encodeDeposited(deposited))
    this.#recent.add(deposit.digestName, deposited)
    mailbox.envelopes++
    mailbox.bytes += envelope.length
    address.waiting++
    totals.envelopes++
    totals.bytes += envelope.length
    batch.touch(deposit.mailbox!)
    batch.touch(deposit.address!)
    return { status: 'stored', until, mailbox: address.mailbox }
  }
}

/**
 * Digests that were stored too recently for every read to have seen them: a group that is decided
 * now may have read before the last commit, or, in a second stage, before the one before it.
 */
class RecentDigests {
  #ages = [
    new Map<string, DepositedRecord>(), new Map<string, DepositedRecord>(), new Map<string, DepositedRecord>()
  ] as const

  add (digestName: string, deposited: DepositedRecord): void {
    this.#ages[0].set(digestName, deposited)
  }

  /** Undefined: not among them. */
  get (digestName: string): DepositedRecord | undefined {
    const [now, last, earlier] = this.#ages
    return now.get(digestName) ?? last.get(digestName) ?? earlier.get(digestName)
  }

  age (): void {
    const [now, last, oldest] = this.#ages
    oldest.clear()
    this.#ages = [oldest, now, last]
  }
}
