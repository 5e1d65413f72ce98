/**
 * What the parts of the mailbox store contract stand on: names for ids, a clock that is set, a place
 * whose contents outlive the stores that open it.
 */
import assert from 'node:assert/strict'
import { u32be, utf8 } from '../../protocol/bytes.ts'
import type { Clock, Random } from '../../protocol/ports.ts'
import type { MailboxLimits, MailboxStore, Page } from '../../relay/core/ports.ts'
import { native } from '../support/parties.ts'
import { seededRandom } from '../support/seeded-random.ts'

/** A clock that stands until it is set. */
export interface SetClock extends Clock { ms: number }

export function setClock (ms = 1_700_000_000_000): SetClock {
  const clock: SetClock = {
    ms, now: () => clock.ms, monotonic: () => clock.ms, setTimer: () => ({ cancel: () => {} })
  }
  return clock
}

export const hourMs = 3_600_000

export const roomyLimits: MailboxLimits = {
  retentionMs: 24 * hourMs,
  mailboxEnvelopesMax: 1_000_000,
  mailboxBytesMax: 2 ** 40,
  addressesPerMailboxMax: 1000,
  bundlesPerMailboxMax: 100,
  mailboxesMax: 10_000,
  totalBytesMax: 2 ** 40
}

/** One store's place; what is kept there outlives the stores that open it. */
export interface StorePlace {
  /** Closes the store that is open there, if any, and opens a new one, which may have other limits. */
  open: (limits?: MailboxLimits) => Promise<MailboxStore>
  /** Closes it, and leaves nothing behind. */
  dispose: () => Promise<void>
}

export type CreatePlace = (clock: Clock, limits: MailboxLimits) => Promise<StorePlace>

/** 32 bytes that `name` stands for. */
export function idOf (name: string): Uint8Array {
  return native.sha256(utf8(name))
}

/** Creates the mailbox and opens the address: both by name. */
export async function provide (
  store: MailboxStore, mailbox: string, address: string, envelopesMax = 1_000_000
): Promise<void> {
  await store.createMailbox(idOf(`owner of ${mailbox}`), idOf(mailbox))
  const limits = { envelopesMax, expiresAt: 2_000_000_000_000 }
  assert.equal(await store.openAddress(idOf(mailbox), idOf(address), limits), 'opened')
}

export async function depositAt (
  store: MailboxStore, address: string, envelope: Uint8Array
): Promise<string> {
  const result = await store.deposit({ addressHash: idOf(address), envelope })
  return result.status === 'refused' ? result.code : result.status
}

const random: Random = seededRandom('mailbox store contract')

/** An envelope that `number` tells from others. */
export function envelopeOf (number: number, bytes = 64): Uint8Array {
  const envelope = random.bytes(bytes)
  envelope.set(u32be(number))
  return envelope
}

const everything = { envelopesMax: 1000, bytesMax: 2 ** 30 }

export async function pageOf (
  store: MailboxStore, mailbox: string, options: {
    after?: Uint8Array, envelopesMax?: number, bytesMax?: number
  } = {}
): Promise<Page> {
  return await store.page(idOf(mailbox), { ...everything, after: undefined, ...options })
}

/** The numbers of all that waits, page by page. */
export async function numbersIn (store: MailboxStore, mailbox: string): Promise<number[]> {
  const numbers: number[] = []
  let after: Uint8Array | undefined
  for (;;) {
    const page = await store.page(idOf(mailbox), { ...everything, after })
    numbers.push(...page.envelopes.map(({ envelope }) => numberOf(envelope)))
    after = page.envelopes.at(-1)?.cursor
    if (page.drained) return numbers
  }
}

export function numberOf (envelope: Uint8Array): number {
  return new DataView(envelope.buffer, envelope.byteOffset).getUint32(0)
}

export async function sweep (store: MailboxStore): Promise<number> {
  let removed = 0
  for (;;) {
    const slice = await store.expire(1000)
    removed += slice.removed
    if (slice.done) return removed
  }
}

/** One store under test, anew for each. */
export class TestBed {
  readonly #create: CreatePlace
  #place: StorePlace | undefined
  clock = setClock()
  #store: MailboxStore | undefined

  constructor (create: CreatePlace) {
    this.#create = create
  }

  get store (): MailboxStore {
    assert.ok(this.#store !== undefined, 'begin first')
    return this.#store
  }

  /** A store with a mailbox 'box' that has an address 'door'. */
  async begin (limits: Partial<MailboxLimits> = {}): Promise<void> {
    this.clock = setClock()
    this.#place = await this.#create(this.clock, { ...roomyLimits, ...limits })
    this.#store = await this.#place.open()
    await provide(this.#store, 'box', 'door')
  }

  async reopen (limits?: MailboxLimits): Promise<void> {
    this.#store = await this.#place?.open(limits)
  }

  async end (): Promise<void> {
    await this.#place?.dispose()
  }
}
