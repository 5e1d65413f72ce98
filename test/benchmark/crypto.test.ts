/** The benchmark of handshake and ratchet: that it runs, and what it says that no machine changes. */
import assert from 'node:assert/strict'
import { benchCrypto } from './crypto.ts'
import { extraBytes } from './crypto-figures.ts'

describe('the crypto benchmark', function () {
  this.timeout(120_000)

  it('runs all its sections on both backends, and gives ratios to the first', async () => {
    const said: string[] = []
    const rows = await benchCrypto((text) => { said.push(text) }, 0.01, { rounds: 2, hasPeers: false })
    for (const section of ['bundle made', 'initiated', 'accepted', 'handshake', 'encrypted', 'decrypted', 'in a chain',
      'ping-pong', 'in a chain, a commit each', 'ping-pong, a commit each']) {
      for (const backend of ['noble', 'native']) {
        const row = rows.find(({ name }) => name === `${section}, ${backend}`)
        assert.ok(row !== undefined, `${section}, ${backend}`)
        assert.match(row.ratio, backend === 'noble' ? /^1\.00 × noble$/ : /^\d+\.\d\d × noble$/)
        assert.ok(Number(row.value.replace(/,|\D+$/g, '')) > 0, row.value)
      }
    }
    for (const section of ['handshake', 'ping-pong']) {
      const alone = rows.find(({ name }) => name === `${section}, primitives of native alone`)
      const whole = rows.find(({ name }) => name === `${section}, native`)
      assert.ok(alone !== undefined && whole !== undefined, section)
      assert.match(alone.ratio, /^\d+\.\d\d × noble$/)
      assert.ok(Number(alone.value.replace(/,|\D+$/g, '')) > 0, alone.value)
    }
    const healing = rows.filter(({ name }) => name.startsWith('healing, '))
    assert.equal(healing.length, 5)
    for (const { ratio, value } of healing) {
      assert.equal(ratio, '', 'every theft was healed')
      assert.match(value, /^\d+\.\d messages on average, \d+ at most$/)
    }
    assert.equal(rows.find(({ name }) => name === 'bytes beyond the classical ratchet')?.ratio, '0')
    assert.ok(said.some((line) => line.includes('round 2 of 2')))
  })

  it('finds not one byte of envelopes that is there for the post-quantum ratchet', () => {
    const { sent, extra, epochs } = extraBytes(120)
    assert.equal(extra, 0)
    assert.ok(sent >= 120 * 1024)
    // It was at work meanwhile.
    assert.ok(epochs >= 6, `${epochs} epochs`)
  })
})
