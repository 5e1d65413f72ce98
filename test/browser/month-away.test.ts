/** Whoever was away for a month: ten thousand messages lie at the relay, and all come at once. */
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { Person } from '../support/person.ts'
import {
  addContact, assertNoTrouble, composer, endBrowser, endEverybody, newContext, openConversation, openTab, makeAccount, prepare, sees, webRelay, write
} from './people.ts'

const count = 10_000
const sentAtOnce = 200
/** Far more than it takes where nothing else runs. */
const allMsMax = 600_000
const frameMsMax = 5_000

describe('a tab that was away for a month', function () {
  this.timeout(2 * allMsMax)
  before(prepare)
  afterEach(endEverybody)
  after(endBrowser)

  it('gets ten thousand messages, each once and in order, and can be used meanwhile', async () => {
    const relay = await webRelay()
    const context = await newContext({ viewport: { width: 1_000, height: 3_000 } })
    const page = await openTab(context, relay.web)
    await makeAccount(page, 'Alice')
    const carol = new Person({ name: 'Carol' }).start()
    try {
      await carol.create(relay.addresses.filter(address => !address.includes('webrtc')))
      const { invite } = await carol.call('invite.create', {})
      await addContact(page, invite)
      await write(page, 'see you in a month')
      await carol.until(() => carol.received.length > 0, 'the first message')
      const [{ contactId } = { contactId: '' }] = (await carol.call('contact.list', {})).contacts
      await page.close()
      const ids: string[] = []
      for (let sent = 0; sent < count; sent += sentAtOnce) {
        const some = Array.from({ length: sentAtOnce }, async (_, i) => await carol.call('message.send', { to: contactId, text: `number ${sent + i}` }))
        ids.push(...(await Promise.all(some)).map(({ messageId }) => messageId))
        await carol.reached(ids.slice(-sentAtOnce), ['stored'])
      }

      const startedAt = performance.now()
      const back = await openTab(context, relay.web)
      back.setDefaultTimeout(allMsMax)
      await openConversation(back, 'Carol')
      await back.evaluate(`{
        globalThis.longestMs = 0
        let before = performance.now()
        const look = now => { longestMs = Math.max(longestMs, now - before); before = now; requestAnimationFrame(look) }
        requestAnimationFrame(look)
      }`)
      // In the middle of it.
      await back.locator('.message.theirs').first().waitFor()
      await composer(back).pressSequentially('typed meanwhile')
      assert.equal(await composer(back).inputValue(), 'typed meanwhile')
      await composer(back).press('Enter')
      await sees(back, 'own', 'typed meanwhile')
      // Who wrote is at the end, and nobody scrolls from here on.
      await back.evaluate(`{
        globalThis.picturesAway = 0
        globalThis.pictures = 0
        const look = () => { pictures++; picturesAway += document.querySelector('.to-end') === null ? 0 : 1; requestAnimationFrame(look) }
        requestAnimationFrame(look)
      }`)
      await carol.reached(ids, ['delivered', 'read'])
      await sees(back, 'theirs', `number ${count - 1}`)
      const tookMs = performance.now() - startedAt
      const longestMs = await back.evaluate<number>('longestMs')
      console.log(`        ${count} messages in ${(tookMs / 1_000).toFixed(1)} s; the page stood still for ${longestMs.toFixed(0)} ms at most`)
      const [away, all] = await back.evaluate<[number, number]>('[picturesAway, pictures]')
      console.log(`        the list was away from its end in ${away} of ${all} pictures`)
      assert.ok(away < all / 4, `${away} of ${all} pictures without the newest`)
      assert.equal(await back.locator('.to-end').count(), 0)
      assert.ok(longestMs < frameMsMax, `${longestMs} ms without a picture`)
      await carol.until(() => carol.received.some(({ text }) => text === 'typed meanwhile'), 'what was typed meanwhile')
      assert.deepEqual(await allTexts(back), Array.from({ length: count }, (_, i) => `number ${i}`))
      assertNoTrouble()
    } finally {
      await carol.remove()
    }
  })
})

/** What they wrote, oldest first, as somebody sees it who scrolls from the end to the beginning. */
async function allTexts (page: Page): Promise<string[]> {
  return await page.evaluate<string[]>(`(async () => {
    const list = document.querySelector('.messages')
    list.scrollTop = list.scrollHeight
    const seen = new Map()
    let stillFor = 0
    while (stillFor < 20) {
      const size = seen.size
      await new Promise(resolve => { setTimeout(resolve, 60) })
      const rows = [...list.querySelectorAll('.row')].reverse()
      const found = rows.flatMap(row => [...row.querySelectorAll('.message.theirs .body')].map(body => body.textContent))
      for (const text of found) if (!seen.has(text)) seen.set(text, found.filter(one => one === text).length)
      stillFor = seen.size === size && list.scrollTop === 0 ? stillFor + 1 : 0
      list.scrollTop -= 1_500
    }
    if ([...seen.values()].some(times => times > 1)) throw new Error('something is there twice')
    return [...seen.keys()].reverse()
  })()`)
}
