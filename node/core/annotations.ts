/**
 * What was said of one message: reactions, edits, its deletion. Pure: whatever the order in which two ends
 * hear it, they get the same (spec 06 §Changes). Values are never changed in place.
 *
 * Kept apart from the message, which may come later, and may be given another place.
 */
import { concat, compare } from '../../protocol/bytes.ts'
import { isEmoji, type Change } from '../../protocol/content.ts'
import type { Content } from '../../protocol/wire/restante.js'
import type { ReactionView } from './api.ts'
import { comparePositions } from './position.ts'
import type { AnnotationByRecord, AnnotationRecord } from './records.js'

/** Who said it. */
export type Side = 'own' | 'theirs'
/** What the content says of itself that carried it. */
export type Carrier = Pick<Content, 'id' | 'counter' | 'clockMs' | 'clockLogical' | 'sentAt'>

/** A message as what was said of it has it. `text` undefined: as it was sent. */
export interface Looks {
  text: string | undefined
  editedAt: number | undefined
  deleted: boolean
  removed: boolean
  reactions: ReactionView[]
}

/** Of the id of a change: enough to tell its copies. */
const takenBytes = 8
/** A copy that comes later than so many others of the same message is told by its sender's receipt. */
const takenMax = 32

const nothing: AnnotationByRecord = {
  emoji: '', emojiMs: 0, emojiLogical: 0, emojiId: new Uint8Array(0), editCounter: 0, text: '', editedAt: 0, deleted: false
}

export function emptyAnnotation (id: Uint8Array): AnnotationRecord {
  return { id, taken: new Uint8Array(0), removed: false }
}

/** The same value where it changes nothing. Who may say it is judged before. */
export function withChange (annotation: AnnotationRecord, side: Side, change: Change, carrier: Carrier): AnnotationRecord {
  const before = annotation[side] ?? nothing
  const after = changed(before, change, carrier)
  return after === before ? annotation : { ...annotation, [side]: after }
}

function changed (before: AnnotationByRecord, change: Change, carrier: Carrier): AnnotationByRecord {
  const { id, counter, clockMs, clockLogical, sentAt } = carrier
  switch (change.type) {
    case 'reaction': {
      if (change.emoji !== '' && !isEmoji(change.emoji)) return before
      const order = comparePositions({ ms: clockMs, logical: clockLogical }, { ms: before.emojiMs, logical: before.emojiLogical }) ||
        compare(id, before.emojiId)
      return order <= 0
        ? before
        : { ...before, emoji: change.emoji, emojiMs: clockMs, emojiLogical: clockLogical, emojiId: id.slice() }
    }
    case 'edit':
      // What was withdrawn does not come back, whichever was said last.
      if (before.deleted || change.text === '' || counter <= before.editCounter) return before
      return { ...before, text: change.text, editCounter: counter, editedAt: sentAt === 0 ? clockMs : sentAt }
    case 'deletion':
      return before.deleted ? before : { ...before, deleted: true, text: '', editCounter: 0, editedAt: 0 }
  }
}

/** `author`: of the message. Only what he said of its text counts. */
export function looksOf (annotation: AnnotationRecord | undefined, author: Side): Looks {
  const by = annotation?.[author]
  const deleted = by?.deleted === true
  const isEdited = !deleted && by !== undefined && by.editCounter > 0
  return {
    text: isEdited ? by.text : undefined,
    editedAt: isEdited ? by.editedAt : undefined,
    deleted,
    removed: annotation?.removed === true,
    reactions: deleted ? [] : reactionsOf(annotation)
  }
}

function reactionsOf (annotation: AnnotationRecord | undefined): ReactionView[] {
  return (['theirs', 'own'] as const).flatMap(side => {
    const emoji = annotation?.[side]?.emoji ?? ''
    return emoji === '' ? [] : [{ emoji, own: side === 'own' }]
  })
}

/** A change of the contact's was taken in, whether it has an effect or not. */
export function withTaken ({ taken, ...rest }: AnnotationRecord, id: Uint8Array): AnnotationRecord {
  const kept = taken.subarray(Math.max(0, taken.length - (takenMax - 1) * takenBytes))
  return { ...rest, taken: concat(kept, id.subarray(0, takenBytes)) }
}

export function wasTaken ({ taken }: AnnotationRecord, id: Uint8Array): boolean {
  for (let at = 0; at < taken.length; at += takenBytes) {
    if (compare(taken.subarray(at, at + takenBytes), id.subarray(0, takenBytes)) === 0) return true
  }
  return false
}
