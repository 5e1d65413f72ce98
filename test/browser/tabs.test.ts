/** What becomes of a profile whose tabs are many, close, reload, crash, freeze, or are locked. */
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import {
  assertNoTrouble, bubbles, composer, endBrowser, endEverybody, newContext, openConversation, openTab, prepare, reached, sees,
  makeAccount, twoFriends, webRelay, write
} from './people.ts'

const count = 12

describe('a profile in tabs', function () {
  this.timeout(180_000)
  before(prepare)
  afterEach(endEverybody)
  after(endBrowser)

  it('is the same in two tabs, and goes on in the other when its owner closes', async () => {
    const relay = await webRelay()
    const [alice, bob] = await twoFriends(relay)
    const second = await openTab(alice.context, relay.web)
    await openConversation(second, 'Bob')
    await sees(second, 'own', 'first')
    await write(second, 'from the second tab')
    await sees(alice.page, 'own', 'from the second tab')
    await sees(bob.page, 'theirs', 'from the second tab')
    await write(bob.page, 'to both')
    await Promise.all([sees(alice.page, 'theirs', 'to both'), sees(second, 'theirs', 'to both')])

    await alice.page.close()
    await write(second, 'the owner is gone')
    await sees(bob.page, 'theirs', 'the owner is gone')
    await reached(second, 'the owner is gone', ['delivered', 'read'])
    await write(bob.page, 'I see')
    await sees(second, 'theirs', 'I see')
    assertNoTrouble()
  })

  it('loses and doubles nothing when it is reloaded in the middle of sends', async () => {
    const relay = await webRelay()
    const [alice, bob] = await twoFriends(relay)
    const shown = new Set<string>()
    for (let i = 1; i <= count; i++) {
      await write(alice.page, `sent ${i}`)
      for (const text of await bubbles(alice.page, 'own').allTextContents()) shown.add(text)
      if (i % 4 !== 0) continue
      await alice.page.reload()
      // What was cut off before it was a message is a draft, which comes with the messages: it is sent, as a person would.
      await bubbles(alice.page, 'own').first().waitFor()
      const left = await composer(alice.page).inputValue()
      if (left === '') continue
      if ((await bubbles(alice.page, 'own').allTextContents()).includes(left)) await composer(alice.page).fill('')
      else await composer(alice.page).press('Enter')
    }
    await sameAtBothEnds(alice.page, bob.page, shown)
    assertNoTrouble()
  })

  it('loses and doubles nothing when its tab crashes in the middle of sends', async () => {
    const relay = await webRelay()
    const [alice, bob] = await twoFriends(relay)
    const session = await alice.context.newCDPSession(alice.page)
    for (let i = 1; i <= count; i++) await write(alice.page, `sent ${i}`)
    const shown = new Set(await bubbles(alice.page, 'own').allTextContents())
    // It never answers: what would answer is what crashes.
    session.send('Page.crash').catch(() => {})
    await alice.page.waitForEvent('crash')
    await alice.page.close()
    const again = await openTab(alice.context, relay.web)
    await openConversation(again, 'Bob')
    await sameAtBothEnds(again, bob.page, shown)
    assertNoTrouble()
  })

  it('is taken from a tab that is frozen, which follows when it wakes', async () => {
    const relay = await webRelay()
    const [alice, bob] = await twoFriends(relay)
    const second = await openTab(alice.context, relay.web)
    await openConversation(second, 'Bob')
    const session = await alice.context.newCDPSession(alice.page)
    // As good as frozen, and whatever the browser thinks of locks and freezing: its script stands still.
    await session.send('Debugger.enable')
    await session.send('Debugger.pause')
    const paused = new Promise(resolve => { session.once('Debugger.paused', resolve) })
    alice.page.evaluate('1').catch(() => { /* It only makes a script run that can be paused. */ })
    await paused
    await write(second, 'the owner is frozen')
    await sees(bob.page, 'theirs', 'the owner is frozen')

    await session.send('Debugger.resume')
    await session.detach()
    await composer(alice.page).waitFor()
    await sees(alice.page, 'own', 'the owner is frozen')
    await write(alice.page, 'awake, and a follower')
    await sees(second, 'own', 'awake, and a follower')
    await sees(bob.page, 'theirs', 'awake, and a follower')
    assert.equal((await bubbles(bob.page, 'theirs').allTextContents()).filter(text => text === 'the owner is frozen').length, 1)
    // What the frozen tab had at hand met the fence.
    assertNoTrouble(/storeFailed|peerFailed/)
  })

  it('opens with its passphrase and with no other, and once for all its tabs', async () => {
    const relay = await webRelay()
    const context = await newContext()
    const page = await openTab(context, relay.web)
    await makeAccount(page, 'Alice', 'correct horse')
    await page.reload()
    await page.getByLabel('Passphrase').fill('wrong horse')
    await page.getByRole('button', { name: 'Unlock' }).click()
    await page.getByText('That is not the passphrase.').waitFor()
    await page.getByLabel('Passphrase').fill('correct horse')
    await page.getByRole('button', { name: 'Unlock' }).click()
    await page.locator('.sidebar .brand', { hasText: 'Alice' }).waitFor()
    // A second tab has the key from the first one.
    const second = await openTab(context, relay.web)
    await second.locator('.sidebar .brand', { hasText: 'Alice' }).waitFor()
    await page.close()
    await second.getByRole('button', { name: 'Settings' }).click()
    await second.getByText('A passphrase protects what is kept here.').waitFor()
    assertNoTrouble()
  })

  it('shows nothing of what was said to whoever reads the browser\'s data, and is gone when it is deleted', async () => {
    const relay = await webRelay()
    const [alice] = await twoFriends(relay)
    const secret = 'xylophone marmalade'
    await write(alice.page, secret)
    await reached(alice.page, secret, ['delivered', 'read'])
    await composer(alice.page).fill(`${secret} draft`)
    await alice.page.locator('.sidebar').getByText('Draft:').waitFor()
    await alice.page.reload()
    let draft = ''
    for (let i = 0; i < 200 && draft === ''; i++) {
      draft = await composer(alice.page).inputValue()
      await alice.page.waitForTimeout(50)
    }
    assert.equal(draft, `${secret} draft`, 'the draft is kept')
    const kept = await everythingKept(alice.page)
    assert.ok(kept.length > 10_000, `${kept.length} bytes are kept`)
    for (const words of ['xylophone', 'marmalade', 'Alice', 'Bob', 'restante1']) {
      assert.equal(kept.includes(words), false, words)
    }

    await alice.page.getByRole('button', { name: 'Settings' }).click()
    await alice.page.getByRole('button', { name: 'Delete everything' }).click()
    await alice.page.getByLabel('Your name').fill('Alice')
    await alice.page.getByRole('button', { name: 'Delete for good' }).click()
    await alice.page.getByRole('button', { name: 'Create account' }).waitFor()
    // A new one is opened for whoever comes next; it has a number, and nothing else.
    assert.ok((await everythingKept(alice.page)).length < 100)
    assertNoTrouble()
  })
})

/**
 * What was shown as sent is there, in order and once, and what is at one end is at the other. A text whose Enter
 * came at the very end may not have been taken in yet: then it is at neither.
 */
async function sameAtBothEnds (from: Page, to: Page, shown: Set<string>): Promise<void> {
  await write(from, 'that was all')
  await sees(to, 'theirs', 'that was all')
  await reached(from, 'that was all', ['delivered', 'read'])
  const arrived = await bubbles(to, 'theirs').allTextContents()
  assert.deepEqual(await bubbles(from, 'own').allTextContents(), arrived)
  const all = ['first', ...Array.from({ length: count }, (_, i) => `sent ${i + 1}`), 'that was all']
  assert.deepEqual(arrived, all.filter(text => arrived.includes(text)), 'in order, and once')
  assert.deepEqual([...shown].filter(text => !arrived.includes(text)), [], 'shown as sent, and lost')
  assert.ok(shown.size > 1, 'something was shown as sent before')
}

/** Every value of every database of the page, and its other storage, as text. */
async function everythingKept (page: Page): Promise<string> {
  return await page.evaluate(`(async () => {
    const found = [JSON.stringify({ ...localStorage, ...sessionStorage }), JSON.stringify(history.state ?? null)]
    found.splice(0, 2, JSON.stringify({ ...localStorage }))
    const textOf = value => {
      if (value instanceof Uint8Array) return String.fromCharCode(...value)
      if (value !== null && typeof value === 'object') return Object.entries(value).map(([name, inner]) => name + textOf(inner)).join()
      return String(value)
    }
    for (const { name } of await indexedDB.databases()) {
      const database = await new Promise((resolve, reject) => {
        const request = indexedDB.open(name)
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error)
      })
      for (const store of database.objectStoreNames) {
        const all = kind => new Promise(resolve => {
          const request = database.transaction(store).objectStore(store)[kind]()
          request.onsuccess = () => resolve(request.result)
        })
        for (const one of [...await all('getAllKeys'), ...await all('getAll')]) found.push(textOf(one))
      }
      database.close()
    }
    return found.join('\\n')
  })()`)
}
