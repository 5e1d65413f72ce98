/**
 * The web messenger in a real Chromium, with a real relay and people at commands who write to it: how soon something
 * is seen, how soon a key and a click are answered, and what memory is held. Each beside its base of the same run:
 * an empty page, and a conversation of 20 messages.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import {
  addContact, bubbles, composer, endBrowser, endEverybody, newContext, openConversation, openTab, prepare, sees, webPerson, webRelay, write
} from '../browser/people.ts'
import type { WebRelay } from '../browser/people.ts'
import { Person } from '../support/person.ts'
import type { Row } from './messages.ts'

/** 5.5 in each second of an hour, sent as fast as they go. */
const manyMessages = 20_000
const fewMessages = 20
const sentAtOnce = 200
const paints = 7
const keys = 100
const openings = 11
const receiveMsMax = 300_000

export async function benchBrowser (say: (text: string) => void, scale = 1): Promise<Row[]> {
  const rows: Row[] = []
  const count = Math.max(fewMessages, Math.round(manyMessages * scale))
  const empty = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>empty</title><p>Opening …</p>')
  }).listen(0, '127.0.0.1')
  await once(empty, 'listening')
  const people: Person[] = []
  try {
    say('building')
    await prepare()
    const relay = await webRelay()
    say('first paint')
    const base = await firstPaints(`http://127.0.0.1:${(empty.address() as AddressInfo).port}/`)
    const cold = await firstPaints(relay.web)
    rows.push({ name: 'an empty page, first paint', value: ms(base), ratio: '1' })
    rows.push({ name: 'the messenger, first paint, nothing kept yet', value: ms(cold), ratio: `${(cold / base).toFixed(1)} × empty page` })

    const { page, context } = await webPerson('Alice', relay.web)
    page.setDefaultTimeout(receiveMsMax)
    say(`${fewMessages} messages`)
    people.push(await friend(page, relay, 'Few'), await friend(page, relay, 'Many'))
    const [few, many] = people as [Person, Person]
    await openConversation(page, 'Few')
    await send(few, fewMessages)
    await sees(page, 'theirs', `number ${fewMessages}`)
    const heapBefore = await heapBytes(page)
    const typedFew = await typing(page)

    await openConversation(page, 'Many')
    say(`${count} messages, the conversation open`)
    const startedAt = performance.now()
    await send(many, count)
    await untilNewest(page, `number ${count}`, say)
    const perSecond = count / (performance.now() - startedAt) * 1_000
    rows.push({ name: `${number(count)} messages as they come, shown`, value: `${perSecond.toFixed(0)}/s`, ratio: '' })
    const heapAfter = await heapBytes(page)
    const typedMany = await typing(page)
    rows.push({ name: `a key, shown, beside ${fewMessages} messages`, value: spread(typedFew), ratio: '1' })
    rows.push({ name: `a key, shown, beside ${number(count)} messages`, value: spread(typedMany), ratio: ratio(typedMany, typedFew) })

    say('opening')
    const opened = { Few: [] as number[], Many: [] as number[] }
    for (let i = 0; i < openings; i++) {
      for (const name of ['Few', 'Many'] as const) opened[name].push(await opening(page, name, name === 'Few' ? fewMessages : count))
    }
    rows.push({ name: `opening a conversation of ${fewMessages} messages`, value: spread(opened.Few), ratio: '1' })
    rows.push({ name: `opening a conversation of ${number(count)} messages`, value: spread(opened.Many), ratio: ratio(opened.Many, opened.Few) })
    rows.push({ name: `memory of the page's scripts with ${fewMessages} messages`, value: mib(heapBefore), ratio: '1' })
    rows.push({ name: `memory after ${number(count)} messages more`, value: mib(heapAfter), ratio: `${(heapAfter / heapBefore).toFixed(2)} ×` })

    say('opened again')
    await page.close()
    const again = await paintOf(await openTab(context, relay.web))
    rows.push({ name: `the messenger, first paint, with ${number(count)} messages kept`, value: ms(again), ratio: `${(again / base).toFixed(1)} × empty page` })
    return rows
  } finally {
    await Promise.all(people.map(async person => { await person.remove() }))
    await endEverybody()
    await endBrowser()
    empty.close()
  }
}

/** Somebody at a command, whom the page's owner knows. */
async function friend (page: Page, relay: WebRelay, name: string): Promise<Person> {
  const person = new Person({ name }).start()
  await person.create(relay.addresses.filter(address => !address.includes('webrtc')))
  await addContact(page, (await person.call('invite.create', {})).invite)
  await write(page, `hello ${name}`)
  await person.until(() => person.received.length > 0, 'the first message')
  return person
}

async function send (person: Person, count: number): Promise<void> {
  const [{ contactId } = { contactId: '' }] = (await person.call('contact.list', {})).contacts
  for (let sent = 0; sent < count; sent += sentAtOnce) {
    const some = Array.from({ length: Math.min(sentAtOnce, count - sent) }, async (_, i) =>
      await person.call('message.send', { to: contactId, text: `number ${sent + i + 1}` }))
    const ids = (await Promise.all(some)).map(({ messageId }) => messageId)
    await person.reached(ids, ['stored', 'delivered', 'read'])
  }
}

/** The list follows what comes as long as it is at its end; where it left it, this says so and goes there. */
async function untilNewest (page: Page, text: string, say: (words: string) => void): Promise<void> {
  const newest = bubbles(page, 'theirs').getByText(text, { exact: true })
  const toEnd = page.getByRole('button', { name: 'To the newest message' })
  const endAt = performance.now() + receiveMsMax
  while (!await newest.isVisible()) {
    if (performance.now() > endAt) throw new Error(`not in time: ${text}`)
    if (await toEnd.isVisible()) {
      say('the list has left its end')
      await toEnd.click()
    }
    await page.waitForTimeout(100)
  }
}

/** Each in a browser profile of its own, where nothing is kept. The middle one. */
async function firstPaints (url: string): Promise<number> {
  const found: number[] = []
  for (let i = 0; i < paints; i++) {
    const context = await newContext()
    found.push(await paintOf(await openTab(context, url)))
    await context.close()
  }
  return middle(found)
}

async function paintOf (page: Page): Promise<number> {
  return await page.evaluate<number>(`new Promise(resolve => {
    new PerformanceObserver(list => {
      const [one] = list.getEntriesByName('first-contentful-paint')
      if (one !== undefined) resolve(one.startTime)
    }).observe({ type: 'paint', buffered: true })
  })`)
}

/** From the key to the picture after it, ms for each. */
async function typing (page: Page): Promise<number[]> {
  await composer(page).focus()
  await page.evaluate(`{
    globalThis.answeredMs = []
    globalThis.onTyped = event => {
      requestAnimationFrame(() => { setTimeout(() => { answeredMs.push(performance.now() - event.timeStamp) }) })
    }
    addEventListener('keydown', onTyped, true)
  }`)
  await page.keyboard.type('x'.repeat(keys), { delay: 30 })
  await page.waitForTimeout(200)
  const found = await page.evaluate<number[]>('removeEventListener("keydown", onTyped, true), answeredMs')
  await composer(page).fill('')
  return found
}

/** From the click to the picture with the newest message, ms. */
async function opening (page: Page, name: string, newest: number): Promise<number> {
  const entry = page.locator('.sidebar .entry', { hasText: name })
  await page.evaluate(`{
    globalThis.openedMs = new Promise(resolve => {
      addEventListener('click', event => {
        const look = () => {
          const isThere = [...document.querySelectorAll('.message .body')].some(one => one.textContent === 'number ${newest}') &&
            document.querySelector('.conversation')?.ariaLabel === '${name}'
          if (isThere) setTimeout(() => { resolve(performance.now() - event.timeStamp) })
          else requestAnimationFrame(look)
        }
        requestAnimationFrame(look)
      }, { capture: true, once: true })
    })
  } undefined`)
  await entry.click()
  return await page.evaluate<number>('openedMs')
}

/** What scripts hold once everything that can go is gone. */
async function heapBytes (page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await page.waitForTimeout(3_000)
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  await session.detach()
  return usedSize
}

const sorted = (values: number[]): number[] => [...values].sort((a, b) => a - b)
const middle = (values: number[]): number => sorted(values)[values.length >> 1] ?? Number.NaN
const ms = (value: number): string => `${value.toFixed(0)} ms`
const mib = (bytes: number): string => `${(bytes / (1 << 20)).toFixed(1)} MiB`
const number = (value: number): string => value.toLocaleString('en')
const spread = (values: number[]): string => `p50 ${ms(middle(values))} max ${ms(Math.max(...values))}`
const ratio = (values: number[], base: number[]): string => `${(middle(values) / middle(base)).toFixed(2)} ×`
