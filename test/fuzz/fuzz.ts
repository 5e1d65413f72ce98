/** One run of mutated inputs against one decoder, by a seed that repeats it. */
import { isDeepStrictEqual } from 'node:util'
import { RestanteError } from '../../protocol/errors.ts'
import { toHex } from '../../protocol/bytes.ts'
import { corpus, isStable } from './decoders.ts'
import type { Decoder } from './decoders.ts'
import { Chance, mutated, mutatedText } from './mutate.ts'

export interface FuzzResult { executions: number, accepted: number, refused: number, ms: number }

export class FuzzFailure extends Error {}

/** What a polluted prototype would show. */
function prototypes (): unknown[] {
  return [Object.prototype, Array.prototype, Uint8Array.prototype, Function.prototype].map((one) => Reflect.ownKeys(one))
}

/**
 * FuzzFailure, with seed and input, for anything thrown that is no RestanteError or is our own bug
 * (INTERNAL); for what reads and encodes to something else than it reads; for prototypes that change.
 */
export function fuzz (decoder: Decoder, executionsMin: number, seed: number): FuzzResult {
  const chance = new Chance(seed)
  const known = prototypes()
  const result: FuzzResult = { executions: 0, accepted: 0, refused: 0, ms: 0 }
  const startedAt = performance.now()
  withoutStacks(() => {
    for (const bytes of [new Uint8Array(0), ...corpus(), ...decoder.seeds]) runOnce(decoder, bytes, seed, result)
    const texts = decoder.isText === true ? decoder.seeds.map((bytes) => new TextDecoder().decode(bytes)) : undefined
    while (result.executions < executionsMin) {
      const input = texts === undefined
        ? mutated(chance.pick(decoder.seeds), chance.pick(decoder.seeds), chance)
        : new TextEncoder().encode(mutatedText(chance.pick(texts), chance.pick(texts), chance))
      runOnce(decoder, input, seed, result)
    }
  })
  result.ms = performance.now() - startedAt
  if (!isDeepStrictEqual(prototypes(), known)) throw new FuzzFailure(`${decoder.name}, seed ${seed}: a prototype was changed`)
  return result
}

/** Three in four inputs are refused, and the stacks of those errors cost more than the reading. */
function withoutStacks (run: () => void): void {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 0
  try {
    run()
  } finally {
    Error.stackTraceLimit = limit
  }
}

/** What reading `bytes` throws once more, now that somebody will want to know where. */
function withStack (decoder: Decoder, bytes: Uint8Array): unknown {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 30
  try {
    decoder.read(bytes)
    return undefined
  } catch (cause) {
    return cause
  } finally {
    Error.stackTraceLimit = limit
  }
}

function runOnce (decoder: Decoder, bytes: Uint8Array, seed: number, result: FuzzResult): void {
  result.executions++
  let again: Uint8Array | undefined
  try {
    again = decoder.read(bytes)
    result.accepted++
  } catch (cause) {
    result.refused++
    if (cause instanceof RestanteError && cause.code !== 'INTERNAL') return
    throw failure(decoder, bytes, seed, String(cause), withStack(decoder, bytes) ?? cause)
  }
  if (again !== undefined && !isStable(decoder, again)) throw failure(decoder, bytes, seed, 'reads as one thing and is written as another')
}

function failure (decoder: Decoder, bytes: Uint8Array, seed: number, words: string, cause?: unknown): FuzzFailure {
  return new FuzzFailure(`${decoder.name}, seed ${seed}: ${words}, for ${toHex(bytes.subarray(0, 3000))}`, { cause })
}
