/**
 * The mailbox store in memory: for tests, and for relays in a simulated world, where the object
 * itself is the disk: what it holds outlives close and open.
 * Not durable. Contract: test/contracts/mailbox-store.ts, which it serves as the model.
 */
import { equal } from '../../protocol/bytes.ts'
import { StoreError } from '../../protocol/errors.ts'
import type {
  DepositRequest, DepositResult, MailboxId, MailboxLimits, MailboxStore, Page, RelayPorts
} from '../core/ports.ts'
import {
  decodeCursor, encodeCursor, instant, nameOf, putIntoSlot, refusalOf, slotBytes, type SlotRecord
} from './rooms.ts'

interface Entry {
  index: number
  address: MemoryAddress
  addressHash: Uint8Array
  envelope: Uint8Array
  receivedAt: number
  until: number
}

interface Mailbox {
  id: MailboxId
  /** By index, ascending: what is not acked. */
  entries: Map<number, Entry>
  next: number
  bytes: number
  refused: boolean
  addresses: Set<string>
  bundles: Set<string>
}

interface MemoryAddress { mailbox: Mailbox, envelopesMax: number, expiresAt: number, waiting: number }
interface Bundle { mailbox: Mailbox, sealed: Uint8Array, oneTime: boolean, expiresAt: number }
/** An envelope that was deposited and has not expired; without an entry once it was acked. */
interface Deposited { until: number, mailbox: Mailbox, index: number }

export interface MemoryMailboxStoreOptions extends Pick<RelayPorts, 'clock'> {
  suite: Pick<RelayPorts['suite'], 'sha256'>
  limits: MailboxLimits
}

export function memoryMailboxStore (options: MemoryMailboxStoreOptions): MailboxStore {
  return new MemoryMailboxStore(options)
}

class MemoryMailboxStore implements MailboxStore {
  readonly #clock
  readonly #suite
  readonly #limits
  readonly #mailboxes = new Map<string, Mailbox>()
  readonly #addresses = new Map<string, MemoryAddress>()
  readonly #deposited = new Map<string, Deposited>()
  readonly #bundles = new Map<string, Bundle>()
  readonly #slots = new Map<string, SlotRecord[]>()
  #isOpen = false
  #floor = 0
  #envelopes = 0
  #bytes = 0
  #descriptorBytes = 0
  #commits = 0
  #deposits = 0

  constructor (options: MemoryMailboxStoreOptions) {
    this.#clock = options.clock
    this.#suite = options.suite
    this.#limits = options.limits
  }

  async open (): Promise<void> {
    if (this.#isOpen) throw new StoreError('STORE_LOCKED', 'the store is open already')
    this.#isOpen = true
  }

  async close (): Promise<void> {
    this.#isOpen = false
  }

  async createMailbox (_owner: Uint8Array, mailbox: MailboxId): Promise<'created' | 'existed' | 'FULL'> {
    this.#assertOpen()
    const name = nameOf(mailbox)
    if (this.#mailboxes.has(name)) return 'existed'
    if (this.#mailboxes.size >= this.#limits.mailboxesMax) return 'FULL'
    // Above every index that a dropped mailbox of this name gave out: its cursors stay behind.
    const next = Math.max(this.#floor, instant(this.#clock.now()))
    this.#mailboxes.set(name, {
      id: mailbox.slice(),
      entries: new Map(),
      next,
      bytes: 0,
      refused: false,
      addresses: new Set(),
      bundles: new Set()
    })
    this.#commits++
    return 'created'
  }

  async hasMailbox (mailbox: MailboxId): Promise<boolean> {
    this.#assertOpen()
    return this.#mailboxes.has(nameOf(mailbox))
  }

  async dropMailbox (mailbox: MailboxId): Promise<void> {
    this.#assertOpen()
    const name = nameOf(mailbox)
    const box = this.#mailboxes.get(name)
    if (box === undefined) return
    for (const entry of box.entries.values()) this.#remove(box, entry)
    for (const address of box.addresses) this.#addresses.delete(address)
    for (const location of box.bundles) this.#bundles.delete(location)
    this.#mailboxes.delete(name)
    this.#floor = Math.max(this.#floor, box.next)
    this.#commits++
  }

  async openAddress (
    mailbox: MailboxId, addressHash: Uint8Array, limits: { envelopesMax: number, expiresAt: number }
  ): Promise<'opened' | 'UNKNOWN_MAILBOX' | 'QUOTA' | 'BAD_REQUEST'> {
    this.#assertOpen()
    const box = this.#mailboxes.get(nameOf(mailbox))
    if (box === undefined) return 'UNKNOWN_MAILBOX'
    const name = nameOf(addressHash)
    const known = this.#addresses.get(name)
    const kept = { envelopesMax: instant(limits.envelopesMax), expiresAt: instant(limits.expiresAt) }
    if (known !== undefined) {
      if (known.mailbox !== box) return 'BAD_REQUEST'
      Object.assign(known, kept)
    } else {
      if (box.addresses.size >= this.#limits.addressesPerMailboxMax) return 'QUOTA'
      this.#addresses.set(name, { mailbox: box, ...kept, waiting: 0 })
      box.addresses.add(name)
    }
    this.#commits++
    return 'opened'
  }

  async closeAddress (mailbox: MailboxId, addressHash: Uint8Array): Promise<void> {
    this.#assertOpen()
    const name = nameOf(addressHash)
    const address = this.#addresses.get(name)
    if (address === undefined || !equal(address.mailbox.id, mailbox)) return
    this.#closeAddress(name, address)
    this.#commits++
  }

  async deposit ({ addressHash, envelope }: DepositRequest): Promise<DepositResult> {
    this.#assertOpen()
    const address = this.#addresses.get(nameOf(addressHash))
    if (address === undefined) return { status: 'refused', code: 'UNKNOWN_ADDRESS' }
    const now = instant(this.#clock.now())
    const box = address.mailbox
    const name = nameOf(addressHash) + nameOf(this.#suite.sha256(envelope))
    const known = this.#deposited.get(name)
    // What another mailbox has, or one of this name that was dropped, this one has not.
    if (known !== undefined && known.until > now && known.mailbox === box) {
      return { status: 'duplicate', until: known.until, mailbox: box.id }
    }
    if (address.expiresAt <= now) return { status: 'refused', code: 'EXPIRED' }
    const held = { envelopes: box.entries.size, bytes: box.bytes }
    const refusal = refusalOf(this.#limits, envelope.length, address, held, { bytes: this.#bytes })
    if (refusal !== undefined) {
      if (refusal === 'QUOTA') box.refused = true
      return { status: 'refused', code: refusal }
    }
    const until = instant(now + this.#limits.retentionMs)
    const index = box.next++
    const copy = envelope.slice()
    box.entries.set(
      index, { index, address, addressHash: addressHash.slice(), envelope: copy, receivedAt: now, until }
    )
    // What came earlier under this name is swept on its own, by its own name.
    if (known !== undefined) this.#deposited.set(`${name}#${this.#deposits}`, known)
    this.#deposited.set(name, { until, mailbox: box, index })
    address.waiting++
    box.bytes += copy.length
    this.#bytes += copy.length
    this.#envelopes++
    this.#commits++
    this.#deposits++
    return { status: 'stored', until, mailbox: box.id }
  }

  async page (
    mailbox: MailboxId, options: { after: Uint8Array | undefined, envelopesMax: number, bytesMax: number }
  ): Promise<Page> {
    this.#assertOpen()
    const page: Page = { envelopes: [], drained: true, refusedSome: false }
    const box = this.#mailboxes.get(nameOf(mailbox))
    if (box === undefined) return page
    const after = decodeCursor(options.after) ?? -1
    const now = instant(this.#clock.now())
    let bytes = 0
    for (const entry of box.entries.values()) {
      if (entry.index <= after || entry.until <= now) continue
      bytes += entry.envelope.length
      const full = page.envelopes.length >= options.envelopesMax ||
        (bytes > options.bytesMax && page.envelopes.length > 0)
      if (full) {
        page.drained = false
        break
      }
      const { addressHash, envelope, receivedAt } = entry
      page.envelopes.push({ cursor: encodeCursor(entry.index), addressHash, envelope, receivedAt })
    }
    page.refusedSome = box.refused
    if (page.drained) box.refused = false
    return page
  }

  async ackThrough (mailbox: MailboxId, cursor: Uint8Array): Promise<number> {
    this.#assertOpen()
    const box = this.#mailboxes.get(nameOf(mailbox))
    const last = decodeCursor(cursor)
    if (box === undefined || last === undefined) return 0
    let count = 0
    for (const entry of box.entries.values()) {
      if (entry.index > last) break
      this.#remove(box, entry)
      count++
    }
    if (count > 0) this.#commits++
    return count
  }

  async usage (mailbox: MailboxId): Promise<{ envelopes: number, bytes: number, addresses: number }> {
    this.#assertOpen()
    const box = this.#mailboxes.get(nameOf(mailbox))
    return { envelopes: box?.entries.size ?? 0, bytes: box?.bytes ?? 0, addresses: box?.addresses.size ?? 0 }
  }

  async expire (max: number): Promise<{ removed: number, done: boolean }> {
    this.#assertOpen()
    const now = instant(this.#clock.now())
    let removed = 0
    const mayRemove = (expiresAt: number): boolean => expiresAt <= now && removed++ < max
    for (const [name, known] of this.#deposited) {
      if (removed > max) break
      if (!mayRemove(known.until)) continue
      this.#deposited.delete(name)
      const entry = known.mailbox.entries.get(known.index)
      if (entry !== undefined) this.#remove(known.mailbox, entry)
    }
    for (const [name, address] of this.#addresses) {
      if (mayRemove(address.expiresAt)) this.#closeAddress(name, address)
    }
    for (const [name, bundle] of this.#bundles) {
      if (mayRemove(bundle.expiresAt)) this.#deleteBundle(name, bundle)
    }
    for (const [name, slot] of this.#slots) {
      if (slot.some(record => mayRemove(record.expiresAt))) {
        this.#setSlot(name, slot.filter(record => record.expiresAt > now))
      }
    }
    if (removed > 0) this.#commits++
    return { removed: Math.min(removed, max), done: removed <= max }
  }

  async publishBundle (
    mailbox: MailboxId,
    bundle: { location: Uint8Array, sealed: Uint8Array, oneTime: boolean, expiresAt: number }
  ): Promise<'published' | 'UNKNOWN_MAILBOX' | 'QUOTA' | 'BAD_REQUEST'> {
    this.#assertOpen()
    const box = this.#mailboxes.get(nameOf(mailbox))
    if (box === undefined) return 'UNKNOWN_MAILBOX'
    const name = nameOf(bundle.location)
    const known = this.#bundles.get(name)
    if (known !== undefined && known.mailbox !== box) return 'BAD_REQUEST'
    if (known === undefined && box.bundles.size >= this.#limits.bundlesPerMailboxMax) return 'QUOTA'
    const { oneTime, expiresAt } = bundle
    this.#bundles.set(
      name, { mailbox: box, sealed: bundle.sealed.slice(), oneTime, expiresAt: instant(expiresAt) }
    )
    box.bundles.add(name)
    this.#commits++
    return 'published'
  }

  async withdrawBundle (mailbox: MailboxId, location: Uint8Array): Promise<void> {
    this.#assertOpen()
    const name = nameOf(location)
    const bundle = this.#bundles.get(name)
    if (bundle === undefined || !equal(bundle.mailbox.id, mailbox)) return
    this.#deleteBundle(name, bundle)
    this.#commits++
  }

  async takeBundle (location: Uint8Array): Promise<Uint8Array | undefined> {
    this.#assertOpen()
    const name = nameOf(location)
    const bundle = this.#bundles.get(name)
    if (bundle === undefined || bundle.expiresAt <= instant(this.#clock.now())) return undefined
    if (bundle.oneTime) {
      this.#deleteBundle(name, bundle)
      this.#commits++
    }
    return bundle.sealed
  }

  async putDescriptor (
    slot: Uint8Array,
    record: { bytes: Uint8Array, blindedKey: Uint8Array, sequence: number, expiresAt: number }
  ): Promise<'stored' | 'STALE' | 'FULL'> {
    this.#assertOpen()
    const name = nameOf(slot)
    const { sequence } = record
    const copy = {
      blindedKey: record.blindedKey.slice(),
      sequence,
      expiresAt: instant(record.expiresAt),
      bytes: record.bytes.slice()
    }
    const after = putIntoSlot(
      this.#slots.get(name) ?? [], copy, instant(this.#clock.now()), this.#limits, this.#descriptorBytes)
    if (typeof after === 'string') return after
    this.#setSlot(name, after)
    this.#commits++
    return 'stored'
  }

  async getDescriptors (slot: Uint8Array): Promise<Uint8Array[]> {
    this.#assertOpen()
    const now = instant(this.#clock.now())
    const records = this.#slots.get(nameOf(slot)) ?? []
    return records.filter(record => record.expiresAt > now).map(record => record.bytes)
  }

  async stats (): ReturnType<MailboxStore['stats']> {
    this.#assertOpen()
    return {
      mailboxes: this.#mailboxes.size,
      envelopes: this.#envelopes,
      bytes: this.#bytes,
      commits: this.#commits,
      depositsPerCommit: this.#commits === 0 ? 0 : this.#deposits / this.#commits
    }
  }

  #assertOpen (): void {
    if (!this.#isOpen) throw new StoreError('STORE_FAILED', 'the store is not open')
  }

  #remove (box: Mailbox, entry: Entry): void {
    box.entries.delete(entry.index)
    box.bytes -= entry.envelope.length
    this.#bytes -= entry.envelope.length
    this.#envelopes--
    entry.address.waiting--
  }

  #closeAddress (name: string, address: MemoryAddress): void {
    this.#addresses.delete(name)
    address.mailbox.addresses.delete(name)
  }

  #deleteBundle (name: string, bundle: Bundle): void {
    this.#bundles.delete(name)
    bundle.mailbox.bundles.delete(name)
  }

  #setSlot (name: string, after: SlotRecord[]): void {
    this.#descriptorBytes += slotBytes(after) - slotBytes(this.#slots.get(name) ?? [])
    if (after.length === 0) this.#slots.delete(name)
    else this.#slots.set(name, after)
  }
}
