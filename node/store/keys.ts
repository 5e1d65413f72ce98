/**
 * Where a record lies on disk: table id, hidden scope, order (docs/decisions/0004).
 *
 * Hides nothing of the value (records.ts) and never writes (store.ts). A scope names a contact, a
 * conversation or a message, so the disk sees only a keyed hash of it; the order that follows
 * stays in clear, because that is what a scan sorts by.
 */
import { tables } from '../core/ports.ts'
import type { Scan, Table } from '../core/ports.ts'
import { UsageError } from '../../protocol/errors.ts'
import { compare, concat } from '../../protocol/bytes.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'

/** Bytes of a hidden scope: at 2^32 scopes, a collision is as likely as 2^-65. */
const hiddenScopeBytes = 16
/** Hidden scopes that are remembered: the conversations and queues that are in use. */
const rememberedScopesMax = 256

/** Half-open, of keys as stored. */
export interface StoredRange { gte: Uint8Array, lt: Uint8Array }

export interface StoredKeys {
  /** The key on disk of one record. Throws UsageError for a key shorter than its table's scope. */
  hide: (table: Table, key: Uint8Array) => Uint8Array
  /** Every key on disk that a scan may return. Throws UsageError for bounds that no order exists for. */
  range: (table: Table, scan: Scan) => StoredRange
}

/** The table whose keys are the values of `table`, if it is one that refers to another. */
export function referredBy (table: Table): Table | undefined {
  const definition = tables[table]
  return 'refersTo' in definition ? definition.refersTo : undefined
}

/** `indexKey`: 32 bytes, derived from the profile's key for this purpose alone. */
export function createStoredKeys (suite: Pick<CryptoSuite, 'hmac'>, indexKey: Uint8Array): StoredKeys {
  const remembered = new Map<string, Uint8Array>()

  /** Table id and hidden scope: what the keys of one scope begin with. */
  function prefix (table: Table, scope: Uint8Array): Uint8Array {
    const id = Uint8Array.of(tables[table].id)
    const hidden = suite.hmac(indexKey, concat(id, scope)).subarray(0, hiddenScopeBytes)
    return concat(id, hidden)
  }

  function sharedPrefix (table: Table, scope: Uint8Array): Uint8Array {
    const name = `${tables[table].id}:${String.fromCharCode(...scope)}`
    const known = remembered.get(name)
    if (known !== undefined) return known
    const made = prefix(table, scope)
    if (remembered.size >= rememberedScopesMax) remembered.clear()
    remembered.set(name, made)
    return made
  }

  function split (table: Table, key: Uint8Array, scopeBytes: number): { scope: Uint8Array, order: Uint8Array } {
    if (key.length < scopeBytes) {
      throw new UsageError('USAGE', `${table} key: ${key.length} bytes, at least ${scopeBytes}`)
    }
    return { scope: key.subarray(0, scopeBytes), order: key.subarray(scopeBytes) }
  }

  function bound (table: Table, start: Uint8Array, scope: Uint8Array, key: Uint8Array): Uint8Array {
    const parts = split(table, key, scope.length)
    if (compare(parts.scope, scope) !== 0) {
      throw new UsageError('USAGE', `${table} scan: a bound lies in another scope`)
    }
    return concat(start, parts.order)
  }

  return {
    hide (table, key) {
      const { scopeBytes } = tables[table]
      if (scopeBytes === 'whole') return prefix(table, key)
      const { scope, order } = split(table, key, scopeBytes)
      return concat(sharedPrefix(table, scope), order)
    },

    range (table, { scope, gte, lt }) {
      const { id, scopeBytes } = tables[table]
      if (scope === undefined) {
        if (gte !== undefined || lt !== undefined) {
          throw new UsageError('USAGE', `${table} scan: bounds need a scope`)
        }
        return { gte: Uint8Array.of(id), lt: Uint8Array.of(id + 1) }
      }
      if (scopeBytes === 'whole') {
        throw new UsageError('USAGE', `${table} scan: its keys have no order, so no scope either`)
      }
      if (scope.length !== scopeBytes) {
        throw new UsageError('USAGE', `${table} scan: scope of ${scope.length} bytes, not ${scopeBytes}`)
      }
      const start = sharedPrefix(table, scope)
      return {
        gte: gte === undefined ? start : bound(table, start, scope, gte),
        lt: lt === undefined ? successor(start) : bound(table, start, scope, lt)
      }
    }
  }
}

/** The least key greater than all that begin with `start`, whose first byte, a table id, is no 255. */
function successor (start: Uint8Array): Uint8Array {
  const next = start.slice()
  for (let i = next.length - 1; i >= 0; i--) {
    if (next[i]! < 255) {
      next[i]!++
      return next.subarray(0, i + 1)
    }
  }
  return next
}
