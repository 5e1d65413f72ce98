/**
 * The soak of native keys, as `npm run soak` runs it: keys made, exported, agreed on, signed with and
 * dropped, over and over, in a process of its own that is watched. What it looks for is a process
 * that parks for ever, as Node 20 did after some 100,000 fresh keys, and a result that changes.
 *
 *     node test/soak/native-keys.ts [--iterations 200000]
 */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { nativeSuite } from '../../node/host/native-suite.ts'
import { concat, equal, toHex, u32be } from '../../protocol/bytes.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import { nobleSuite } from '../../protocol/suites/noble.ts'
import { keptLog } from '../support/kept-log.ts'

const iterationsDefault = 200_000
/** Between two signs of life: thousands of times what the iterations between them take. */
const silenceMsMax = 60_000
const iterationsPerSign = 1000
/** Held against the reference, which is far slower. */
const comparedEvery = 2000

interface Sign { done: number, isEnd: boolean }

/** Resolves when all is done. Rejects where the process parked, failed, or computed anything wrong. */
export async function soakNativeKeys (iterations: number, onSign: (done: number) => void = () => {}): Promise<void> {
  const child = fork(fileURLToPath(import.meta.url), ['--child', '--iterations', String(iterations)])
  let last = 0
  let hasEnded = false
  await new Promise<void>((resolve, reject) => {
    const parked = (): void => {
      child.kill('SIGKILL')
      reject(new Error(`no sign of life for ${silenceMsMax / 1000} s after ${last} iterations`))
    }
    let watch = setTimeout(parked, silenceMsMax)
    child.on('message', (message) => {
      const { done, isEnd } = message as Sign
      last = done
      hasEnded = isEnd
      onSign(done)
      clearTimeout(watch)
      watch = setTimeout(parked, silenceMsMax)
    })
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      clearTimeout(watch)
      if (code === 0 && hasEnded) resolve()
      else reject(new Error(`ended with ${signal ?? code} after ${last} iterations`))
    })
  })
}

function iterate (suite: CryptoSuite, number: number): void {
  const seed = suite.sha256(u32be(number))
  const own = suite.x25519Private(seed)
  const other = suite.x25519Private(suite.sha256(seed))
  const secret = suite.x25519(own, other.publicKey)
  if (!equal(secret, suite.x25519(other, own.publicKey))) throw new Error(`iteration ${number}: two secrets`)
  const signer = suite.ed25519Private(seed)
  const signature = suite.sign(signer, secret)
  if (number % comparedEvery !== 0) return
  const kemSeed = concat(seed, secret)
  const { ciphertext, secret: kemSecret } = nobleSuite.encapsulate(suite.kemPrivate(kemSeed).publicKey, seed)
  const results = concat(own.publicKey, secret, signer.publicKey, signature, suite.decapsulate(suite.kemPrivate(kemSeed), ciphertext))
  const expected = concat(nobleSuite.x25519Private(seed).publicKey,
    nobleSuite.x25519(nobleSuite.x25519Private(seed), other.publicKey),
    nobleSuite.ed25519Private(seed).publicKey, nobleSuite.sign(nobleSuite.ed25519Private(seed), secret), kemSecret)
  if (!equal(results, expected)) throw new Error(`iteration ${number}: ${toHex(results)} is not what the reference gives`)
  if (!suite.verify(signer.publicKey, secret, signature)) throw new Error(`iteration ${number}: a signature does not verify`)
}

function run (iterations: number): void {
  const suite = nativeSuite(keptLog())
  if (suite.name !== 'native') throw new Error('this Node has no native suite to soak')
  for (let number = 1; number <= iterations; number++) {
    iterate(suite, number)
    if (number % iterationsPerSign === 0) process.send?.({ done: number, isEnd: false } satisfies Sign)
  }
  process.send?.({ done: iterations, isEnd: true } satisfies Sign)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: { iterations: { type: 'string', default: String(iterationsDefault) }, child: { type: 'boolean' } }
  })
  const iterations = Number(values.iterations)
  if (!Number.isSafeInteger(iterations) || iterations < 1) throw new Error('--iterations: a whole number from 1')
  if (values.child === true) {
    run(iterations)
    process.disconnect()
  } else {
    const startedAt = performance.now()
    await soakNativeKeys(iterations, done => {
      if (done % 20_000 === 0) console.log(`native keys: ${done} of ${iterations}`)
    })
    console.log(`native keys: ${iterations} iterations in ${((performance.now() - startedAt) / 1000).toFixed(0)} s, none parked, none wrong`)
  }
}
