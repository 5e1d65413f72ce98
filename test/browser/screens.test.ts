/** The screens: for everybody, by keyboard too, from right to left, and whatever others write. */
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { Person } from '../support/person.ts'
import { assertAccessible } from './accessible.ts'
import {
  addContact, assertNoTrouble, bubbles, composer, endBrowser, endEverybody, inviteOf, newContext, openConversation, openTab, prepare, sees,
  twoFriends, webPerson, webRelay, write
} from './people.ts'
import type { WebPerson, WebRelay } from './people.ts'

/** Presses Tab until what has the focus is called so. */
async function tabTo (page: Page, name: RegExp): Promise<void> {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab')
    const focused = await page.evaluate<string>(`(() => {
      const { activeElement: one } = document
      const labels = one?.labels === undefined || one.labels === null ? [] : [...one.labels].map(label => label.textContent)
      return [one?.getAttribute('aria-label'), ...labels, one?.textContent].filter(Boolean).join(' ')
    })()`)
    if (name.test(focused)) return
  }
  assert.fail(`Tab never comes to ${name}`)
}

describe('the screens', function () {
  this.timeout(180_000)
  let relay: WebRelay
  let alice: WebPerson
  let bob: WebPerson

  before(async () => {
    await prepare()
    relay = await webRelay();
    [alice, bob] = await twoFriends(relay)
  })
  afterEach(() => { assertNoTrouble() })
  after(async () => {
    await endEverybody()
    await endBrowser()
  })

  it('show what would overflow the parser as it was written, and go on, also after a reload', async () => {
    const nested = ['>'.repeat(3_000), `${'> '.repeat(1_500)}a`, `${'['.repeat(2_500)}a${']'.repeat(2_500)}`, `${'- '.repeat(1_500)}a`, '*a **a '.repeat(800), `${'> '.repeat(15)}a`]
    for (const text of nested) await write(bob.page, text)
    await write(bob.page, 'and on it goes')
    await sees(alice.page, 'theirs', 'and on it goes')
    await alice.page.reload()
    await sees(alice.page, 'theirs', 'and on it goes')
    assertNoTrouble()
  })

  it('run nothing of what others write, fetch nothing for it, and show it as it is', async () => {
    const asked: string[] = []
    alice.page.on('request', request => { asked.push(request.url()) })
    const texts = [
      '<script>window.pwned = 1</script>',
      '<img src=x onerror="window.pwned = 1">',
      '<svg onload="window.pwned = 1"><a href="https://evil.example/">a</a></svg>',
      '[here](javascript:window.pwned=1)',
      '![picture](https://evil.example/tracker.png)',
      'invoice\u202efdp.exe',
      '</textarea></div><h1>out</h1>'
    ]
    for (const text of texts) await write(bob.page, text)
    await write(bob.page, '**bold** _and_ `code` and https://example.org/path')
    await sees(alice.page, 'theirs', 'bold and code and https://example.org/path')
    const shown = (await bubbles(alice.page, 'theirs').allTextContents()).slice(-8, -1)
    assert.deepEqual(shown, texts.map(text => text.replace('\u202e', '\\u202e')))
    assert.equal(await alice.page.evaluate('window.pwned'), undefined)
    const list = alice.page.locator('.messages')
    assert.equal(await list.locator('script, img, iframe, a, h1, object, [onload], [onerror]').count(), 0)
    assert.deepEqual(await list.locator('strong, em, code').allTextContents(), ['bold', 'and', 'code'])

    await list.getByRole('button', { name: 'https://example.org/path' }).click()
    const link = alice.page.getByRole('link', { name: 'Open' })
    assert.equal(await link.getAttribute('href'), 'https://example.org/path')
    assert.equal(await link.getAttribute('rel'), 'noopener noreferrer')
    assert.equal(await alice.page.locator('.dialog .address').textContent(), 'https://example.org/path')
    await alice.page.keyboard.press('Escape')
    assert.deepEqual(asked.filter(url => !url.startsWith(relay.web)), [])
  })

  it('take a line as long as a message can be, and refuse a longer one without losing it', async () => {
    const long = 'endless'.repeat(8_000)
    await write(bob.page, long)
    const last = alice.page.locator('.message.theirs').last()
    await last.getByRole('button', { name: 'Show all' }).click()
    await last.getByText('endless'.repeat(100)).waitFor()
    assert.equal((await last.locator('.body').textContent())?.length, long.length)
    const { scrollWidth, clientWidth } = await alice.page.evaluate<{ scrollWidth: number, clientWidth: number }>(
      '(({ scrollWidth, clientWidth }) => ({ scrollWidth, clientWidth }))(document.querySelector(".messages"))')
    assert.equal(scrollWidth, clientWidth, 'nothing sticks out')

    const tooLong = 'x'.repeat(1 << 20)
    await composer(bob.page).fill(tooLong)
    await bob.page.getByText('This is too long for one message').waitFor()
    await composer(bob.page).press('Enter')
    assert.equal((await composer(bob.page).inputValue()).length, tooLong.length)
    assert.equal(await bob.page.getByRole('button', { name: 'Send', exact: true }).isDisabled(), true)
    await composer(bob.page).fill('')
  })

  it('show many messages with few rows, and all of them to whoever scrolls', async () => {
    const carol = new Person({ name: 'Carol' }).start()
    try {
      await carol.create(relay.addresses.filter(address => !address.includes('webrtc')))
      const { invite } = await carol.call('invite.create', {})
      await addContact(alice.page, invite)
      await write(alice.page, 'how many?')
      await carol.until(() => carol.received.length > 0, 'the question')
      const [{ contactId } = { contactId: '' }] = (await carol.call('contact.list', {})).contacts
      const count = 350
      for (let i = 1; i <= count; i++) await carol.call('message.send', { to: contactId, text: `number ${i}` })
      await sees(alice.page, 'theirs', `number ${count}`)
      assert.ok(await alice.page.locator('.row').count() < 60)
      const seen = new Set<string>()
      await alice.page.locator('.messages').hover()
      for (let i = 0; i < 200 && !seen.has('how many?'); i++) {
        for (const text of await alice.page.locator('.message .body').allTextContents()) seen.add(text)
        await alice.page.mouse.wheel(0, -450)
        await alice.page.waitForTimeout(40)
      }
      const missing = Array.from({ length: count }, (_, i) => `number ${i + 1}`).filter(text => !seen.has(text))
      assert.deepEqual(missing, [])
      await alice.page.getByRole('button', { name: 'To the newest message' }).click()
      await sees(alice.page, 'theirs', `number ${count}`)

      await alice.page.keyboard.press('Control+f')
      await alice.page.getByRole('searchbox', { name: 'Search this conversation' }).fill('number 7')
      await alice.page.keyboard.press('Enter')
      await alice.page.locator('.found', { hasText: 'number 7' }).waitFor()
      await alice.page.keyboard.press('Escape')
    } finally {
      await carol.remove()
    }
  })

  it('have nothing that axe objects to, in light and in dark', async () => {
    const { page } = alice
    const stranger = await openTab(await newContext(), relay.web)
    await stranger.getByLabel('Your name').waitFor()
    await assertAccessible(stranger, 'welcome')
    await stranger.close()

    await openConversation(page, 'Bob')
    await write(page, 'is this readable?')
    await sees(page, 'own', 'is this readable?')
    await assertAccessible(page, 'conversation')
    await page.locator('.message.own').last().hover()
    await page.locator('.message.own').last().getByRole('button', { name: 'Details' }).click()
    await assertAccessible(page, 'details')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+k')
    await assertAccessible(page, 'switcher')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'About Bob' }).click()
    await page.locator('.safety-number').waitFor()
    await assertAccessible(page, 'contact')
    await page.getByRole('button', { name: 'Settings' }).click()
    await page.getByRole('button', { name: 'Show the 24 words' }).click()
    await page.locator('.phrase').waitFor()
    await assertAccessible(page, 'settings')
    await inviteOf(page)
    await assertAccessible(page, 'invite')
    await page.keyboard.press('Escape')
  })

  it('verify a contact by the number that both see, and by no other', async () => {
    for (const [one, other] of [[alice, 'Bob'], [bob, 'Alice']] as const) {
      await openConversation(one.page, other)
      await one.page.getByRole('button', { name: `About ${other}` }).click()
    }
    const [mine, theirs] = await Promise.all([alice, bob].map(async ({ page }) => await page.locator('.safety-number').textContent()))
    assert.equal(mine, theirs)
    await alice.page.getByLabel('The number that Bob reads out').fill('1'.repeat(60))
    await alice.page.getByRole('button', { name: 'Compare' }).click()
    await alice.page.getByText('That is another number').waitFor()
    await alice.page.getByLabel('The number that Bob reads out').fill(theirs ?? '')
    await alice.page.getByRole('button', { name: 'Compare' }).click()
    await alice.page.locator('.badge.verified').waitFor()
  })

  it('can be used by keyboard alone', async () => {
    const page = await openTab(await newContext(), relay.web)
    await page.getByText('The relay that serves this page').waitFor()
    await page.keyboard.type('Keyboard')
    assert.equal(await page.getByLabel('Your name').inputValue(), 'Keyboard', 'the first field has the focus')
    await tabTo(page, /^Create account/)
    await page.keyboard.press('Enter')
    await page.locator('.sidebar .brand', { hasText: 'Keyboard' }).waitFor()
    await tabTo(page, /^Add a contact/)
    await page.keyboard.press('Enter')
    await tabTo(page, /^Invite that you got/)
    await page.keyboard.insertText(await inviteOf(bob.page))
    await tabTo(page, /^Add$/)
    await page.keyboard.press('Enter')
    await composer(page).waitFor()
    await page.keyboard.type('no mouse')
    await page.keyboard.press('Enter')
    await sees(page, 'own', 'no mouse')
    await page.keyboard.press('Escape')
    await page.getByText('Choose a conversation').waitFor()
    // On a slow machine, and without a look at whether it is open: who types fast does not wait either.
    const machine = await page.context().newCDPSession(page)
    await machine.send('Emulation.setCPUThrottlingRate', { rate: 20 })
    await page.keyboard.press('Control+k')
    await page.keyboard.type('bob')
    await page.keyboard.press('Enter')
    await composer(page).waitFor()
    await page.keyboard.type('again')
    await machine.send('Emulation.setCPUThrottlingRate', { rate: 1 })
    await page.keyboard.press('Enter')
    await openConversation(bob.page, 'Keyboard')
    await sees(bob.page, 'theirs', 'no mouse')
    await sees(bob.page, 'theirs', 'again')
  })

  it('turn round for a language that is written from right to left, with its own plurals', async () => {
    const page = (await webPerson('Right', relay.web)).page
    await page.getByRole('button', { name: 'Settings' }).click()
    await page.getByLabel('Language').selectOption('ar')
    await page.getByRole('heading', { name: 'الإعدادات' }).waitFor()
    assert.equal(await page.evaluate('document.documentElement.dir + document.documentElement.lang'), 'rtlar')
    const [side, main] = await Promise.all(['.sidebar', '.main'].map(async one => await page.locator(one).boundingBox()))
    assert.ok(side !== null && side !== undefined && main !== null && main !== undefined && side.x > main.x)
    const english = /\b(the|and|your|relay|message|account|settings|add)\b/i
    assert.doesNotMatch(await page.locator('.app').innerText(), english)
    await assertAccessible(page, 'settings from right to left')
    await page.reload()
    await page.getByRole('heading', { name: 'الإعدادات' }).waitFor()

    // Two have a form of their own.
    await page.keyboard.press('Escape')
    await page.locator('.sidebar').getByRole('button', { name: 'أضف جهة اتصال' }).first().click()
    await page.getByLabel('الدعوة التي وصلتك').fill(await inviteOf(bob.page))
    await page.getByRole('button', { name: 'أضف', exact: true }).click()
    await page.getByRole('textbox', { name: /رسالة إلى/ }).fill('one')
    await page.keyboard.press('Enter')
    await openConversation(bob.page, 'Right')
    await sees(bob.page, 'theirs', 'one')
    await page.keyboard.press('Escape')
    for (const text of ['two', 'three']) await write(bob.page, text)
    await page.locator('.count', { hasText: 'رسالتان غير مقروءتين' }).waitFor()
  })
})
