/** The seed of a campaign: from the commit that is tried, where nobody asks for another. */
import { execFileSync } from 'node:child_process'
import { createHash, randomInt } from 'node:crypto'
import { seedsEnd } from './exploration-jobs.ts'

/** `asked`: from the command line; RESTANTE_SEED comes after it. */
export function campaignSeed (asked: string | undefined): { seed: number, origin: string } {
  const given = asked ?? process.env['RESTANTE_SEED']
  if (given !== undefined) return { seed: Number(given), origin: 'as asked for' }
  const head = headOf(import.meta.dirname)
  return head === undefined ? { seed: randomInt(1, seedsEnd), origin: 'by chance' } : { seed: seedOfCommit(head), origin: `of commit ${head.slice(0, 12)}` }
}

/** From 1 to 2^31 - 1. */
export function seedOfCommit (id: string): number {
  return 1 + createHash('sha256').update(id).digest().readUInt32BE(0) % (seedsEnd - 1)
}

function headOf (folder: string): string | undefined {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return undefined // Not a repository, or no git.
  }
}
