/** What goes wrong on a person's machine: no room, nothing may be kept, a wrong clock, a relay that goes away. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { launchProfile } from '../support/chromium.ts'
import {
  assertNoTrouble, bubbles, composer, endBrowser, endEverybody, newContext, openConversation, openTab, prepare, reached,
  restartedRelay, sees, twoFriends, webPerson, webRelay, write, addContact, inviteOf, makeAccount
} from './people.ts'

const quotaBytes = 12 << 20
const yearMs = 365 * 86_400_000

describe('the web messenger in trouble', function () {
  this.timeout(180_000)
  before(prepare)
  afterEach(endEverybody)
  after(endBrowser)

  it('says that the browser has no room left, loses nothing of what was written or sent meanwhile, and goes on with room', async () => {
    const relay = await webRelay()
    const context = await newContext()
    const page = await openTab(context, relay.web)
    const session = await context.newCDPSession(page)
    // Before it is first looked at: the browser keeps for half a minute what it knows of the room that is left.
    const { origin } = new URL(relay.web)
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: quotaBytes })
    await makeAccount(page, 'Alice')
    const bob = await webPerson('Bob', relay.web)
    await addContact(bob.page, await inviteOf(page))
    await write(bob.page, 'first')
    await openConversation(page, 'Bob')
    await sees(page, 'theirs', 'first')
    await fill(page)
    const banner = page.getByText('This browser has no room left.')
    for (let i = 1; i <= 60 && !await banner.isVisible(); i++) {
      await write(bob.page, `meanwhile ${i}`)
      await page.waitForTimeout(100)
    }
    await banner.waitFor()
    await write(bob.page, 'sent while it was full')
    await reached(bob.page, 'sent while it was full', ['stored'])
    await sees(page, 'theirs', 'first')
    await write(page, 'written while it was full')
    await page.getByText('Not sent:').waitFor()
    assert.equal(await composer(page).inputValue(), 'written while it was full')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('There is no room left for it in this browser.', { exact: true }).waitFor()

    // What is deleted is free when the browser tidies up; so the device has more room instead.
    await session.send('Storage.overrideQuotaForOrigin', { origin })
    await page.getByRole('button', { name: 'Try again' }).click()
    await banner.waitFor({ state: 'hidden' })
    await sees(page, 'theirs', 'sent while it was full')
    assert.deepEqual(await bubbles(page, 'theirs').allTextContents(), await bubbles(bob.page, 'own').allTextContents())
    await composer(page).press('Enter')
    await sees(bob.page, 'theirs', 'written while it was full')
    await reached(page, 'written while it was full', ['delivered', 'read'])
    assertNoTrouble(/storeFailed|storeFull/)
  })

  /** A page of a browser that has its ways begins, says these words, and stops there. */
  async function stops (words: string, settings?: Record<string, unknown>, script?: string): Promise<void> {
    const relay = await webRelay()
    const folder = mkdtempSync(join(tmpdir(), 'restante-stops-'))
    const context = await launchProfile(folder, settings)
    try {
      if (script !== undefined) await context.addInitScript(script)
      const page = await openTab(context, relay.web)
      await page.getByText(words).waitFor()
      await page.getByText('Restante has stopped').waitFor()
      assertNoTrouble(/peerFailed/)
    } finally {
      await context.close()
      rmSync(folder, { recursive: true })
    }
  }

  it('says that nothing can be kept where the browser lets no page keep anything', async () => {
    await stops('The browser does not let this page keep data.', { profile: { default_content_setting_values: { cookies: 2 } } })
  })

  it('does not begin where the browser computes wrong', async () => {
    await stops('What is computed here for sha256 is wrong.', undefined,
      'const { getUint32 } = DataView.prototype; DataView.prototype.getUint32 = function (...where) { return getUint32.apply(this, where) ^ 1 }')
  })

  it('says that a part of the page is missing, as after its host has a newer one, and begins once it is there', async () => {
    const relay = await webRelay()
    const context = await newContext()
    await context.route(/\/assets\/owner-/, async route => { await route.abort() })
    const page = await openTab(context, relay.web)
    await page.getByText('A part of this page could not be loaded.').waitFor()
    await context.unroute(/\/assets\/owner-/)
    await page.getByRole('button', { name: 'Try again' }).click()
    await makeAccount(page, 'Alice')
    assertNoTrouble(/peerNotLoaded/)
  })

  it('says so in the settings where the browser promises nothing', async () => {
    const relay = await webRelay()
    const [{ page }] = await twoFriends(relay)
    // A window without a history is asked, and never promises.
    assert.equal(await page.evaluate('navigator.storage.persisted()'), false)
    await page.getByRole('button', { name: 'Settings' }).click()
    await page.getByText('The browser may delete it when room is short').waitFor()
    assertNoTrouble()
  })

  for (const [words, offMs] of [['a year slow', -yearMs], ['a year fast', yearMs]] as const) {
    it(`keeps order and ticks right with a clock that is ${words}`, async () => {
      const relay = await webRelay()
      const context = await newContext()
      await context.addInitScript(`{
        const { now } = Date
        Date = class extends Date { constructor (...all) { if (all.length === 0) super(now() + ${offMs}); else super(...all) } }
        Date.now = () => now() + ${offMs}
      }`)
      const page = await openTab(context, relay.web)
      await makeAccount(page, 'Alice')
      assert.ok(Math.abs(await page.evaluate<number>('Date.now()') - Date.now() - offMs) < yearMs / 100)
      const bob = await webPerson('Bob', relay.web)
      await page.getByText('The clock of this device seems wrong').waitFor()
      // An invite is for seven days: the other way round it has ended before it is read.
      const [giver, taker] = offMs < 0 ? [bob.page, page] : [page, bob.page]
      await addContact(taker, await inviteOf(giver))
      await write(taker, 'line 1')
      await openConversation(giver, giver === page ? 'Bob' : 'Alice')
      for (let i = 2; i <= 9; i++) {
        const [from, to] = i % 2 === 0 ? [giver, taker] : [taker, giver]
        await sees(from, 'theirs', `line ${i - 1}`)
        await write(from, `line ${i}`)
        await sees(to, 'theirs', `line ${i}`)
      }
      const lines = Array.from({ length: 9 }, (_, i) => `line ${i + 1}`)
      for (const one of [page, bob.page]) {
        assert.deepEqual(await one.locator('.message .body').allTextContents(), lines)
        assert.equal(await one.locator('.late').count(), 0)
      }
      await reached(taker, 'line 9', ['delivered', 'read'])
      await reached(giver, 'line 8', ['delivered', 'read'])
      // And what lies at the relay.
      await bob.page.close()
      await write(page, 'line 10')
      await reached(page, 'line 10', ['stored'])
      const back = await openTab(bob.context, relay.web)
      await openConversation(back, 'Alice')
      await sees(back, 'theirs', 'line 10')
      await reached(page, 'line 10', ['delivered', 'read'])
      assertNoTrouble()
    })
  }

  it('holds back what is written while its relay is away and nobody is here, and sends it once, in order, when it is back', async () => {
    const relay = await webRelay()
    const [alice, bob] = await twoFriends(relay)
    await bob.page.close()
    assert.equal(await relay.stop(), 0)
    for (let i = 1; i <= 3; i++) await write(alice.page, `held back ${i}`)
    await reached(alice.page, 'held back 3', ['queued'])
    await alice.page.getByText('Your relay does not answer').waitFor()
    const again = await restartedRelay(relay)
    await reached(alice.page, 'held back 3', ['stored'])
    const back = await openTab(bob.context, again.web)
    await openConversation(back, 'Alice')
    await sees(back, 'theirs', 'held back 3')
    assert.deepEqual(await bubbles(back, 'theirs').allTextContents(), ['first', 'held back 1', 'held back 2', 'held back 3'])
    await reached(alice.page, 'held back 3', ['delivered', 'read'])
    assertNoTrouble()
  })
})

/** Other data of this page, until nothing more fits. */
async function fill (page: Page): Promise<void> {
  const reason = await page.evaluate<string>(`(async () => {
    const settled = (target, done) => new Promise(resolve => {
      target[done] = () => { resolve(undefined) }
      target.onabort = target.onerror = () => { resolve(target.error?.name ?? 'unknown') }
    })
    const opening = indexedDB.open('ballast')
    opening.onupgradeneeded = () => { opening.result.createObjectStore('all', { autoIncrement: true }) }
    await settled(opening, 'onsuccess')
    const begin = () => opening.result.transaction('all', 'readwrite')
    let failure
    for (let bytes = 1 << 20; bytes >= 512; bytes >>= 1) {
      do {
        const transaction = begin()
        transaction.objectStore('all').put(crypto.getRandomValues(new Uint8Array(Math.min(bytes, 65_536))))
        for (let more = 65_536; more < bytes; more += 65_536) transaction.objectStore('all').put(new Uint8Array(65_536))
        failure = await settled(transaction, 'oncomplete')
      } while (failure === undefined)
    }
    return failure
  })()`)
  assert.equal(reason, 'QuotaExceededError')
}
