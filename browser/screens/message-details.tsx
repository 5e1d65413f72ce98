/** Everything that is known of a message, and what can be done with it. */
import type { ComponentChildren, VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { MessageDetails, MessageView, StateView } from '../../node/core/api.ts'
import { canEdit } from '../state/conversation.ts'
import type { Conversation } from '../state/conversation.ts'
import { call, copy } from '../state/model.ts'
import { dateAndTimeOf, t } from '../texts/catalogue.ts'
import { attempt } from './attempt.ts'
import { focusComposer } from './composer.tsx'
import { Dialog, closeDialog, confirmThat } from './dialog.tsx'
import { Icon, stateWords } from './icons.tsx'
import type { IconName } from './icons.tsx'

const usualEmoji = ['👍', '❤️', '😂', '😮', '😢', '🙏']

export function Details ({ message, conversation }: { message: MessageView, conversation: Conversation }): VNode {
  const { text, own, deleted, messageId, with: contactId, needsNewerVersion } = message
  const ask = (title: string, words: string, forEveryone: boolean): void => {
    confirmThat(title, words, title, () => { attempt(call('deleteMessage', { with: contactId, messageId, forEveryone })) })
  }
  return (
    <Dialog title={t('messageDetails')} onClose={closeDialog}>
      {!deleted && <React message={message} />}
      <div class="actions start">
        {!deleted && <Action icon="reply" onClick={() => { leaveTo(() => { conversation.reply(message) }) }}>{t('reply')}</Action>}
        {canEdit(message) && <Action icon="edit" onClick={() => { leaveTo(() => { conversation.edit(message) }) }}>{t('edit')}</Action>}
        {!deleted && !needsNewerVersion && <Action icon="copy" onClick={() => { closeDialog(); attempt(copy(text)) }}>{t('copyText')}</Action>}
        <Action icon="remove" isDanger onClick={() => { ask(t('deleteHere'), t('deleteHereText'), false) }}>{t('deleteHere')}</Action>
        {own && !deleted &&
          <Action icon="remove" isDanger onClick={() => { ask(t('deleteForAll'), t('deleteForAllText'), true) }}>{t('deleteForAll')}</Action>}
      </div>
      <Facts message={message} />
    </Dialog>
  )
}

/** The field has the focus afterwards, not what opened the dialog. */
function leaveTo (run: () => void): void {
  closeDialog()
  run()
  setTimeout(focusComposer)
}

function Action ({ icon, isDanger = false, onClick, children }: {
  icon: IconName, isDanger?: boolean, onClick: () => void, children: ComponentChildren
}): VNode {
  return <button type="button" class={`button ${isDanger ? 'danger' : ''}`} onClick={onClick}><Icon name={icon} /> {children}</button>
}

function React ({ message }: { message: MessageView }): VNode {
  const [other, setOther] = useState('')
  const chosen = message.reactions.find(({ own }) => own)?.emoji
  const react = (emoji: string): void => {
    closeDialog()
    attempt(call('react', { with: message.with, messageId: message.messageId, emoji: emoji === chosen ? undefined : emoji }))
  }
  return (
    <form class="react" onSubmit={event => { event.preventDefault(); if (other.trim() !== '') react(other.trim()) }}>
      {usualEmoji.map(emoji =>
        <button key={emoji} type="button" class="reaction" aria-label={t('reactWith', { emoji })} aria-pressed={emoji === chosen} onClick={() => { react(emoji) }}>{emoji}</button>)}
      <input
        value={other} aria-label={t('otherEmoji')} placeholder={t('otherEmoji')} maxLength={32} autocomplete="off"
        onInput={({ currentTarget }) => { setOther(currentTarget.value) }}
      />
    </form>
  )
}

function Facts ({ message }: { message: MessageView }): VNode {
  const { messageId, sentAt, receivedAt, editedAt, own, delivery } = message
  const [details, setDetails] = useState<MessageDetails>()
  useEffect(() => {
    let isCurrent = true
    call('details', messageId).then(found => { if (isCurrent) setDetails(found) }, () => { /* The rest is here. */ })
    return () => { isCurrent = false }
  }, [message])
  return (
    <dl class="facts">
      <dt>{t('sent')}</dt><dd>{dateAndTimeOf(sentAt)}</dd>
      {!own && <><dt>{t('received')}</dt><dd>{dateAndTimeOf(receivedAt)}</dd></>}
      {editedAt !== undefined && <><dt>{t('edited')}</dt><dd>{dateAndTimeOf(editedAt)}</dd></>}
      {delivery !== undefined && <><dt>{t('state')}</dt><dd>{stateWords(delivery)}</dd></>}
      {own && details?.states.map(state => <Past key={state.state} state={state} />)}
      {(details?.arrivedBy ?? delivery?.way) !== undefined &&
        <><dt>{t('way')}</dt><dd>{t((details?.arrivedBy ?? delivery?.way) === 'direct' ? 'wayDirect' : 'wayRelay')}</dd></>}
      {details?.relays.map(({ peerId, storedAt, until }) => (
        <div key={peerId}>
          <dt>{t('relay')} <span class="address" dir="ltr">…{peerId.slice(-8)}</span></dt>
          <dd>{storedAt === undefined ? t('relayHasNot') : t('relayHas', { at: dateAndTimeOf(storedAt), until: until === undefined ? '?' : dateAndTimeOf(until) })}</dd>
        </div>
      ))}
    </dl>
  )
}

function Past ({ state: { state, at, way } }: { state: StateView }): VNode {
  const names = {
    queued: t('wasQueued'), stored: t('wasStored'), delivered: t('stateDelivered'), read: t('stateRead'), expired: t('wasExpired'), failed: t('wasFailed')
  }
  const when = at === undefined ? t('timeUnknown') : dateAndTimeOf(at)
  return (
    <div>
      <dt>{names[state]}</dt><dd>{way === undefined ? when : `${when}, ${t(way === 'direct' ? 'wayDirect' : 'wayRelay')}`}</dd>
    </div>
  )
}
