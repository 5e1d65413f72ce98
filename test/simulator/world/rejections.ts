/** Rejections that nobody handled while a world ran: of the engines in it, and of nothing else in the process. */

/** Node tells of them only when the task is over: whoever listens otherwise must not hear of ours. */
export async function withRejections<T> (found: unknown[], run: () => Promise<T>): Promise<T> {
  const others = process.listeners('unhandledRejection')
  const note = (reason: unknown): void => { found.push(reason) }
  process.removeAllListeners('unhandledRejection')
  process.on('unhandledRejection', note)
  try {
    return await run()
  } finally {
    await new Promise<void>(resolve => { setImmediate(resolve) })
    process.removeListener('unhandledRejection', note)
    for (const other of others) process.on('unhandledRejection', other)
  }
}
