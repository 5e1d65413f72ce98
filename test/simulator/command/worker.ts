/**
 * A process of a sweep or an exploration: takes jobs by its channel, one after another, and answers each with its
 * result. It ends with the process that started it.
 */
import { UsageError } from '../../../protocol/errors.ts'
import { performExploration } from '../run/exploration-jobs.ts'
import type { ExplorationJob } from '../run/exploration-jobs.ts'
import { writeRun } from '../report/write-run.ts'
import type { RunResult } from '../report/write-run.ts'
import { filesOf, perform } from './perform.ts'
import type { RunRequest } from './perform.ts'

export interface WorkerJob { number: number, request: RunRequest, failedFolder: string | undefined }
export type WorkerAnswer =
  | { number: number, result: RunResult }
  /** The run could not be made; `isUsage`: by a fault of what was asked for. */
  | { number: number, error: string, isUsage: boolean }

async function answer ({ number, request, failedFolder }: WorkerJob): Promise<WorkerAnswer> {
  try {
    const run = await perform(request)
    const files = filesOf(request, run)
    // Of those that did as expected the numbers are enough: each can be repeated from its seed.
    if (!run.isAsExpected && failedFolder !== undefined) writeRun(failedFolder, files)
    return { number, result: files.result }
  } catch (error) {
    const { message } = error instanceof Error ? error : new Error(String(error))
    return { number, error: message, isUsage: error instanceof UsageError }
  }
}

// Loaded by something else than `fork`, there is nobody to answer.
if (process.send !== undefined && process.env.RESTANTE_SIMULATE_WORKER === '1') {
  // Ctrl-C reaches every process of the terminal: the one that started us decides.
  process.on('SIGINT', () => {})
  process.on('disconnect', () => { process.exit(0) })
  let last = Promise.resolve()
  process.on('message', (job: WorkerJob | ExplorationJob) => {
    last = last.then(async () => { process.send?.('request' in job ? await answer(job) : await performExploration(job)) })
  })
}
