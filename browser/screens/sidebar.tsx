/** The list of conversations, with what was said last, and the way to everything else. */
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import type { ContactView } from '../../node/core/api.ts'
import { account, call, contactOf, conversations, drafts, previews, requests, say, trouble } from '../state/model.ts'
import { clockAheadMs } from '../state/clock.ts'
import { go, goBack, route } from '../state/routes.ts'
import { isUpdateReady, startUpdate } from '../state/updates.ts'
import { dateAndTimeOf, shortTimeOf, t } from '../texts/catalogue.ts'
import { nameText } from '../texts/shown.ts'
import { attempt } from './attempt.ts'
import { Icon, IconButton, Ticks } from './icons.tsx'
import { Avatar, Name, oneLine, shortText } from './names.tsx'

export function Sidebar (): VNode {
  const [wanted, setWanted] = useState('')
  const looked = wanted.trim().toLocaleLowerCase()
  const shown = conversations.value.filter(({ name }) => nameText(name).toLocaleLowerCase().includes(looked))
  return (
    <nav class="sidebar" aria-label={t('conversations')}>
      <header class="bar">
        <h2 class="brand">{account.value === undefined ? t('appName') : <Name of={account.value.name} />}</h2>
        <IconButton name="add" label={t('addContact')} onClick={() => { go({ name: 'add' }) }} />
        <IconButton name="settings" label={t('settings')} onClick={() => { go({ name: 'settings' }) }} />
      </header>
      <ConnectionLine />
      {clockAheadMs.value !== undefined &&
        <p class="line" role="status"><Icon name="queued" />{t('lineClock', { time: dateAndTimeOf(Date.now()) })}</p>}
      {isUpdateReady.value &&
        <p class="line update" role="status">{t('updateReady')} <button type="button" class="link" onClick={startUpdate}>{t('updateNow')}</button></p>}
      {conversations.value.length > 0 &&
        <input
          class="search" type="search" value={wanted} aria-label={t('searchPeople')} placeholder={t('searchPeople')}
          onInput={({ currentTarget }) => { setWanted(currentTarget.value) }}
        />}
      {requests.value.length > 0 &&
        <button type="button" class="requests-entry" onClick={() => { go({ name: 'requests' }) }}>
          <Icon name="requests" /> {t('requests', { n: requests.value.length })}
        </button>}
      {conversations.value.length === 0
        ? <Nobody />
        : (
          <ul class="list">
            {shown.map(contact => <Entry key={contact.contactId} contact={contact} />)}
            {shown.length === 0 && <li class="quiet empty">{t('nobodyFound')}</li>}
          </ul>
          )}
    </nav>
  )
}

function Nobody (): VNode {
  return (
    <div class="empty">
      <Icon name="message" />
      <p><strong>{t('noConversations')}</strong></p>
      <p class="quiet">{t('noConversationsText')}</p>
      <button type="button" class="button primary" onClick={() => { go({ name: 'add' }) }}>{t('addContact')}</button>
    </div>
  )
}

export function Entry ({ contact }: { contact: ContactView }): VNode {
  const { contactId, name, unread, lastMessageAt, verified, identity } = contact
  const now = route.value
  const isOpen = 'contactId' in now && now.contactId === contactId
  return (
    <li>
      <button type="button" class="entry" aria-current={isOpen ? 'page' : undefined} onClick={() => { go({ name: 'conversation', contactId }) }}>
        <Avatar id={contactId} name={name} />
        <span class="entry-text">
          <span class="entry-top">
            <span class="entry-name"><Name of={name} />
              {verified && <Icon name="verified" />}{identity === 'forked' && <Icon name="doubt" />}
            </span>
            {lastMessageAt !== undefined && <time class="quiet">{shortTimeOf(lastMessageAt, Date.now())}</time>}
          </span>
          <span class="entry-bottom">
            <Preview contactId={contactId} />
            {unread > 0 && <span class="count"><span aria-hidden="true">{unread > 999 ? '999+' : unread}</span><span class="hidden">{t('unread', { n: unread })}</span></span>}
          </span>
        </span>
      </button>
    </li>
  )
}

function Preview ({ contactId }: { contactId: string }): VNode {
  const draft = drafts.value.get(contactId) ?? ''
  const last = previews.value.get(contactId)
  if (draft !== '') return <span class="preview draft" dir="auto">{t('draft', { text: oneLine(draft) })}</span>
  if (last === undefined) return <span class="preview quiet">{contactOf(contactId)?.state === 'invited' ? t('invitedWaiting') : ''}</span>
  const text = shortText(last)
  return (
    <span class="preview quiet">
      {last.delivery !== undefined && <Ticks delivery={last.delivery} />}
      <bdi>{last.own ? t('you', { text }) : text}</bdi>
    </span>
  )
}

/** Says what is wrong and what happens meanwhile; nothing where nothing is. */
function ConnectionLine (): VNode {
  const { value } = trouble
  const words = value === undefined ? '' : t(({ full: 'lineFull', offline: 'lineOffline', connecting: 'lineConnecting', unreachable: 'lineNoRelay' } as const)[value])
  return (
    <p class={`line ${words === '' ? 'hidden' : ''}`} role="status">{words !== '' && <Icon name={value === 'full' ? 'failed' : 'offline'} />}
      <span>{words} {value === 'full' && <button type="button" class="link" onClick={() => { attempt(call('tryRoom').then(isRoom => { if (!isRoom) say(t('errorFull')) })) }}>{t('failedReload')}</button>}</span>
    </p>
  )
}

export function RequestsScreen (): VNode {
  return (
    <section class="pane page" aria-labelledby="requests-title">
      <PageHeader id="requests-title" title={t('requestsTitle')} />
      <div class="page-body">
        <p class="quiet">{t('requestsText')}</p>
        {requests.value.length === 0
          ? <p>{t('noRequests')}</p>
          : <ul class="list card">{requests.value.map(contact => <Entry key={contact.contactId} contact={contact} />)}</ul>}
      </div>
    </section>
  )
}

export function PageHeader ({ id, title }: { id: string, title: string }): VNode {
  return (
    <header class="bar">
      <IconButton name="back" label={t('back')} onClick={goBack} />
      <h1 id={id}>{title}</h1>
    </header>
  )
}
