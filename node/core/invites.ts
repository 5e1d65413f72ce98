/**
 * Invites of this account, and the public one behind its descriptor: their secrets, their prekeys, and
 * the answer to whoever asks this device for them. Publishing at relays is the mailboxes'.
 */
import { bundleLocation, createBundle, decodeBundlePrivates, encodeBundlePrivates, inviteRouteSecret, sealBundle } from '../../protocol/bundle.ts'
import { concat, equal, toHex as hex } from '../../protocol/bytes.ts'
import { createDescriptor, descriptorPeriod } from '../../protocol/descriptor.ts'
import { UsageError } from '../../protocol/errors.ts'
import { formatInvite } from '../../protocol/invite.ts'
import { labels } from '../../protocol/labels.ts'
import { descriptorLifetimeMsMax } from '../../protocol/limits.ts'
import { openManifest } from '../../protocol/manifest.ts'
import type { Clock, Random } from '../../protocol/ports.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import * as defaults from './defaults.ts'
import type { Ledger } from './ledger.ts'
import type { InviteRecord, PeerRecord } from './records.js'
import type { Account, State } from './state.ts'

export interface InvitesPorts { clock: Clock, random: Random, suite: CryptoSuite }

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
    const record = this.#put({ ...options, request: false, expiresAt, routes, byDevice })
    const invite = formatInvite({
      account: account.account,
      secret: record.secret,
      routes: routes.map(route => ({ device: byDevice, peerKey: route.peerKey, multiaddrs: route.multiaddrs.slice(0, 8) })),
      expiresAt: expiresAt === 0 ? undefined : expiresAt,
      reusable: options.reusable
    })
    return { id: hex(record.id), invite, expiresAt: expiresAt === 0 ? undefined : expiresAt }
  }

  /** Inside a step: the descriptor's invite exists, its prekeys are fresh, and what has expired is gone. */
  refresh (): void {
    const account = this.#account()
    const now = this.#ports.clock.now()
    for (const invite of this.#state.invites.values()) {
      if (invite.expiresAt !== 0 && invite.expiresAt + graceMs < now) this.#state.invites.delete(hex(invite.id))
    }
    if (account.record.relays.length === 0) {
      this.#forgetHandshakes()
      return
    }
    const request = [...this.#state.invites.values()].find(invite => invite.request)
    if (request === undefined) {
      this.#put({ reusable: true, request: true, expiresAt: 0, routes: account.record.relays, byDevice: false })
    } else if (Math.abs(now - request.rotatedAt) >= defaults.prekeyRotationMs) {
      const privates = [...request.privates, encodeBundlePrivates(this.#bundle(true, 0))].slice(-defaults.prekeysKeptMax)
      this.#state.invites.put(hex(request.id), { ...request, privates, rotatedAt: now, publishedAt: [] })
    }
    this.#forgetHandshakes()
  }

  /** Inside a step: who looks this account up shall find the newest manifest. */
  manifestChanged (): void {
    const request = [...this.#state.invites.values()].find(invite => invite.request)
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
  sealedBundle (invite: InviteRecord, routeIndex: number): { location: Uint8Array, sealed: Uint8Array } {
    const { suite } = this.#ports
    const newest = decodeBundlePrivates(invite.privates[invite.privates.length - 1]!)
    const secret = inviteRouteSecret(suite, invite.secret, routeIndex)
    return { location: bundleLocation(suite, secret), sealed: sealBundle(suite, secret, newest.signed) }
  }

  /** A sealed bundle that this device hands out itself, having no relay. */
  take (location: Uint8Array): Uint8Array | undefined {
    const now = this.#ports.clock.now()
    for (const invite of this.#state.invites.values()) {
      if (!invite.byDevice || (invite.expiresAt !== 0 && invite.expiresAt <= now)) continue
      const bundle = this.sealedBundle(invite, 0)
      if (equal(bundle.location, location)) return bundle.sealed
    }
    return undefined
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
      const request = [...this.#state.invites.values()].find(invite => invite.request)
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

  #put (o: Pick<InviteRecord, 'reusable' | 'request' | 'expiresAt' | 'routes' | 'byDevice'>): InviteRecord {
    const { random, suite, clock } = this.#ports
    const secret = random.bytes(32)
    const record: InviteRecord = {
      id: suite.sha256(concat(labels.inviteRecord, secret)).slice(0, 16),
      secret,
      reusable: o.reusable,
      request: o.request,
      expiresAt: o.expiresAt,
      privates: [encodeBundlePrivates(this.#bundle(o.reusable, o.expiresAt))],
      routes: o.routes,
      byDevice: o.byDevice,
      publishedAt: [],
      rotatedAt: clock.now(),
      contact: new Uint8Array(0),
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
