/**
 * Defaults of this implementation: how much of everything one relay takes on. What two
 * implementations must agree on is in protocol/limits.ts.
 */
import type { MailboxLimits } from './ports.ts'

/** So many at once; then one more each `refillMs`. */
export interface Allowance { burst: number, refillMs: number }

export interface RelayLimits {
  linksMax: number
  linksPerPeerMax: number
  linksPerOriginMax: number
  /** Mailboxes that one link may prove to own, and subscribe to. */
  mailboxesPerLinkMax: number
  subscriptionsPerMailboxMax: number
  /** Bytes that a subscriber may leave unacked at most, whatever it asks for. */
  creditBytesMax: number
  /** Envelope bytes that wait for a commit, over all links. */
  pendingDepositBytesMax: number
  /** The same of one link: nobody fills the queue alone. */
  pendingDepositBytesPerLinkMax: number
  /** Lookups that ask other relays at the same time. */
  lookupsInFlightMax: number
  /** From the opening of a link to its greeting. */
  greetingMsMax: number
  /** Without any request: the client is gone, or forgot to ping. */
  idleMsMax: number
  lookupMsMax: number
  /** How long other relays are waited for where something is known here already. */
  lookupExtraMsMax: number
  /** How far ahead a bundle may expire, ms. */
  bundleLifetimeMsMax: number
  sweepIntervalMs: number
  sweepSlice: number
  /** How long in-flight requests are waited for at the end. */
  drainMsMax: number
  /** Peers and origins that are remembered for their allowances. */
  bucketsMax: number
  peer: Allowances
  origin: Allowances
}

/** What costs the relay something, or tells a stranger something. */
export interface Allowances {
  proof: Allowance
  createMailbox: Allowance
  /** Addresses opened, bundles and descriptors published. */
  publish: Allowance
  /** Deposits at addresses that nobody opened: guesses. */
  unknownAddress: Allowance
  takePrekey: Allowance
  lookup: Allowance
}

export type AllowanceName = keyof Allowances

export const mailboxLimitsDefault: MailboxLimits = {
  retentionMs: 30 * 24 * 3_600_000,
  mailboxEnvelopesMax: 100_000,
  mailboxBytesMax: 256 * 1024 * 1024,
  addressesPerMailboxMax: 10_000,
  bundlesPerMailboxMax: 1_000,
  mailboxesMax: 1_000_000,
  totalBytesMax: 32 * 1024 ** 3
}

export const relayLimitsDefault: RelayLimits = {
  linksMax: 10_000,
  linksPerPeerMax: 4,
  linksPerOriginMax: 512,
  mailboxesPerLinkMax: 16,
  subscriptionsPerMailboxMax: 4,
  creditBytesMax: 4 * 1024 * 1024,
  pendingDepositBytesMax: 64 * 1024 * 1024,
  pendingDepositBytesPerLinkMax: 16 * 1024 * 1024,
  lookupsInFlightMax: 64,
  greetingMsMax: 10_000,
  idleMsMax: 180_000,
  lookupMsMax: 8_000,
  lookupExtraMsMax: 2_000,
  bundleLifetimeMsMax: 366 * 24 * 3_600_000,
  sweepIntervalMs: 60_000,
  sweepSlice: 1_000,
  drainMsMax: 5_000,
  bucketsMax: 50_000,
  peer: {
    proof: { burst: 64, refillMs: 1_000 },
    createMailbox: { burst: 16, refillMs: 60_000 },
    publish: { burst: 4_096, refillMs: 20 },
    unknownAddress: { burst: 64, refillMs: 2_000 },
    takePrekey: { burst: 64, refillMs: 1_000 },
    lookup: { burst: 64, refillMs: 1_000 }
  },
  // Many people may share an origin: one of them must not shut the others out cheaply.
  origin: {
    proof: { burst: 2_048, refillMs: 20 },
    createMailbox: { burst: 128, refillMs: 10_000 },
    publish: { burst: 65_536, refillMs: 5 },
    unknownAddress: { burst: 1_024, refillMs: 100 },
    takePrekey: { burst: 512, refillMs: 100 },
    lookup: { burst: 512, refillMs: 100 }
  }
}
