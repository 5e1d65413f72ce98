/** The web messenger as people use it: two browsers and a command, through a real relay. */
import assert from 'node:assert/strict'
import { startCommand } from '../support/cli.ts'
import { Person } from '../support/person.ts'
import {
  addContact, assertNoTrouble, bubbles, composer, endBrowser, endEverybody, inviteOf, makeAccount, newContext, openConversation, openTab,
  prepare, reached, restartedRelay, sees, twoFriends, webPerson, webRelay, write
} from './people.ts'

describe('people in browsers', function () {
  this.timeout(180_000)
  before(prepare)
  afterEach(endEverybody)
  after(endBrowser)

  it('meet by a link that was opened, and talk both ways', async () => {
    const relay = await webRelay()
    const alice = await webPerson('Alice', relay.web)
    const invite = await inviteOf(alice.page)

    const page = await openTab(await newContext(), `${relay.web}#${invite.slice('restante:'.length)}`)
    await page.getByText('Somebody has invited you').waitFor()
    assert.equal(new URL(page.url()).hash, '', 'the secret is out of the address line')
    await makeAccount(page, 'Bob')
    await page.getByText('You opened an invite').waitFor()
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await write(page, 'Hello Alice')

    await openConversation(alice.page, 'Bob')
    await sees(alice.page, 'theirs', 'Hello Alice')
    await write(alice.page, 'Hello Bob')
    await sees(page, 'theirs', 'Hello Bob')
    await reached(alice.page, 'Hello Bob', ['delivered', 'read'])
    await reached(page, 'Hello Alice', ['read'])
    await page.locator('.sidebar .brand', { hasText: 'Bob' }).waitFor()
    assertNoTrouble()
  })

  it('go on straight, by WebRTC, when the relay is stopped, and say so until it is back', async () => {
    const relay = await webRelay()
    const [alice, bob] = await twoFriends(relay)
    await wayOfNext(alice.page, 'straight')
    assert.equal(await relay.stop(), 0)
    for (const [from, to, text] of [[alice, bob, 'no relay'], [bob, alice, 'none here']] as const) {
      await write(from.page, text)
      await sees(to.page, 'theirs', text)
      await reached(from.page, text, ['delivered', 'read'])
    }
    const line = alice.page.getByText('Your relay does not answer')
    await line.waitFor()
    await restartedRelay(relay)
    await line.waitFor({ state: 'hidden' })
    assertNoTrouble()
  })

  it('get what was written while they were away, once, and the sender sees where it is meanwhile', async () => {
    const relay = await webRelay()
    const [alice, bob] = await twoFriends(relay)
    await bob.page.close()
    for (let i = 1; i <= 5; i++) await write(alice.page, `while away ${i}`)
    await reached(alice.page, 'while away 5', ['stored'])
    assert.match(await alice.page.locator('.ticks-stored').last().textContent() ?? '', /^Stored by 1 of 1 until /)

    const back = await openTab(bob.context, relay.web)
    await openConversation(back, 'Alice')
    await sees(back, 'theirs', 'while away 5')
    assert.deepEqual(await bubbles(back, 'theirs').allTextContents(),
      ['first', ...Array.from({ length: 5 }, (_, i) => `while away ${i + 1}`)])
    await reached(alice.page, 'while away 5', ['read'])
    assertNoTrouble()
  })

  it('talk with somebody at a command line, both ways', async () => {
    const relay = await webRelay()
    const carol = new Person({ name: 'Carol' }).start()
    try {
      await carol.create(relay.addresses.filter(address => !address.includes('webrtc')))
      const alice = await webPerson('Alice', relay.web)
      const { invite } = await carol.call('invite.create', {})
      await addContact(alice.page, invite)
      await write(alice.page, 'from a tab')
      await carol.until(() => carol.received.some(({ text }) => text === 'from a tab'), 'the message from the tab')
      const [{ contactId } = { contactId: '' }] = (await carol.call('contact.list', {})).contacts
      await carol.call('message.send', { to: contactId, text: 'from a terminal' })
      await sees(alice.page, 'theirs', 'from a terminal')
      await reached(alice.page, 'from a tab', ['delivered', 'read'])
      await composer(alice.page).waitFor()
      assertNoTrouble()
    } finally {
      await carol.remove()
    }
  })

  it('meet the echo of the demonstration by the address that it prints', async () => {
    const demo = startCommand(['demo'], { keepOpen: true })
    try {
      let said = ''
      demo.child.stderr.on('data', (text: string) => { said += text })
      const [link] = await eventually(() => /http:\/\/127\.0\.0\.1:\d+\/#\S+/.exec(said), 'the link')
      const page = await openTab(await newContext(), link)
      await page.getByText('Somebody has invited you').waitFor()
      await makeAccount(page, 'Visitor')
      await page.getByRole('button', { name: 'Add', exact: true }).click()
      await write(page, 'is anybody there?')
      await sees(page, 'theirs', 'echo: is anybody there?')
      assertNoTrouble()
    } finally {
      demo.child.stdin.end()
      assert.equal((await demo.end).code, 0)
    }
  })
})

async function eventually<T> (look: () => T | null, what: string): Promise<T> {
  for (let i = 0; i < 1_200; i++) {
    const found = look()
    if (found !== null) return found
    await new Promise(resolve => { setTimeout(resolve, 50) })
  }
  throw new Error(`not in time: ${what}`)
}

/** Sends until one goes by this way: the straight one comes up behind the first messages. */
async function wayOfNext (page: Parameters<typeof write>[0], way: string): Promise<void> {
  const seen: string[] = []
  for (let i = 1; i <= 20; i++) {
    await write(page, `which way ${i}`)
    await reached(page, `which way ${i}`, ['delivered', 'read'])
    const own = page.locator('.message.own', { hasText: `which way ${i}` }).last()
    await own.hover()
    await own.getByRole('button', { name: 'Details' }).click()
    const facts = await page.locator('.facts').textContent() ?? ''
    await page.keyboard.press('Escape')
    if (facts.includes(way)) return
    seen.push(facts)
    await page.waitForTimeout(500)
  }
  assert.fail(`never ${way}: ${seen.at(-1)}`)
}
