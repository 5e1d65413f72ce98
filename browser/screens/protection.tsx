/** Setting, changing and taking away the passphrase. */
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { call, say, status, wordsOf } from '../state/model.ts'
import { t } from '../texts/catalogue.ts'

export function Protection (): VNode {
  const isProtected = status.value.protection === 'passphrase'
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  const [failure, setFailure] = useState('')
  const [isBusy, setBusy] = useState(false)

  const change = async (next: string | undefined): Promise<void> => {
    setBusy(true)
    setFailure('')
    try {
      await call('protect', { from: isProtected ? from : undefined, to: next })
      setFrom('')
      setTo('')
      say(t('saved'))
    } catch (error) {
      setFailure(wordsOf(error))
    }
    setBusy(false)
  }

  return (
    <form class="card form" onSubmit={event => { event.preventDefault(); void change(to) }}>
      <h2>{t('protection')}</h2>
      <p>{t(isProtected ? 'protectedByPassphrase' : 'protectedByBrowser')}</p>
      {isProtected && <Secret label={t('currentPassphrase')} value={from} onInput={setFrom} autocomplete="current-password" />}
      <Secret label={t('newPassphrase')} value={to} onInput={setTo} autocomplete="new-password" />
      {failure !== '' && <p class="warning" role="alert">{failure}</p>}
      <div class="actions">
        {isProtected && <button type="button" class="button" disabled={isBusy || from === ''} onClick={() => { void change(undefined) }}>{t('removePassphrase')}</button>}
        <button type="submit" class="button primary" disabled={isBusy || to === ''}>{t(isProtected ? 'changePassphrase' : 'setPassphrase')}</button>
      </div>
    </form>
  )
}

function Secret ({ label, value, onInput, autocomplete }: {
  label: string, value: string, onInput: (text: string) => void, autocomplete: 'new-password' | 'current-password'
}): VNode {
  return (
    <label class="field">
      <span>{label}</span>
      <input type="password" value={value} autocomplete={autocomplete} onInput={({ currentTarget }) => { onInput(currentTarget.value) }} />
    </label>
  )
}
