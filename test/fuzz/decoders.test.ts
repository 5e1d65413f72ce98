import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { WireError } from '../../protocol/errors.ts'
import { decode } from '../../protocol/wire/decode.ts'
import * as wire from '../../protocol/wire/restante.js'
import { decoders } from './decoders.ts'
import type { Decoder } from './decoders.ts'
import { fuzz, FuzzFailure } from './fuzz.ts'
import { Chance, mutated } from './mutate.ts'
import { messageOf, readSchema } from './schema.ts'

const growthMiBMax = 256
/** In one run of the tests; `npm run fuzz` does more. */
const executionsMin = 2000

describe('each decoder', function () {
  this.timeout(120_000)
  const seed = Number(process.env.RESTANTE_SEED ?? randomInt(1, 2 ** 31))

  it('fails on mutated bytes with a typed error of its own or not at all, and without growing', () => {
    const before = process.memoryUsage().rss
    for (const decoder of decoders()) {
      const { executions, accepted, refused } = fuzz(decoder, executionsMin, seed)
      assert.equal(accepted + refused, executions)
      assert.ok(accepted > 0, `${decoder.name}: not even its seeds are accepted`)
    }
    const grownMiB = (process.memoryUsage().rss - before) / 2 ** 20
    assert.ok(grownMiB < growthMiBMax, `${Math.round(grownMiB)} MiB`)
  })

  it('is given every message of the wire and of the store', () => {
    const names = decoders().map(({ name }) => name)
    for (const source of ['protocol/wire/restante.proto', 'node/core/records.proto']) {
      const schema = readSchema(source)
      assert.ok(schema.size > 10)
      for (const name of schema.keys()) assert.ok(names.includes(name), name)
    }
    assert.deepEqual(Object.keys(wire).filter((name) => !names.includes(name)), [])
  })
})

describe('the fuzzer', () => {
  const schema = readSchema('protocol/wire/restante.proto')
  const seeds = Array.from({ length: 10 }, (_, i) => messageOf(schema, 'Manifest', new Chance(i)))
  const planted = (read: Decoder['read']): Decoder => ({ name: 'planted', seeds, read })
  const manifest = (bytes: Uint8Array): wire.Manifest => decode(wire.Manifest, bytes, 'manifest')

  it('makes valid messages of the .proto files, and mutations that are valid as well as such that are not', () => {
    for (const seed of seeds) assert.ok(manifest(seed))
    const chance = new Chance(7)
    const verdicts = Array.from({ length: 500 }, () => {
      try {
        manifest(mutated(chance.pick(seeds), chance.pick(seeds), chance))
        return 'accepted'
      } catch (error) {
        assert.ok(error instanceof WireError)
        return error.code
      }
    })
    for (const verdict of ['accepted', 'MALFORMED', 'FIELD_TOO_LARGE']) {
      assert.ok(verdicts.filter((one) => one === verdict).length > 10, verdict)
    }
  })

  it('finds an error of no type, an unstable reading and a changed prototype, and says with which seed', () => {
    const find = (read: Decoder['read'], words: RegExp): void => {
      assert.throws(() => fuzz(planted(read), 3000, 1), (error) => {
        assert.ok(error instanceof FuzzFailure && /seed 1/.test(error.message) && words.test(error.message), String(words))
        if (error.cause instanceof Error) assert.match(error.cause.stack ?? '', /decoders\.test\.ts/, 'where it was thrown')
        return true
      })
    }
    find((bytes) => {
      if (manifest(bytes).revoked.length > 9) throw new RangeError('planted')
      return undefined
    }, /RangeError: planted/)
    find((bytes) => Uint8Array.of(...wire.Manifest.encode(manifest(bytes)), 0x58, bytes.length & 127), /written as another/)
    find(() => {
      Object.defineProperty(Object.prototype, 'planted', { value: 1, configurable: true })
      return undefined
    }, /a prototype was changed/)
    delete (Object.prototype as { planted?: number }).planted
  })

  it('repeats a run by its seed', () => {
    const { accepted, refused } = fuzz(planted((bytes) => wire.Manifest.encode(manifest(bytes))), 2000, 5)
    const again = fuzz(planted((bytes) => wire.Manifest.encode(manifest(bytes))), 2000, 5)
    assert.deepEqual([again.accepted, again.refused], [accepted, refused])
    assert.ok(accepted > 100 && refused > 100)
  })
})
