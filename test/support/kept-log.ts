/** A log that keeps what it is told, for tests that ask, and prints nothing. */
import type { Log, LogFields } from '../../protocol/ports.ts'

export interface KeptLog extends Log { readonly lines: Array<{ level: string, event: string, fields: LogFields }> }

export function keptLog (): KeptLog {
  const lines: KeptLog['lines'] = []
  const at = (level: string) => (event: string, fields: LogFields = {}): void => {
    lines.push({ level, event, fields })
  }
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}
