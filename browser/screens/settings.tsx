/** Settings: the account, its relays, how it is kept here, how it looks, and how it goes away. */
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { account, blocked, call, connections, copy, say, status, wordsOf } from '../state/model.ts'
import { language, languages, setLanguage, t } from '../texts/catalogue.ts'
import type { Language } from '../texts/catalogue.ts'
import { setTheme, theme, themes } from '../state/theme.ts'
import { saveEverything } from '../state/export.ts'
import { canNotify, noticeKind, noticeKinds, setNoticeKind } from '../state/notifications.ts'
import type { NoticeKind } from '../state/notifications.ts'
import { setWantsTyping, wantsTyping } from '../state/typing.ts'
import { attempt } from './attempt.ts'
import { Dialog, closeDialog, confirmThat, showDialog } from './dialog.tsx'
import { IconButton } from './icons.tsx'
import { Name } from './names.tsx'
import { Protection } from './protection.tsx'
import { Entry, PageHeader } from './sidebar.tsx'

export function SettingsScreen (): VNode {
  return (
    <section class="pane page" aria-labelledby="settings-title">
      <PageHeader id="settings-title" title={t('settings')} />
      <div class="page-body">
        <Account />
        <Relays />
        <Storage />
        <Protection />
        <Appearance />
        <Notices />
        <WritingSetting />
        <div class="card">
          <h2>{t('blockedPeople')}</h2>
          {blocked.value.length === 0
            ? <p class="quiet">{t('nobodyBlocked')}</p>
            : <ul class="list">{blocked.value.map(contact => <Entry key={contact.contactId} contact={contact} />)}</ul>}
        </div>
        <div class="card">
          <h2>{t('about')}</h2>
          <p class="quiet">{t('aboutText')}</p>
          <p><a class="link" href="./licences.txt" target="_blank" rel="noopener">{t('licences')}</a></p>
        </div>
        <div class="card actions">
          <button
            type="button" class="button"
            onClick={() => { confirmThat(t('saveEverything'), t('saveEverythingText'), t('save'), () => { attempt(saveEverything()) }) }}
          >{t('saveEverything')}</button>
          <button type="button" class="button danger" onClick={() => { showDialog(() => <DeleteEverything />) }}>{t('deleteEverything')}</button>
        </div>
      </div>
    </section>
  )
}

function Account (): VNode {
  const { value } = account
  if (value === undefined) return <div class="card" />
  return (
    <div class="card">
      <h2>{t('account')}</h2>
      <p class="big-name"><Name of={value.name} /></p>
      <p class="address" dir="ltr">{value.accountId}</p>
      <div class="actions"><IconButton name="copy" label={t('copy')} onClick={() => { attempt(copy(value.accountId)) }} /></div>
      <RecoveryPhrase isForgotten={value.phraseWrittenDown} />
    </div>
  )
}

function RecoveryPhrase ({ isForgotten }: { isForgotten: boolean }): VNode {
  const [words, setWords] = useState<string[]>()
  return (
    <>
      <h3>{t('recoveryPhrase')}</h3>
      <p class="quiet">{t(isForgotten ? 'phraseForgotten' : 'recoveryText')}</p>
      {words !== undefined && <ol class="phrase" dir="ltr">{words.map((word, index) => <li key={index}>{word}</li>)}</ol>}
      {!isForgotten &&
        <button
          type="button" class="button" onClick={() => {
            if (words !== undefined) setWords(undefined)
            else attempt(call('recoveryPhrase').then(phrase => { setWords(phrase.split(' ')) }))
          }}
        >{t(words === undefined ? 'showPhrase' : 'hidePhrase')}</button>}
    </>
  )
}

function Relays (): VNode {
  const relays = connections.value.filter(({ kind }) => kind === 'relay')
  return (
    <div class="card">
      <h2>{t('relays')}</h2>
      {(account.value?.relays.length ?? 0) === 0 && <p>{t('noRelays')}</p>}
      <ul class="relays">
        {relays.map(({ peerId, state, lastError }) => (
          <li key={peerId}>
            <span class={`lamp lamp-${state}`} aria-hidden="true" />
            <span>{state === 'connected' ? t('relayConnected') : lastError === undefined ? t('relayConnecting') : t('relayWaiting', { code: lastError })}</span>
            <span class="address" dir="ltr">{peerId}</span>
          </li>
        ))}
      </ul>
      <details>
        <summary>{t('whatRelaysSee')}</summary>
        <p>{t('whatRelaysSeeText')}</p>
      </details>
      <label class="check">
        <input
          type="checkbox" role="switch" checked={status.value.isDirect}
          onChange={({ currentTarget }) => { attempt(call('setDirect', currentTarget.checked)) }}
        />
        <span>{t('directConnections')}<small>{t('directExplained')}</small></span>
      </label>
      {status.value.isDirect && <StunServer />}
    </div>
  )
}

function StunServer (): VNode {
  const { stun = '' } = status.value
  const [typed, setTyped] = useState(stun)
  const wanted = typed.trim()
  return (
    <form
      class="form" onSubmit={event => {
        event.preventDefault()
        attempt(call('setStun', wanted === '' ? undefined : wanted), () => { say(t('saved')) })
      }}
    >
      <label class="field">
        <span>{t('stun')}</span>
        <input value={typed} dir="ltr" autocomplete="off" placeholder="stun:host:port" onInput={({ currentTarget }) => { setTyped(currentTarget.value) }} />
        <small>{t('stunExplained')}</small>
      </label>
      <div class="actions"><button type="submit" class="button" disabled={wanted === stun}>{t('save')}</button></div>
    </form>
  )
}

function Storage (): VNode {
  const { isPersisted } = status.value
  const key = isPersisted === undefined ? 'storageNotAsked' : isPersisted ? 'storagePersisted' : 'storageNotPersisted'
  return <div class="card"><h2>{t('storage')}</h2><p>{t(key)}</p></div>
}

function Appearance (): VNode {
  const themeNames = { system: t('themeSystem'), light: t('themeLight'), dark: t('themeDark') }
  return (
    <div class="card form">
      <h2>{t('appearance')}</h2>
      <label class="field">
        <span>{t('theme')}</span>
        <select value={theme.value} onChange={({ currentTarget }) => { setTheme(themes.find(one => one === currentTarget.value) ?? 'system') }}>
          {themes.map(one => <option key={one} value={one}>{themeNames[one]}</option>)}
        </select>
      </label>
      <label class="field">
        <span>{t('language')}</span>
        <select value={language.value} onChange={({ currentTarget }) => { attempt(setLanguage(currentTarget.value as Language)) }}>
          {Object.entries(languages).map(([tag, name]) => <option key={tag} value={tag} lang={tag}>{name}</option>)}
        </select>
      </label>
    </div>
  )
}

function Notices (): VNode {
  const names = { off: t('noticesOff'), plain: t('noticesPlain'), text: t('noticesText') }
  const choose = (kind: NoticeKind): void => { attempt(setNoticeKind(kind).then(isAllowed => { if (!isAllowed) say(t('noticesDenied')) })) }
  return (
    <div class="card form">
      <h2>{t('notices')}</h2>
      {canNotify()
        ? (
          <label class="field">
            <span>{t('noticesWhen')}</span>
            <select value={noticeKind.value} onChange={({ currentTarget }) => { choose(noticeKinds.find(one => one === currentTarget.value) ?? 'off') }}>
              {noticeKinds.map(one => <option key={one} value={one} selected={one === noticeKind.value}>{names[one]}</option>)}
            </select>
          </label>
          )
        : <p class="quiet">{t('noticesMissing')}</p>}
    </div>
  )
}

function WritingSetting (): VNode {
  return (
    <div class="card">
      <h2>{t('typing')}</h2>
      <label class="check">
        <input type="checkbox" role="switch" checked={wantsTyping.value} onChange={({ currentTarget }) => { setWantsTyping(currentTarget.checked) }} />
        <span>{t('typingWanted')}<small>{t('typingExplained')}</small></span>
      </label>
    </div>
  )
}

function DeleteEverything (): VNode {
  const [typed, setTyped] = useState('')
  const name = account.value?.name ?? ''
  return (
    <Dialog title={t('deleteEverything')} onClose={closeDialog}>
      <form
        class="form" onSubmit={event => {
          event.preventDefault()
          call('deleteEverything').catch((error: unknown) => { say(wordsOf(error)) })
        }}
      >
        <p>{t('deleteText')}</p>
        <label class="field">
          <span>{t('yourName')}: <Name of={name} /></span>
          <input value={typed} autocomplete="off" onInput={({ currentTarget }) => { setTyped(currentTarget.value) }} />
        </label>
        <div class="actions">
          <button type="button" class="button" onClick={closeDialog}>{t('cancel')}</button>
          <button type="submit" class="button danger" disabled={typed.trim() !== name}>{t('deleteNow')}</button>
        </div>
      </form>
    </Dialog>
  )
}
