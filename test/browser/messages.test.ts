/** What can be done with a message in a browser: answer it, react to it, change it, delete it, look where it has been. */
import assert from 'node:assert/strict'
import type { Locator, Page } from 'playwright-core'
import { assertAccessible } from './accessible.ts'
import {
  assertNoTrouble, bubbles, composer, endBrowser, endEverybody, openConversation, prepare, reached, sees, twoFriends, webRelay, write
} from './people.ts'
import type { WebPerson } from './people.ts'

const messageOf = (page: Page, side: 'own' | 'theirs', text: string): Locator =>
  page.locator(`.message.${side}`).filter({ has: page.locator('.body, .bubble > .quiet').getByText(text, { exact: true }) })

async function detailsOf (page: Page, side: 'own' | 'theirs', text: string): Promise<Locator> {
  const message = messageOf(page, side, text)
  await message.hover()
  await message.getByRole('button', { name: 'Details' }).click()
  return page.getByRole('dialog', { name: 'About this message' })
}

describe('a message in a browser', function () {
  this.timeout(180_000)
  let alice: WebPerson
  let bob: WebPerson

  before(async () => {
    await prepare();
    [alice, bob] = await twoFriends(await webRelay())
  })
  afterEach(() => { assertNoTrouble() })
  after(async () => {
    await endEverybody()
    await endBrowser()
  })

  it('is answered with a line of it, which leads to it', async () => {
    for (let i = 1; i <= 40; i++) await write(alice.page, `before ${i}`)
    await sees(bob.page, 'theirs', 'before 40')
    const dialog = await detailsOf(alice.page, 'own', 'before 40')
    await dialog.getByRole('button', { name: 'Reply' }).click()
    await alice.page.keyboard.type('an answer to myself')
    await alice.page.keyboard.press('Enter')
    await bob.page.locator('.message.theirs', { hasText: 'an answer to myself' }).locator('.quote', { hasText: 'before 40' }).waitFor()

    await bob.page.evaluate('document.querySelector(".messages").scrollTop = 0')
    const first = messageOf(bob.page, 'theirs', 'first')
    await first.hover()
    await first.getByRole('button', { name: 'Reply' }).click()
    assert.ok(await bob.page.locator('.concerns', { hasText: 'first' }).isVisible())
    await bob.page.keyboard.press('Escape')
    assert.equal(await bob.page.locator('.concerns').count(), 0)
    await composer(bob.page).waitFor()
    await first.hover()
    await first.getByRole('button', { name: 'Reply' }).click()
    await bob.page.keyboard.type('an answer to the first')
    await bob.page.keyboard.press('Enter')
    await sees(alice.page, 'theirs', 'an answer to the first')
    assert.equal(await alice.page.locator('.message', { hasText: 'first' }).filter({ has: alice.page.locator('.body').getByText('first', { exact: true }) }).count(), 0, 'far above')
    await alice.page.locator('.message.theirs', { hasText: 'an answer to the first' }).locator('.quote').click()
    await alice.page.locator('.message.own.found', { hasText: 'first' }).waitFor()
    await alice.page.getByRole('button', { name: 'To the newest message' }).click()
  })

  it('is reacted to with an emoji of a few or any other, one of each person, which goes away again', async () => {
    await write(alice.page, 'how do you like it?')
    await sees(bob.page, 'theirs', 'how do you like it?')
    await (await detailsOf(bob.page, 'theirs', 'how do you like it?')).getByRole('button', { name: 'React with 👍' }).click()
    const shown = messageOf(alice.page, 'own', 'how do you like it?')
    await shown.getByRole('button', { name: '👍: 1 reaction' }).click()
    await shown.getByRole('button', { name: '👍: 2 reactions' }).waitFor()
    const other = (await detailsOf(bob.page, 'theirs', 'how do you like it?')).getByLabel('Another emoji')
    await other.fill('🦆')
    await other.press('Enter')
    await shown.getByRole('button', { name: '🦆: 1 reaction' }).waitFor()
    await shown.getByRole('button', { name: '👍: 1 reaction' }).waitFor()
    await messageOf(bob.page, 'theirs', 'how do you like it?').getByRole('button', { name: '🦆: 1 reaction' }).click()
    await shown.getByRole('button', { name: /🦆/ }).waitFor({ state: 'detached' })
  })

  it('is changed by its author, with the arrow key as well, and what was being written stays', async () => {
    await write(alice.page, 'a tpyo')
    await sees(bob.page, 'theirs', 'a tpyo')
    await composer(alice.page).press('ArrowUp')
    assert.equal(await composer(alice.page).inputValue(), 'a tpyo')
    await composer(alice.page).fill('a typo')
    await composer(alice.page).press('Enter')
    await sees(bob.page, 'theirs', 'a typo')
    await messageOf(bob.page, 'theirs', 'a typo').getByText('Edited').waitFor()
    assert.equal(await bubbles(bob.page, 'theirs').getByText('a tpyo', { exact: true }).count(), 0)

    await composer(alice.page).fill('half of a')
    await (await detailsOf(alice.page, 'own', 'a typo')).getByRole('button', { name: 'Edit' }).click()
    await composer(alice.page).press('Escape')
    assert.equal(await composer(alice.page).inputValue(), 'half of a')

    // A change that was begun waits for whoever looks at something else meanwhile.
    await (await detailsOf(alice.page, 'own', 'a typo')).getByRole('button', { name: 'Edit' }).click()
    await composer(alice.page).fill('a typo, almost mended')
    await alice.page.getByRole('button', { name: 'Settings' }).click()
    await openConversation(alice.page, 'Bob')
    await alice.page.locator('.concerns', { hasText: 'a typo' }).waitFor()
    assert.equal(await composer(alice.page).inputValue(), 'a typo, almost mended')
    await composer(alice.page).press('Escape')
    assert.equal(await composer(alice.page).inputValue(), 'half of a')
    await alice.page.getByRole('button', { name: 'Settings' }).click()
    await openConversation(alice.page, 'Bob')
    for (let i = 0; i < 100 && await composer(alice.page).inputValue() === ''; i++) await alice.page.waitForTimeout(50)
    assert.equal(await composer(alice.page).inputValue(), 'half of a', 'what was given up does not come back')
    await composer(alice.page).fill('')
    assert.equal(await (await detailsOf(bob.page, 'theirs', 'a typo')).getByRole('button', { name: 'Edit' }).count(), 0, 'not by others')
    await bob.page.keyboard.press('Escape')
  })

  it('is deleted here without a trace, or for everyone, and not without a question', async () => {
    for (const text of ['only here', 'at both ends']) await write(alice.page, text)
    await sees(bob.page, 'theirs', 'at both ends')
    await (await detailsOf(alice.page, 'own', 'only here')).getByRole('button', { name: 'Delete here' }).click()
    await alice.page.getByRole('button', { name: 'Cancel' }).click()
    await sees(alice.page, 'own', 'only here')
    await (await detailsOf(alice.page, 'own', 'only here')).getByRole('button', { name: 'Delete here' }).click()
    await alice.page.getByRole('dialog').getByRole('button', { name: 'Delete here' }).click()
    await messageOf(alice.page, 'own', 'only here').waitFor({ state: 'detached' })

    await (await detailsOf(alice.page, 'own', 'at both ends')).getByRole('button', { name: 'Delete for everyone' }).click()
    await alice.page.getByRole('dialog').getByRole('button', { name: 'Delete for everyone' }).click()
    for (const [page, side] of [[alice.page, 'own'], [bob.page, 'theirs']] as const) {
      await messageOf(page, side, 'This message was deleted.').waitFor()
      assert.equal(await bubbles(page, side).getByText('at both ends', { exact: true }).count(), 0)
    }
    await sees(bob.page, 'theirs', 'only here')
  })

  it('is announced while it is written, where both want that, and not otherwise', async () => {
    const writing = bob.page.locator('.writing')
    /** As long as there is no straight way between the two, nobody hears it. */
    const typeUntil = async (isHeard: () => Promise<boolean>): Promise<void> => {
      for (let keys = 0; keys < 120 && !await isHeard(); keys++) {
        await composer(alice.page).press('a')
        await alice.page.waitForTimeout(250)
      }
    }
    const isShown = async (): Promise<boolean> => await writing.innerText() === 'Alice is writing …'
    const want = async ({ page }: WebPerson, isWanted: boolean, name: string): Promise<void> => {
      await page.getByRole('button', { name: 'Settings' }).click()
      await page.getByRole('switch', { name: 'Show who is writing' }).setChecked(isWanted)
      await openConversation(page, name)
    }
    await want(bob, true, 'Alice')
    for (let keys = 0; keys < 8; keys++) {
      await composer(alice.page).press('a')
      assert.equal(await isShown(), false, 'Alice does not want it')
      await alice.page.waitForTimeout(250)
    }
    await want(alice, true, 'Bob')
    await typeUntil(isShown)
    await writing.getByText('Alice is writing …').waitFor()
    await assertAccessible(bob.page, 'somebody is writing')
    await write(alice.page, 'said at last')
    await sees(bob.page, 'theirs', 'said at last')
    assert.equal(await isShown(), false)

    await want(bob, false, 'Alice')
    for (let keys = 0; keys < 8; keys++) {
      await composer(alice.page).press('a')
      assert.equal(await isShown(), false, 'Bob does not want it')
      await alice.page.waitForTimeout(250)
    }
    await want(alice, false, 'Bob')
    await composer(alice.page).fill('')
  })

  it('tells each state it was in, its time and its way, and which relay has it until when', async () => {
    await write(alice.page, 'while both are here')
    await reached(alice.page, 'while both are here', ['read'])
    const dialog = await detailsOf(alice.page, 'own', 'while both are here')
    await dialog.getByText('Written').waitFor()
    for (const state of ['Delivered', 'Read']) await dialog.locator('dt', { hasText: state }).waitFor()
    assert.match(await dialog.locator('.facts').innerText(), /straight|by relay/)
    await alice.page.keyboard.press('Escape')
    await bob.page.close()
    await write(alice.page, 'nobody is there')
    await reached(alice.page, 'nobody is there', ['stored'])
    const stored = await detailsOf(alice.page, 'own', 'nobody is there')
    await stored.getByText(/^Stored by 1 of 1 until /).waitFor()
    await stored.locator('dd', { hasText: /^Stored at .*, kept until / }).waitFor()
    await assertAccessible(alice.page, 'details')
    await alice.page.keyboard.press('Escape')
  })

  it('has all of it by keyboard, named for a screen reader, and nothing that axe objects to', async () => {
    const { page } = alice
    const last = messageOf(page, 'own', 'nobody is there')
    await last.getByRole('button', { name: 'Details' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').getByRole('button', { name: 'React with 👍' }).focus()
    await page.keyboard.press('Enter')
    await last.getByRole('button', { name: '👍: 1 reaction', pressed: true }).waitFor()
    await last.getByRole('button', { name: 'Reply' }).focus()
    await page.keyboard.press('Enter')
    assert.equal(await page.evaluate('document.activeElement.id'), 'composer')
    assert.match(await page.evaluate<string>('document.getElementById(document.activeElement.getAttribute("aria-describedby")).textContent'), /Reply to:.*nobody is there/)
    await assertAccessible(page, 'a conversation with replies and reactions')
    await page.keyboard.press('Escape')
  })
})
