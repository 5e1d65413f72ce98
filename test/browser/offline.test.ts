/** The page without a network, and with a newer version. */
import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { startWebServer } from '../../relay/host/web.ts'
import type { WebServer } from '../../relay/host/web.ts'
import { webFolder } from '../support/web-build.ts'
import { assertNoTrouble, endBrowser, endEverybody, newContext, openConversation, openTab, prepare, sees, twoFriends, webRelay } from './people.ts'

const relay = (): { peerId: string, addresses: string[] } => ({ peerId: '', addresses: [] })

/** Until its files are kept. */
async function untilKept (page: Page): Promise<void> {
  await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)')
  // It takes charge of the page with its activation.
  await page.evaluate('new Promise(resolve => { if (navigator.serviceWorker.controller) resolve(); else navigator.serviceWorker.oncontrollerchange = () => { resolve() } })')
}

describe('the page of the web messenger', function () {
  this.timeout(180_000)
  let folder: string
  let server: WebServer | undefined

  before(prepare)
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'restante-page-'))
    cpSync(webFolder, folder, { recursive: true })
  })
  afterEach(async () => {
    await endEverybody()
    await server?.stop()
    server = undefined
    rmSync(folder, { recursive: true })
  })
  after(endBrowser)

  it('opens with nobody who serves it, with what was said before', async () => {
    const served = await webRelay()
    const [alice] = await twoFriends(served)
    await untilKept(alice.page)
    await alice.page.close()
    await served.kill()

    const page = await openTab(alice.context, served.web)
    await openConversation(page, 'Bob')
    await sees(page, 'own', 'first')
    await page.getByText('Your relay does not answer').waitFor()
    assertNoTrouble()
  })

  it('starts a newer version when the person agrees, and not before', async () => {
    server = await startWebServer({ host: '127.0.0.1', port: 0, folder, relay })
    const { port } = new URL(server.url)
    const context = await newContext()
    const page = await openTab(context, server.url)
    await page.getByLabel('None: you can write only while both are here').check()
    await page.getByLabel('Your name').fill('Alice')
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.locator('.sidebar .brand', { hasText: 'Alice' }).waitFor()
    await untilKept(page)

    await server.stop()
    for (const [name, from, to] of [['index.html', '<html lang="en">', '<html lang="en" class="newer">'], ['service-worker.js', 'restante-', 'restante-newer-']] as const) {
      const path = join(folder, name)
      const text = readFileSync(path, 'utf8')
      assert.ok(text.includes(from), `${name} has ${from}`)
      writeFileSync(path, text.replace(from, to))
    }
    server = await startWebServer({ host: '127.0.0.1', port: Number(port), folder, relay })
    await page.reload()
    const isNewer = async (): Promise<boolean> => await page.evaluate('document.documentElement.classList.contains("newer")')
    await page.getByText('A newer version is ready.').waitFor()
    await page.reload()
    await page.getByText('A newer version is ready.').waitFor()
    assert.equal(await isNewer(), false, 'not without being asked')
    await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: 'Start it' }).click()])
    await page.locator('.sidebar .brand', { hasText: 'Alice' }).waitFor()
    assert.equal(await isNewer(), true)
    assert.equal(await page.getByText('A newer version is ready.').count(), 0)
    assertNoTrouble()
  })

  it('can be installed: a manifest, and icons that are there', async () => {
    server = await startWebServer({ host: '127.0.0.1', port: 0, folder, relay })
    const page = await openTab(await newContext(), server.url)
    const session = await page.context().newCDPSession(page)
    const { errors } = await session.send('Page.getAppManifest')
    assert.deepEqual(errors, [])
    const { icons } = JSON.parse(readFileSync(join(folder, 'manifest.webmanifest'), 'utf8')) as { icons: Array<{ src: string, type: string }> }
    for (const { src, type } of icons) {
      const response = await fetch(new URL(src, server.url))
      assert.equal(response.status, 200, src)
      assert.equal(response.headers.get('content-type'), type, src)
    }
    const { installabilityErrors } = await session.send('Page.getInstallabilityErrors')
    assert.deepEqual(installabilityErrors.map(({ errorId }) => errorId).filter(id => id !== 'in-incognito'), [])
    assertNoTrouble()
  })
})
