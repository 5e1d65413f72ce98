/** What axe finds on a screen. */
import assert from 'node:assert/strict'
import axe from 'axe-core'
import type { Page } from 'playwright-core'

interface Violation { id: string, nodes: Array<{ target: unknown, failureSummary?: string }> }

/** None that axe knows of, in light and in dark. */
export async function assertAccessible (page: Page, screen: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    // The policy of the page lets no script in; the debugger's own way does.
    await page.evaluate(axe.source)
    const violations = await page.evaluate<Violation[]>('axe.run().then(({ violations }) => violations)')
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${String(target)} ${failureSummary}`).join('; ')}`)
    assert.deepEqual(found, [], `${screen}, ${colorScheme}`)
  }
}
