/**
 * Valid messages of every kind, made from the .proto files themselves: a message that is added there
 * is fuzzed from then on.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../house/files.ts'
import type { Chance } from './mutate.ts'
import { fieldOf, numberField } from './mutate.ts'

interface Field { number: number, type: string, repeated: boolean, limit: number, lengthMax: number }
export type Schema = Map<string, Field[]>

export function readSchema (source: string): Schema {
  const text = readFileSync(join(root, source), 'utf8').replaceAll(/\/\/.*$/gm, '')
  const schema: Schema = new Map()
  for (const [, name, body] of text.matchAll(/^message (\w+) \{([\s\S]*?)\n?\}$/gm)) {
    const fields = [...body!.matchAll(/(repeated )?(\w+) \w+ = (\d+)([^;]*);/g)].map(([, repeated, type, number, options]) => ({
      number: Number(number),
      type: type!,
      repeated: repeated !== undefined,
      limit: Number(/limit = (\d+)/.exec(options!)?.[1] ?? 6),
      lengthMax: Number(/maxLength = (\d+)/.exec(options!)?.[1] ?? 64)
    }))
    schema.set(name!, fields)
  }
  return schema
}

/** An encoded message `name`, valid in its shape. */
export function messageOf (schema: Schema, name: string, chance: Chance): Uint8Array {
  const parts: Uint8Array[] = []
  for (const field of schema.get(name) ?? []) {
    const times = field.repeated ? chance.below(Math.min(field.limit, 4) + 1) : chance.below(4) === 0 ? 0 : 1
    for (let i = 0; i < times; i++) parts.push(valueOf(schema, field, chance))
  }
  return concatAll(parts)
}

function valueOf (schema: Schema, { number, type, lengthMax }: Field, chance: Chance): Uint8Array {
  switch (type) {
    case 'uint32': return numberField(number, 1 + chance.below(0xffff_ffff))
    case 'uint64': return numberField(number, 1 + chance.below(2 ** 48))
    case 'bool': return numberField(number, 1)
    case 'string': return fieldOf(number, new TextEncoder().encode('čau, /dns4/a.example/tcp/1'.slice(0, 1 + chance.below(26))))
    case 'bytes': return fieldOf(number, chance.bytes(lengthMax))
    default: return fieldOf(number, messageOf(schema, type, chance))
  }
}

function concatAll (parts: Uint8Array[]): Uint8Array { return Uint8Array.from(parts.flatMap((part) => [...part])) }
