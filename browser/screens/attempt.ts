/** Runs what a person asked for, and says so where it failed. */
import { say, wordsOf } from '../state/model.ts'

export function attempt (done: Promise<unknown>, onDone: () => void = () => {}): void {
  done.then(onDone, (error: unknown) => { say(wordsOf(error)) })
}
