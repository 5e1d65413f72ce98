/**
 * A promise that settles in time, whatever the promise inside it does.
 *
 * libp2p's dial and newStream take an abort signal and yet were seen to hang for ever, so the
 * signal is a wish and the race is what counts.
 */
import { InternalError, UnreachableError } from '../../protocol/errors.ts'
import type { Clock } from '../../protocol/ports.ts'

export interface DeadlineOptions<T> {
  clock: Clock
  timeoutMs: number
  /** Aborted when the node stops. */
  stopped: AbortSignal
  work: (signal: AbortSignal) => Promise<T>
  /** Takes what arrives after the deadline, so that nothing stays open that nobody holds. */
  dispose: (late: T) => void
}

/** Rejects with UnreachableError TIMED_OUT or STOPPED, or with what `work` rejects with. */
export async function within<T> ({ clock, timeoutMs, stopped, work, dispose }: DeadlineOptions<T>): Promise<T> {
  if (stopped.aborted) throw new UnreachableError('STOPPED')
  const controller = new AbortController()
  return await new Promise<T>((resolve, reject) => {
    let over = false
    function end (): boolean {
      if (over) return false
      over = true
      timer.cancel()
      stopped.removeEventListener('abort', onStop)
      return true
    }
    function give (code: 'TIMED_OUT' | 'STOPPED'): void {
      if (!end()) return
      const error = new UnreachableError(code)
      controller.abort(error)
      reject(error)
    }
    const onStop = (): void => { give('STOPPED') }
    const timer = clock.setTimer(timeoutMs, () => { give('TIMED_OUT') })
    stopped.addEventListener('abort', onStop)
    work(controller.signal).then(
      value => { if (end()) resolve(value); else dispose(value) },
      (error: unknown) => { if (end()) reject(error instanceof Error ? error : new InternalError('INTERNAL')) }
    )
  })
}
