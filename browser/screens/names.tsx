/**
 * What others call themselves and write, so that it can't reach beyond its own place on the screen: names
 * are isolated, and characters that turn the direction of what follows are shown instead of obeyed.
 */
import type { VNode } from 'preact'
import type { MessageView } from '../../node/core/api.ts'
import { t } from '../texts/catalogue.ts'
import { nameText, plain } from '../texts/shown.ts'

const hues = 360

export function Name ({ of }: { of: string }): VNode {
  return <bdi class="name">{nameText(of)}</bdi>
}

const shortCharacters = 120

/** A message in one line. */
export function shortText ({ text, needsNewerVersion, deleted }: MessageView): string {
  if (deleted) return t('deletedText')
  return needsNewerVersion ? t('needsNewer') : oneLine(text)
}

export function oneLine (text: string): string {
  return plain(text.slice(0, shortCharacters)).replace(/\s+/g, ' ')
}

/** A letter on a colour of its own: the same for one contact wherever it is shown. */
export function Avatar ({ id, name }: { id: string, name: string }): VNode {
  let hash = 0
  for (const character of id) hash = (hash * 31 + character.charCodeAt(0)) % 65_521
  const [letter = '?'] = [...new Intl.Segmenter().segment(nameText(name))].map(({ segment }) => segment)
  return <span class="avatar" aria-hidden="true" style={{ '--hue': String(hash % hues) }}>{letter.toLocaleUpperCase()}</span>
}
