/**
 * Processes that take jobs by their channels, one after another. What a job is and what comes of it is the
 * affair of those who ask.
 */
import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { extname, join } from 'node:path'

export interface Work<Job, Answer> {
  /** Undefined: there is no more. */
  next: () => Job | undefined
  /** Processes at a time. */
  count: number
  /** What is under way then is given up. */
  signal: AbortSignal
  take: (answer: Answer, job: Job) => void
  /** The process of this job ended before it answered (for want of memory, say): the others go on. */
  died: (job: Job, how: string) => void
}

const workerFile = join(import.meta.dirname, `worker${extname(import.meta.filename)}`)

/** Resolves when all is done, or given up; rejects with what `take` or `died` throws. */
export async function inWorkers<Job extends object, Answer> ({ next, count, signal, take, died }: Work<Job, Answer>): Promise<void> {
  const workers = new Set<ChildProcess>()
  let isOver = false
  try {
    await new Promise<void>((resolve, reject) => {
      signal.addEventListener('abort', () => { resolve() }, { once: true })
      if (signal.aborted) {
        resolve()
        return
      }
      const guarded = (run: () => void): void => {
        if (signal.aborted || isOver) return
        try {
          run()
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)))
        }
      }
      const start = (first: Job): void => {
        const worker = fork(workerFile, { env: { ...process.env, RESTANTE_SIMULATE_WORKER: '1' }, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
        workers.add(worker)
        let current: Job | undefined = first
        worker.send(first)
        worker.on('message', (answer: Answer) => {
          const job = current
          current = undefined
          if (job !== undefined) guarded(() => { take(answer, job) })
          if (isOver) return
          current = next()
          if (current === undefined) worker.disconnect()
          else worker.send(current)
        })
        worker.once('exit', (code, killedBy) => {
          workers.delete(worker)
          const job = current
          if (job !== undefined && !isOver) {
            guarded(() => { died(job, `its process ended with ${killedBy ?? String(code)}`) })
            const more = signal.aborted ? undefined : next()
            if (more !== undefined) start(more)
          }
          if (workers.size === 0) resolve()
        })
      }
      for (let at = 0; at < count; at++) {
        const job = next()
        if (job !== undefined) start(job)
      }
      if (workers.size === 0) resolve()
    })
  } finally {
    isOver = true
    for (const worker of workers) worker.kill('SIGKILL')
  }
}
