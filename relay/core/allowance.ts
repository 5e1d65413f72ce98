/**
 * Token buckets by peer and by origin: what one may ask for, how often. Spec 03 §Refusals.
 *
 * Keeps nothing on disk and forgets whoever was quiet longest when there are too many: a peer id
 * costs nothing to make, so the origin's bucket is the one that holds.
 */
import type { Clock } from '../../protocol/ports.ts'
import type { Allowance, AllowanceName, RelayLimits } from './limits.ts'

interface Bucket { tokens: number, at: number }

export class Allowances {
  readonly #clock: Clock
  readonly #limits: Pick<RelayLimits, 'peer' | 'origin' | 'bucketsMax'>
  // In the order of last use.
  readonly #buckets = new Map<string, Bucket>()

  constructor (clock: Clock, limits: Pick<RelayLimits, 'peer' | 'origin' | 'bucketsMax'>) {
    this.#clock = clock
    this.#limits = limits
  }

  /**
   * Takes one of each, or none. 0: taken; else milliseconds until it is worth asking again.
   * An empty `origin` is nobody's in particular (this machine) and is not counted.
   */
  take (name: AllowanceName, peer: string, origin: string): number {
    const waitMs = this.wait(name, peer, origin)
    if (waitMs > 0) return waitMs
    this.#bucket(name, `p${peer}`, this.#limits.peer[name]).tokens--
    if (origin !== '') this.#bucket(name, `o${origin}`, this.#limits.origin[name]).tokens--
    return 0
  }

  /** As `take`, and nothing is taken. */
  wait (name: AllowanceName, peer: string, origin: string): number {
    const ofPeer = waitOf(this.#bucket(name, `p${peer}`, this.#limits.peer[name]), this.#limits.peer[name])
    if (origin === '') return ofPeer
    const allowance = this.#limits.origin[name]
    return Math.max(ofPeer, waitOf(this.#bucket(name, `o${origin}`, allowance), allowance))
  }

  #bucket (name: AllowanceName, whom: string, allowance: Allowance): Bucket {
    const key = `${name}/${whom}`
    const now = this.#clock.monotonic()
    const known = this.#buckets.get(key)
    if (known != null) {
      this.#buckets.delete(key)
      this.#buckets.set(key, known)
      known.tokens = Math.min(allowance.burst, known.tokens + (now - known.at) / allowance.refillMs)
      known.at = now
      return known
    }
    const bucket = { tokens: allowance.burst, at: now }
    this.#buckets.set(key, bucket)
    if (this.#buckets.size > this.#limits.bucketsMax) {
      for (const oldest of this.#buckets.keys()) {
        this.#buckets.delete(oldest)
        break
      }
    }
    return bucket
  }
}

function waitOf (bucket: Bucket, allowance: Allowance): number {
  return bucket.tokens >= 1 ? 0 : Math.max(1, Math.ceil((1 - bucket.tokens) * allowance.refillMs))
}
