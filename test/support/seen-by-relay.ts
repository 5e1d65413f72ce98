/** A relay's store that keeps all bytes it was ever told, as a relay that watches could. */
import type { MailboxStore } from '../../relay/core/ports.ts'

export interface Seen {
  bytes: Uint8Array[]
  /** Descriptors and bundles: meant to be found, and the same wherever they are kept. */
  published: Uint8Array[]
  calls: string[]
}

export function watching (seen: Seen): (store: MailboxStore) => MailboxStore {
  const keep = (value: unknown, into: Uint8Array[]): void => {
    if (value instanceof Uint8Array) into.push(value.slice())
    else if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) keep(part, into)
  }
  return (store) => new Proxy(store, {
    get: (target, name) => {
      const method = target[name as keyof MailboxStore] as (...args: unknown[]) => unknown
      if (typeof method !== 'function') return method
      return (...args: unknown[]) => {
        seen.calls.push(String(name))
        keep(args, /Descriptor|Bundle/.test(String(name)) ? seen.published : seen.bytes)
        return method.apply(target, args)
      }
    }
  })
}

/** Every run of `length` bytes, in hexadecimal, but for runs of one byte repeated, such as zeros. */
export function runsOf (seen: Uint8Array[], length: number): Set<string> {
  const runs = new Set<string>()
  for (const bytes of seen) {
    const text = Buffer.from(bytes).toString('hex')
    for (let at = 0; at + length <= bytes.length; at++) {
      const run = text.slice(2 * at, 2 * (at + length))
      if (run !== run.slice(0, 2).repeat(length)) runs.add(run)
    }
  }
  return runs
}
