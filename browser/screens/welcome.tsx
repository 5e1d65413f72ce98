/** The first screens: making an account, and opening one that a passphrase protects. */
import type { VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { call, say, status, wordsOf } from '../state/model.ts'
import { relayOfThisPage } from '../state/relay.ts'
import { openedInvite } from '../state/routes.ts'
import { t } from '../texts/catalogue.ts'
import { Icon } from './icons.tsx'

export function Welcome (): VNode {
  const [name, setName] = useState('')
  const [found, setFound] = useState<string[]>()
  const [choice, setChoice] = useState<'page' | 'other' | 'none'>('page')
  const [address, setAddress] = useState('')
  const [isProtected, setProtected] = useState(false)
  const [passphrase, setPassphrase] = useState('')
  const [isBusy, setBusy] = useState(false)
  const nameField = useRef<HTMLInputElement>(null)
  useEffect(() => {
    nameField.current?.focus()
    relayOfThisPage().then(addresses => {
      setFound(addresses)
      if (addresses.length === 0) setChoice('other')
    }, () => { setFound([]) })
  }, [])

  const create = async (): Promise<void> => {
    setBusy(true)
    try {
      const relays = { page: found ?? [], other: address.split(/\s+/).filter(part => part !== ''), none: [] }[choice]
      await call('create', { name: name.trim(), relays, passphrase: isProtected && passphrase !== '' ? passphrase : undefined })
    } catch (error) {
      say(wordsOf(error))
      setBusy(false)
    }
  }

  return (
    <Door title={t('welcomeTitle')}>
      <p class="lead">{openedInvite.value === undefined ? t('tagline') : t('welcomeInvited')}</p>
      <p class="quiet">{t('welcomeText')}</p>
      <form class="form" onSubmit={event => { event.preventDefault(); void create() }}>
        <label class="field">
          <span>{t('yourName')}</span>
          <input
            ref={nameField} value={name} required maxLength={80} autocomplete="nickname"
            onInput={({ currentTarget }) => { setName(currentTarget.value) }}
          />
          <small>{t('yourNameHint')}</small>
        </label>
        <fieldset class="field">
          <legend>{t('yourRelay')}</legend>
          {found !== undefined && found.length > 0 &&
            <Choice name="relay" value="page" chosen={choice} onChoose={setChoice}>{t('relayOfThisPage')}</Choice>}
          <Choice name="relay" value="other" chosen={choice} onChoose={setChoice}>{t('relayOther')}</Choice>
          {choice === 'other' &&
            <label class="field">
              <span>{t('relayAddress')}</span>
              <input
                value={address} required dir="ltr" spellcheck={false} autocapitalize="off"
                onInput={({ currentTarget }) => { setAddress(currentTarget.value) }}
              />
              <small>{t('relayAddressHint')}</small>
            </label>}
          <Choice name="relay" value="none" chosen={choice} onChoose={setChoice}>{t('relayNone')}</Choice>
          <small>{t('relayExplained')}</small>
        </fieldset>
        <label class="check">
          <input type="checkbox" checked={isProtected} onChange={({ currentTarget }) => { setProtected(currentTarget.checked) }} />
          <span>{t('protectWithPassphrase')}</span>
        </label>
        {isProtected &&
          <label class="field">
            <span>{t('passphrase')}</span>
            <input
              type="password" value={passphrase} required autocomplete="new-password"
              onInput={({ currentTarget }) => { setPassphrase(currentTarget.value) }}
            />
            <small>{t('passphraseHint')}</small>
          </label>}
        <button type="submit" class="button primary big" disabled={isBusy || found === undefined}>
          {isBusy ? t('creating') : t('createAccount')}
        </button>
      </form>
    </Door>
  )
}

function Choice<T extends string> ({ name, value, chosen, onChoose, children }: {
  name: string, value: T, chosen: T, onChoose: (value: T) => void, children: string
}): VNode {
  return (
    <label class="check">
      <input type="radio" name={name} checked={chosen === value} onChange={() => { onChoose(value) }} />
      <span>{children}</span>
    </label>
  )
}

export function Unlock (): VNode {
  const [passphrase, setPassphrase] = useState('')
  const [failure, setFailure] = useState('')
  const [isBusy, setBusy] = useState(false)
  const unlock = async (): Promise<void> => {
    setBusy(true)
    setFailure('')
    try {
      await call('unlock', passphrase)
    } catch (error) {
      setFailure(wordsOf(error))
      setBusy(false)
    }
  }
  return (
    <Door title={t('lockedTitle')} icon="lock">
      <p class="quiet">{t('lockedText')}</p>
      <form class="form" onSubmit={event => { event.preventDefault(); void unlock() }}>
        <label class="field">
          <span>{t('passphrase')}</span>
          <input
            type="password" value={passphrase} required autofocus autocomplete="current-password"
            onInput={({ currentTarget }) => { setPassphrase(currentTarget.value) }}
          />
        </label>
        {failure !== '' && <p class="warning" role="alert">{failure}</p>}
        <button type="submit" class="button primary big" disabled={isBusy}>{isBusy ? t('unlocking') : t('unlock')}</button>
      </form>
    </Door>
  )
}

/** The page can't go on. */
export function Stopped (): VNode {
  const { phase, failure } = status.value
  if (phase === 'unsupported') {
    return (
      <Door title={t('unsupportedTitle')} icon="failed">
        <p role="alert">{t(isSecureContext ? 'unsupportedBrowser' : 'unsupportedInsecure')}</p>
      </Door>
    )
  }
  return (
    <Door title={t('failedTitle')} icon="failed">
      <p role="alert">{t('failedText', { message: failure?.message ?? '', code: failure?.code ?? '' })}</p>
      <button type="button" class="button primary" onClick={() => { location.reload() }}>{t('failedReload')}</button>
    </Door>
  )
}

function Door ({ title, icon = 'message', children }: {
  title: string, icon?: 'message' | 'lock' | 'failed', children: unknown
}): VNode {
  return (
    <main class="door">
      <div class="card">
        <Icon name={icon} />
        <h1>{title}</h1>
        {children as VNode}
      </div>
    </main>
  )
}
