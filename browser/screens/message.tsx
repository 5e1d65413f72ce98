/** One message: what it answers, its bubble, its reactions and its ticks. What can be done with it: message-details.tsx. */
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import type { MessageView } from '../../node/core/api.ts'
import type { Conversation } from '../state/conversation.ts'
import { call, say, wordsOf } from '../state/model.ts'
import { dateAndTimeOf, t, timeOf } from '../texts/catalogue.ts'
import { nameText, plain } from '../texts/shown.ts'
import { attempt } from './attempt.ts'
import { showDialog } from './dialog.tsx'
import { Icon, IconButton, Ticks } from './icons.tsx'
import { Markdown } from './markdown.tsx'
import { Details } from './message-details.tsx'
import { Name, shortText } from './names.tsx'

/** Of a longer text the beginning is shown first. */
const shownCharacters = 3_000

export function Message ({ message, conversation, name, isFirst, isFound }: {
  message: MessageView, conversation: Conversation, name: string, isFirst: boolean, isFound: boolean
}): VNode {
  const { own, delivery, late, missingBefore, identityInDoubt, sentAt, editedAt, deleted } = message
  const label = own ? t('ownMessage', { time: timeOf(sentAt) }) : t('theirMessage', { name: nameText(name), time: timeOf(sentAt) })
  return (
    <div class={`message ${own ? 'own' : 'theirs'} ${isFirst ? 'first' : ''} ${isFound ? 'found' : ''}`} role="group" aria-label={label}>
      {missingBefore > 0 && <p class="notice"><Icon name="failed" /> {t('missing', { n: missingBefore })}</p>}
      <div class="bubble">
        {message.replyTo !== undefined && !deleted && <Quote conversation={conversation} messageId={message.replyTo} name={name} />}
        <Body message={message} />
        <Reactions message={message} />
        <div class="below">
          {late && <span class="late" title={dateAndTimeOf(message.receivedAt)}>{t('late', { time: timeOf(message.receivedAt) })}</span>}
          {identityInDoubt && <span class="doubt"><Icon name="doubt" /> {t('inDoubt')}</span>}
          {editedAt !== undefined && !deleted && <span title={dateAndTimeOf(editedAt)}>{t('edited')}</span>}
          <time dateTime={new Date(sentAt).toISOString()} title={dateAndTimeOf(sentAt)}>{timeOf(sentAt)}</time>
          {delivery !== undefined && <Ticks delivery={delivery} />}
          {!deleted && <IconButton name="reply" label={t('reply')} class="small second" onClick={() => { conversation.reply(message) }} />}
          <IconButton
            name="more" label={t('details')} class="small"
            onClick={() => { showDialog(() => <Details message={message} conversation={conversation} />) }}
          />
        </div>
      </div>
    </div>
  )
}

/** A line of what is answered; it leads there. */
function Quote ({ conversation, messageId, name }: { conversation: Conversation, messageId: string, name: string }): VNode {
  const quoted = conversation.at(messageId)
  const jump = (): void => {
    conversation.show(messageId).then(isHere => { if (!isHere) say(t('quotedGone')) }, (error: unknown) => { say(wordsOf(error)) })
  }
  return (
    <button type="button" class="quote" onClick={jump}>
      <span class="hidden">{t('showQuoted')}</span>
      {quoted !== undefined && <strong>{quoted.own ? t('yourself') : <Name of={name} />}</strong>}
      <span dir="auto">{quoted === undefined ? t('quotedElsewhere') : shortText(quoted)}</span>
    </button>
  )
}

function Reactions ({ message }: { message: MessageView }): VNode | null {
  const { reactions, with: contactId, messageId } = message
  if (reactions.length === 0) return null
  return (
    <div class="reactions">
      {[...new Set(reactions.map(({ emoji }) => emoji))].map(emoji => {
        const same = reactions.filter(one => one.emoji === emoji)
        const isOwn = same.some(({ own }) => own)
        return (
          <button
            key={emoji} type="button" class="reaction" aria-pressed={isOwn} aria-label={t('reactionOf', { emoji, n: same.length })}
            onClick={() => { attempt(call('react', { with: contactId, messageId, emoji: isOwn ? undefined : emoji })) }}
          >{plain(emoji)}{same.length > 1 && ` ${same.length}`}</button>
        )
      })}
    </div>
  )
}

function Body ({ message: { text, needsNewerVersion, deleted } }: { message: MessageView }): VNode {
  const [isWhole, setWhole] = useState(false)
  if (deleted) return <p class="quiet">{t('deletedText')}</p>
  if (needsNewerVersion) return <p class="quiet">{t('needsNewer')}</p>
  if (isWhole || text.length <= shownCharacters) return <div class="body"><Markdown text={text} /></div>
  return (
    <div class="body">
      <Markdown text={`${text.slice(0, shownCharacters)} …`} />
      <button type="button" class="link" onClick={() => { setWhole(true) }}>{t('showAll')}</button>
    </div>
  )
}
