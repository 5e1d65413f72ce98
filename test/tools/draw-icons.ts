/** Draws the icons of the web messenger, from browser/public/icon.svg, in the sizes that need pixels. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../house/files.ts'
import { launchChromium } from '../support/chromium.ts'

const folder = join(root, 'browser/public')
const drawing = readFileSync(join(folder, 'icon.svg'), 'utf8')
const browser = await launchChromium()
try {
  for (const size of [192, 512]) {
    const page = await browser.newPage({ viewport: { width: size, height: size } })
    // Maskable icons are cut to any shape: the ground fills the whole square.
    const square = drawing.replace('rx="112"', '')
    await page.setContent(`<style>body { margin: 0 } svg { display: block; width: ${size}px }</style>${square}`)
    await page.screenshot({ path: join(folder, `icon-${size}.png`) })
    await page.close()
  }
} finally {
  await browser.close()
}
