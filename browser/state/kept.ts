/**
 * Small things that a browser keeps in clear for this page: colours, language, an invite that was opened. Where the
 * person lets no page keep anything, even asking throws: then there is nothing, and nothing is kept.
 */
type Where = 'localStorage' | 'sessionStorage'

export function readKept (where: Where, name: string): string | undefined {
  try {
    return globalThis[where].getItem(name) ?? undefined
  } catch {
    return undefined
  }
}

/** `value` undefined: gone. */
export function keep (where: Where, name: string, value: string | undefined): void {
  try {
    if (value === undefined) globalThis[where].removeItem(name)
    else globalThis[where].setItem(name, value)
  } catch {
    // Not kept, or no room: it is as if it was never said.
  }
}
