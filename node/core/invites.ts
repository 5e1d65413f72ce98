/**
 * Invites of this account, and the public one behind its descriptor: their secrets, their prekeys, and
 * the answer to whoever asks this device for them. Publishing at relays is the mailboxes'.
 */
import {
  bundleLocation, createBundle, decodeBundlePrivates, encodeBundlePrivates, sealBundle
} from '../../protocol/bundle.ts'
import { concat, toHex as hex } from '../../protocol/bytes.ts'
import { createDescriptor, descriptorPeriod } from '../../protocol/descriptor.ts'
import { UsageError } from '../../protocol/errors.ts'
import { formatInvite } from '../../protocol/invite.ts'
import { labels } from '../../protocol/labels.ts'
import { descriptorLifetimeMsMax } from '../../protocol/limits.ts'
import { openManifest } from '../../protocol/manifest.ts'
import type { Clock, Random } from '../../protocol/ports.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import type { ClockTrust } from './clock-trust.ts'
import * as defaults from './defaults.ts'
import type { Ledger } from './ledger.ts'
import type { InviteRecord, PeerRecord } from './records.js'
import { routeSecretOf, type Account, type State } from './state.ts'

export interface InvitesPorts { clock: Clock, clockTrust: ClockTrust, random: Random, suite: CryptoSuite }

/** A person who was away opens what came in time: prekeys outlive their invite by this, ms. */
const graceMs = 30 * 24 * 3_600_000
const clockDifferenceMs = 3_600_000

export class Invites {
  readonly #state: State
  readonly #ledger: Ledger
  readonly #ports: InvitesPorts
  #descriptors: { records: Uint8Array[], period: number, madeAt: number } | undefined

  constructor (state: State, ledger: Ledger, ports: InvitesPorts) {
    this.#state = state
    this.#ledger = ledger
    this.#ports = ports
  }

  /** Inside a step. `device`: where this device may be dialled, used where the account has no relay. */
  create (
    options: { reusable: boolean, expiresInMs: number | undefined }, device: PeerRecord | undefined
  ): { id: string, invite: string, expiresAt: number | undefined } {
    const account = this.#account()
    const { relays } = account.record
    const byDevice = relays.length === 0
    if (byDevice && (device === undefined || device.multiaddrs.length === 0)) {
      throw new UsageError('USAGE', 'An invite needs a relay, or a device that can be reached.')
    }
    const routes = byDevice ? [device!] : relays
    const expiresAt = options.expiresInMs === undefined ? 0 : Math.floor(this.#ports.clock.now() + options.expiresInMs)
    const record = this.#put({ ...options, request: false, expiresAt, routes, byDevice }, undefined)
    const invite = formatInvite({
      account: account.account,
      secret: record.secret,
      routes: routes.map(route => ({ device: byDevice, peerKey: route.peerKey, multiaddrs: route.multiaddrs.slice(0, 8) })),
      expiresAt: expiresAt === 0 ? undefined : expiresAt,
      reusable: options.reusable
    })
    return { id: hex(record.id), invite, expiresAt: expiresAt === 0 ? undefined : expiresAt }
  }

  /** Inside a step: the descriptor's invite exists, what serves many has fresh prekeys, and what has expired is gone. */
  refresh (): void {
    const account = this.#account()
    const now = this.#ports.clock.now()
    for (const invite of this.#state.invites.values()) {
      if (invite.expiresAt !== 0 && invite.expiresAt + graceMs < now) this.#state.invites.delete(hex(invite.id))
      else if (invite.reusable) this.#rotate(invite, now)
    }
    if (account.record.relays.length === 0) {
      this.#forgetHandshakes()
      return
    }
    if (this.request === undefined) {
      this.#put({ reusable: true, request: true, expiresAt: 0, routes: account.record.relays, byDevice: false }, undefined)
    }
    this.#forgetHandshakes()
  }

  #rotate (invite: InviteRecord, now: number): void {
    const rotated = this.#rotated(invite, now)
    if (rotated !== invite) this.#state.invites.put(hex(invite.id), rotated)
  }

  /** Those that were replaced still serve what was made with them and is under way, and no longer. */
  #rotated (invite: InviteRecord, now: number): InviteRecord {
    const old = invite.privates.slice(0, -1).map((privates, i) => ({ privates, at: invite.replacedAt[i] ?? invite.rotatedAt }))
    // Either way: a clock that went back may have been years ahead when they were replaced.
    const kept = this.#ports.clockTrust.isTrusted() ? old.filter(({ at }) => Math.abs(now - at) < defaults.prekeysKeptMs) : old
    const newest = invite.privates.at(-1)!
    const isOver = invite.expiresAt !== 0 && invite.expiresAt <= now
    const isDue = !isOver && Math.abs(now - invite.rotatedAt) >= defaults.prekeyRotationMs
    if (!isDue && kept.length === old.length) return invite
    const privates = [...kept.map(one => one.privates), newest]
    const replacedAt = kept.map(one => one.at)
    if (!isDue) return { ...invite, privates, replacedAt }
    const fresh = encodeBundlePrivates(this.#bundle(true, invite.expiresAt))
    return { ...invite, privates: [...privates, fresh], replacedAt: [...replacedAt, now], rotatedAt: now, publishedAt: [] }
  }

  // -- prekeys for sessions that one contact may begin

  /** Inside a step: the secret by which this contact finds them. The same for good; what is found changes with each use. */
  resetSecretOf (contact: Uint8Array): Uint8Array {
    const known = this.#reset(contact)
    if (known !== undefined) return known.secret
    return this.#put({ reusable: false, request: false, expiresAt: 0, routes: this.#account().record.relays, byDevice: false }, contact).secret
  }

  /** Inside a step: they were used, once and for all; others take their place. */
  spendReset (contact: Uint8Array): void {
    const known = this.#reset(contact)
    if (known === undefined) return
    const privates = [encodeBundlePrivates(this.#bundle(false, 0))]
    this.#state.invites.put(hex(known.id), { ...known, privates, rotatedAt: Math.max(this.#ports.clock.now(), known.rotatedAt + 1), publishedAt: [] })
  }

  /** Inside a step: relays get them again. */
  offerReset (contact: Uint8Array): void {
    const known = this.#reset(contact)
    if (known !== undefined && known.publishedAt.length > 0) this.#state.invites.put(hex(known.id), { ...known, publishedAt: [] })
  }

  /** Inside a step: none any more. Returns where they are to be withdrawn. */
  endReset (contact: Uint8Array): Array<{ peerKey: Uint8Array, location: Uint8Array }> {
    const known = this.#reset(contact)
    if (known === undefined) return []
    this.#state.invites.delete(hex(known.id))
    return known.routes.map(({ peerKey }) => ({ peerKey, location: this.locationAt(known, peerKey) }))
  }

  #reset (contact: Uint8Array): InviteRecord | undefined { return this.resetFor(hex(contact)) }

  /** `contact`: account id in hex. */
  resetFor (contact: string): InviteRecord | undefined {
    const found = this.#state.invites.get(contact.slice(0, 32))
    return found !== undefined && hex(found.contact) === contact ? found : undefined
  }

  /** The one behind the descriptor. */
  get request (): InviteRecord | undefined { return [...this.#state.invites.values()].find(invite => invite.request) }

  /** Inside a step: who looks this account up shall find the newest manifest. */
  manifestChanged (): void {
    const { request } = this
    if (request !== undefined) this.#state.invites.put(hex(request.id), { ...request, rotatedAt: 0 })
    this.#descriptors = undefined
    this.refresh()
  }

  /** A first message can be replayed as long as its prekeys exist, and no longer. */
  #forgetHandshakes (): void {
    const prekeyIds = new Set([...this.#state.invites.values()]
      .flatMap(invite => invite.privates.map(privates => hex(decodeBundlePrivates(privates).prekeyId))))
    for (const handshake of this.#state.handshakes.values()) {
      if (!prekeyIds.has(hex(handshake.prekeyId))) this.#state.handshakes.delete(hex(handshake.tag))
    }
  }

  /** What is handed out at one of the invite's routes: at each under another secret, so that no two relays see the same. */
  sealedBundle (invite: InviteRecord, peerKey: Uint8Array): { location: Uint8Array, sealed: Uint8Array } {
    const { suite } = this.#ports
    const newest = decodeBundlePrivates(invite.privates[invite.privates.length - 1]!)
    const secret = routeSecretOf(suite, invite, peerKey)
    return { location: bundleLocation(suite, secret), sealed: sealBundle(suite, secret, newest.signed) }
  }

  locationAt (invite: InviteRecord, peerKey: Uint8Array): Uint8Array {
    return bundleLocation(this.#ports.suite, routeSecretOf(this.#ports.suite, invite, peerKey))
  }

  /** A sealed bundle that this device hands out itself: having no relay, or to a contact. */
  take (location: Uint8Array): Uint8Array | undefined {
    const invite = this.#state.inviteHandedOutAt(location)
    if (invite === undefined || (invite.expiresAt !== 0 && invite.expiresAt <= this.#ports.clock.now())) return undefined
    return this.sealedBundle(invite, this.#state.devicePeerKey).sealed
  }

  /**
   * Descriptor records for the period that is now and for the next, so that nobody who looks at its
   * turn finds nothing. Made anew when half their life is over.
   */
  async descriptors (): Promise<Uint8Array[]> {
    const { clock } = this.#ports
    const now = clock.now()
    const period = descriptorPeriod(now)
    const known = this.#descriptors
    if (known !== undefined && known.period === period && known.madeAt + descriptorLifetimeMsMax / 4 > now) return known.records
    const records = await this.#ledger.step(() => {
      const account = this.#account()
      const { request } = this
      if (request === undefined) return []
      // Milliseconds: a running counter would link an account's periods.
      const sequence = Math.max(account.record.descriptorSequence + 1, Math.floor(now))
      this.#state.accounts.put('account', { ...account, record: { ...account.record, descriptorSequence: sequence } })
      return [period, period + 1].map(one => this.#descriptor(account, request, one, sequence, now))
    })
    if (records.length > 0) this.#descriptors = { records, period, madeAt: now }
    return records
  }

  #descriptor (account: Account, request: InviteRecord, period: number, sequence: number, now: number): Uint8Array {
    const { random, suite } = this.#ports
    return createDescriptor(suite, random, {
      account: account.keys,
      accountId: account.account,
      contents: {
        secret: request.secret,
        manifestHash: openManifest(suite, account.record.manifest).hash,
        routes: request.routes.map(route => ({ device: false, peerKey: route.peerKey, multiaddrs: route.multiaddrs.slice(0, 8) }))
      },
      period,
      sequence,
      // Less than the limit: the relay's clock may be behind.
      expiresAt: Math.floor(now + descriptorLifetimeMsMax - clockDifferenceMs)
    })
  }

  #put (o: Pick<InviteRecord, 'reusable' | 'request' | 'expiresAt' | 'routes' | 'byDevice'>, contact: Uint8Array | undefined): InviteRecord {
    const { random, suite, clock } = this.#ports
    const secret = random.bytes(32)
    const record: InviteRecord = {
      id: contact === undefined ? inviteIdOf(suite, secret) : resetId(contact),
      secret,
      reusable: o.reusable,
      request: o.request,
      expiresAt: o.expiresAt,
      privates: [encodeBundlePrivates(this.#bundle(o.reusable, o.expiresAt))],
      routes: o.routes,
      byDevice: o.byDevice,
      publishedAt: [],
      rotatedAt: clock.now(),
      contact: contact ?? new Uint8Array(0),
      replacedAt: []
    }
    this.#state.invites.put(hex(record.id), record)
    return record
  }

  #bundle (isReusable: boolean, expiresAt: number): ReturnType<typeof createBundle> {
    const { device, record } = this.#account()
    return createBundle(this.#ports.suite, this.#ports.random, {
      device, manifest: record.manifest, name: record.name, oneTime: !isReusable, expiresAt
    })
  }

  #account (): Account {
    const account = this.#state.account
    if (account === undefined) throw new UsageError('NO_ACCOUNT')
    return account
  }
}

function resetId (contact: Uint8Array): Uint8Array { return contact.slice(0, 16) }

/** 16 bytes that name an invite, and give nothing of its secret. */
export function inviteIdOf (suite: CryptoSuite, secret: Uint8Array): Uint8Array {
  return suite.sha256(concat(labels.inviteRecord, secret)).slice(0, 16)
}
