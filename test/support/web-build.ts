/** The web messenger as the source is now, built once for each run of the tests. */
import { join } from 'node:path'
import { build } from 'vite'
import { buildConfig } from '../../browser/build.ts'
import { withLicences } from '../tools/list-licences.ts'

/** Where it lies afterwards. */
export const webFolder = join(import.meta.dirname, '../../dist/browser')

let built: Promise<unknown> | undefined

export async function buildWeb (): Promise<void> {
  built ??= build(withLicences(buildConfig))
  await built
}
