/**
 * A real Chromium for the tests: $CHROMIUM_PATH, the system's, or the one that @sparticuz/chromium unpacks.
 * Where there is none, the tests fail and say so: what nobody ran has not been shown.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContext } from 'playwright-core'

const systemNames = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
/** No sandbox: as root, and in most containers, there is none to be had. Nothing but our own page is opened. */
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage', '--mute-audio']

/** Rejects where there is no browser. */
async function findChromium (): Promise<string> {
  const given = process.env.CHROMIUM_PATH
  if (given !== undefined && given !== '') return given
  const folders = (process.env.PATH ?? '').split(delimiter)
  const found = systemNames.flatMap(name => folders.map(folder => join(folder, name))).find(path => existsSync(path))
  if (found !== undefined) return found
  try {
    // It brings the libraries that a machine without a desktop lacks, if it thinks that it needs them.
    process.env.AWS_EXECUTION_ENV ??= 'AWS_Lambda_nodejs22.x'
    const { default: packed } = await import('@sparticuz/chromium')
    return await packed.executablePath()
  } catch (cause) {
    throw new Error('No Chromium: install one, or name it in CHROMIUM_PATH.', { cause })
  }
}

/** `more`: flags besides those of all tests. */
export async function launchChromium (more: string[] = []): Promise<Browser> {
  return await chromium.launch({ executablePath: await findChromium(), args: [...flags, ...more], headless: true })
}

/** One that keeps its profile in `folder`, and was set up by its owner so (Chromium's own `Preferences`). */
export async function launchProfile (folder: string, preferences: object = {}): Promise<BrowserContext> {
  mkdirSync(join(folder, 'Default'), { recursive: true })
  writeFileSync(join(folder, 'Default', 'Preferences'), JSON.stringify(preferences))
  return await chromium.launchPersistentContext(folder, { executablePath: await findChromium(), args: flags, headless: true, locale: 'en' })
}
