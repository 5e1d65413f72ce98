/** A conversation: who it is with, what was said, what is to be decided, and where to write. */
import type { VNode } from 'preact'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { ContactView } from '../../node/core/api.ts'
import { Conversation } from '../state/conversation.ts'
import { call, contactOf, say, wordsOf } from '../state/model.ts'
import { go, goBack } from '../state/routes.ts'
import { writers } from '../state/typing.ts'
import { t } from '../texts/catalogue.ts'
import { nameText } from '../texts/shown.ts'
import { Composer } from './composer.tsx'
import { confirmThat } from './dialog.tsx'
import { Icon, IconButton } from './icons.tsx'
import { MessageList } from './message-list.tsx'
import { Avatar, Name } from './names.tsx'
import { attempt } from './attempt.ts'

export function ConversationScreen ({ contactId }: { contactId: string }): VNode {
  const conversation = useMemo(() => new Conversation(contactId), [contactId])
  const contact = contactOf(contactId)
  const isKnown = contact !== undefined
  const [isSearching, setSearching] = useState(false)
  const setFound = (id: string | undefined): void => { conversation.found.value = id }
  const found = conversation.found.value

  useEffect(() => {
    if (!isKnown) return undefined
    conversation.open().catch((error: unknown) => { say(wordsOf(error)) })
    return () => { conversation.close() }
  }, [conversation, isKnown])
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'f') {
        event.preventDefault()
        setSearching(true)
      }
    }
    addEventListener('keydown', onKey)
    return () => { removeEventListener('keydown', onKey) }
  }, [])

  if (contact === undefined) return <section class="pane" />
  const stopSearching = (): void => {
    setSearching(false)
    setFound(undefined)
  }
  return (
    <section class="pane conversation" aria-label={nameText(contact.name)}>
      <header class="bar">
        <IconButton name="back" class="only-narrow" label={t('back')} onClick={goBack} />
        <button type="button" class="who" onClick={() => { go({ name: 'contact', contactId }) }}>
          <Avatar id={contactId} name={contact.name} />
          <h1><Name of={contact.name} /></h1>
          {contact.verified && <span class="badge verified"><Icon name="verified" /> <span class="wide">{t('verified')}</span></span>}
        </button>
        <IconButton name="search" label={t('searchMessages')} onClick={() => { setSearching(true) }} />
        <IconButton name="info" label={t('contactTitle', { name: nameText(contact.name) })} onClick={() => { go({ name: 'contact', contactId }) }} />
      </header>
      {isSearching && <SearchBar conversation={conversation} found={found} onFound={setFound} onClose={stopSearching} />}
      <Decision contact={contact} />
      <MessageList conversation={conversation} name={contact.name} />
      <p class="writing quiet" role="status">{writers.value.has(contactId) ? t('isWriting', { name: nameText(contact.name) }) : ''}</p>
      {contact.state !== 'blocked' && contact.identity !== 'forked' && <Composer conversation={conversation} name={contact.name} />}
    </section>
  )
}

/** What a person has to decide before this goes on as usual. */
function Decision ({ contact }: { contact: ContactView }): VNode | null {
  const { contactId, state, identity } = contact
  const name = nameText(contact.name)
  if (identity === 'forked') {
    return (
      <div class="decision alarm" role="alert">
        <p><Icon name="doubt" /> {t('forkedText', { name })}</p>
        <div class="actions">
          <button type="button" class="button" onClick={() => { attempt(call('acceptIdentity', contactId, 'known')) }}>{t('keepKnown')}</button>
          <button type="button" class="button" onClick={() => { attempt(call('acceptIdentity', contactId, 'presented')) }}>{t('takePresented')}</button>
        </div>
      </div>
    )
  }
  if (identity === 'rotated') {
    return (
      <div class="decision" role="status">
        <p>{t('rotatedText', { name })}</p>
        <div class="actions">
          <button type="button" class="button" onClick={() => { attempt(call('acceptIdentity', contactId, 'known')) }}>{t('understood')}</button>
        </div>
      </div>
    )
  }
  if (state === 'request') {
    return (
      <div class="decision" role="status">
        <p>{t('requestText', { name })}</p>
        <div class="actions">
          <button
            type="button" class="button" onClick={() => {
              confirmThat(t('block'), t('blockedText', { name }), t('block'), () => { attempt(call('blockContact', contactId)) })
            }}
          >{t('block')}</button>
          <button type="button" class="button primary" onClick={() => { attempt(call('acceptContact', contactId)) }}>{t('accept')}</button>
        </div>
      </div>
    )
  }
  if (state === 'blocked') {
    return (
      <div class="decision" role="status">
        <p><Icon name="ban" /> {t('blockedText', { name })}</p>
        <div class="actions">
          <button type="button" class="button" onClick={() => { attempt(call('acceptContact', contactId)) }}>{t('unblock')}</button>
        </div>
      </div>
    )
  }
  return null
}

function SearchBar ({ conversation, found, onFound, onClose }: {
  conversation: Conversation, found: string | undefined, onFound: (id: string | undefined) => void, onClose: () => void
}): VNode {
  const field = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  const [state, setState] = useState<'idle' | 'searching' | 'nothing'>('idle')
  useLayoutEffect(() => { field.current?.focus() }, [])

  const search = (before: string | undefined): void => {
    if (text.trim() === '') return
    setState('searching')
    conversation.find(text.trim(), before).then(id => {
      setState(id === undefined ? 'nothing' : 'idle')
      if (id !== undefined) onFound(id)
    }, (error: unknown) => { say(wordsOf(error)) })
  }
  return (
    <form
      class="search-bar" role="search" onSubmit={event => { event.preventDefault(); search(found) }}
      onKeyDown={event => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        onClose()
      }}
    >
      <input
        ref={field} type="search" value={text} aria-label={t('searchMessages')} placeholder={t('searchMessages')}
        onInput={({ currentTarget }) => { setText(currentTarget.value); setState('idle'); onFound(undefined) }}
      />
      <span class="quiet" role="status">{state === 'nothing' ? t('nothingFound') : state === 'searching' ? t('searching') : ''}</span>
      <IconButton name="older" label={t('nextFound')} onClick={() => { search(found) }} />
      <IconButton name="close" label={t('close')} onClick={onClose} />
    </form>
  )
}
