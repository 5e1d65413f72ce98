/**
 * The wish to stop, from outside: a signal. The first one lets everything finish; who sends a second
 * one does not want to wait.
 */
import { exitCodes } from './exit.ts'

/** A Ctrl-C may reach us twice at once: from the terminal, and passed on by our own parent. */
const repeatedMsMin = 500

export interface StopWish {
  readonly signal: AbortSignal
  /** Resolves when it comes. */
  readonly asked: Promise<void>
  /** Back to Node's own handling. */
  release: () => void
}

/** `beforeExit` runs where the second signal ends the process at once. */
export function listenForStop (beforeExit: () => void = () => {}): StopWish {
  const controller = new AbortController()
  let firstAt = 0
  const take = (): void => {
    if (!controller.signal.aborted) {
      firstAt = performance.now()
      controller.abort()
    } else if (performance.now() - firstAt > repeatedMsMin) {
      beforeExit()
      process.exit(exitCodes.failure)
    }
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, take)
  return {
    signal: controller.signal,
    asked: new Promise((resolve) => {
      controller.signal.addEventListener('abort', () => { resolve() }, { once: true })
    }),
    release () {
      for (const signal of signals) process.off(signal, take)
    }
  }
}
