/** A suite that counts what it is asked, and tells of each secret that it makes or is given. */
import type { CryptoSuite, PrivateKey } from '../../protocol/suite.ts'

export interface Counts { opens: number, derivations: number, signatures: number, agreements: number }

export function countingSuite (
  suite: CryptoSuite, onSecret: (bytes: Uint8Array) => void = () => {}
): { suite: CryptoSuite, counts: Counts } {
  const counts: Counts = { opens: 0, derivations: 0, signatures: 0, agreements: 0 }
  const counted = <Args extends unknown[], Result>(kind: keyof Counts, run: (...args: Args) => Result) =>
    (...args: Args): Result => {
      counts[kind]++
      return run(...args)
    }
  const told = <Args extends unknown[]>(run: (...args: Args) => Uint8Array) => (...args: Args): Uint8Array => {
    const bytes = run(...args)
    onSecret(bytes)
    return bytes
  }
  const seeded = <Key extends PrivateKey>(make: (seed: Uint8Array) => Key) => (seed: Uint8Array): Key => {
    onSecret(seed)
    return make(seed)
  }
  return {
    counts,
    suite: {
      ...suite,
      open: counted('opens', suite.open),
      hmac: counted('derivations', told(suite.hmac)),
      hkdf: counted('derivations', told(suite.hkdf)),
      expand: counted('derivations', told(suite.expand)),
      x25519: counted('agreements', told(suite.x25519)),
      decapsulate: counted('agreements', told(suite.decapsulate)),
      sign: counted('signatures', suite.sign),
      x25519Private: seeded(suite.x25519Private),
      ed25519Private: seeded(suite.ed25519Private),
      kemPrivate: seeded(suite.kemPrivate)
    }
  }
}
