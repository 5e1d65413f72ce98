/**
 * Runs every promise reaction that is due, at once: between two events of the world nothing of the
 * engines' own asynchrony may be left over, or the order of things would be the host's and not the
 * seed's.
 *
 * It must be called from a task of the event loop, never from within a promise reaction, where V8
 * ignores it: a world is therefore run in one go from a `setImmediate`. process.nextTick is not
 * drained, and nothing that the engines run on uses it.
 */
import { setFlagsFromString } from 'node:v8'
import { runInThisContext } from 'node:vm'

let drain = compile()

export function drainMicrotasks (): void { drain() }

/**
 * The flag is needed while the function is compiled, and by nothing after that. But V8 throws away the code
 * of what was not called for some collections of garbage, and would compile it again without the flag.
 */
function compile (): () => void {
  setFlagsFromString('--allow-natives-syntax')
  try {
    return runInThisContext('(function drain () { %PerformMicrotaskCheckpoint() })') as () => void
  } finally {
    setFlagsFromString('--no-allow-natives-syntax')
  }
}

/** Runs `run` as a task of its own, in which `drainMicrotasks` does what it says. */
export async function asTask<T> (run: () => T): Promise<T> {
  return await new Promise<T>((resolve, reject) => {
    setImmediate(() => {
      drain = compile()
      try {
        resolve(run())
      } catch (error) {
        reject(error instanceof Error ? error : new Error('A world threw what is no error.', { cause: error }))
      }
    })
  })
}
