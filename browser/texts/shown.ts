/** What others wrote, so that it can't reach beyond its own place, on a screen, in a notification, or read aloud. */
import { t } from './catalogue.ts'

/** Embeddings and overrides: `invoice\u202efdp.exe` must not read as a PDF. Isolates end with the line anyway. */
export function plain (text: string): string {
  return text.replace(/[\u202a-\u202e]/g, one => `\\u${one.charCodeAt(0).toString(16)}`)
}

/** A name is one line, however it was made. */
export function nameText (name: string): string {
  const shown = plain(name).replace(/[\p{Cc}\u2028\u2029]/gu, ' ').trim()
  return shown === '' ? t('unnamed') : shown
}
