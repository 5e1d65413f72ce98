/** A contact: who it is, how to make sure of it, and how to be rid of it. */
import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { SafetyNumberView } from '../../node/core/api.ts'
import { call, contactOf, copy, say, wordsOf } from '../state/model.ts'
import { go } from '../state/routes.ts'
import { t } from '../texts/catalogue.ts'
import { nameText } from '../texts/shown.ts'
import { attempt } from './attempt.ts'
import { confirmThat } from './dialog.tsx'
import { Icon, IconButton } from './icons.tsx'
import { Avatar, Name } from './names.tsx'
import { QrCode } from './qr-code.tsx'
import { Scan } from './scan.tsx'
import { PageHeader } from './sidebar.tsx'

export function ContactScreen ({ contactId }: { contactId: string }): VNode {
  const contact = contactOf(contactId)
  if (contact === undefined) return <section class="pane page" />
  const name = nameText(contact.name)
  const remove = (): void => {
    attempt(call('removeContact', contactId), () => { go({ name: 'home' }) })
  }
  return (
    <section class="pane page" aria-labelledby="contact-title">
      <PageHeader id="contact-title" title={t('contactTitle', { name })} />
      <div class="page-body">
        <div class="card center">
          <Avatar id={contactId} name={contact.name} />
          <p class="big-name"><Name of={contact.name} /></p>
          <p class={`badge ${contact.verified ? 'verified' : ''}`}>
            <Icon name={contact.verified ? 'verified' : 'doubt'} /> {t(contact.verified ? 'verified' : 'notVerified')}
          </p>
        </div>
        <SafetyNumber contactId={contactId} name={name} isVerified={contact.verified} />
        <div class="card">
          <h2>{t('accountId')}</h2>
          <p class="address" dir="ltr">{contactId}</p>
          <div class="actions"><IconButton name="copy" label={t('copy')} onClick={() => { void copy(contactId) }} /></div>
        </div>
        <div class="card actions">
          {contact.state === 'blocked'
            ? <button type="button" class="button" onClick={() => { attempt(call('acceptContact', contactId)) }}>{t('unblock')}</button>
            : (
              <button
                type="button" class="button danger" onClick={() => {
                  confirmThat(t('block'), t('blockedText', { name }), t('block'), () => { attempt(call('blockContact', contactId)) })
                }}
              ><Icon name="ban" /> {t('block')}</button>
              )}
          <button
            type="button" class="button danger"
            onClick={() => { confirmThat(t('removeContact'), t('removeText', { name }), t('remove'), remove) }}
          ><Icon name="remove" /> {t('removeContact')}</button>
        </div>
      </div>
    </section>
  )
}

function SafetyNumber ({ contactId, name, isVerified }: { contactId: string, name: string, isVerified: boolean }): VNode {
  const [shown, setShown] = useState<SafetyNumberView>()
  const [given, setGiven] = useState('')
  const [failure, setFailure] = useState('')
  useEffect(() => {
    let isCurrent = true
    // Unknown until the contact has answered: the text below says so.
    call('safetyNumber', contactId).then(view => { if (isCurrent) setShown(view) }, () => {})
    return () => { isCurrent = false }
  }, [contactId, isVerified])
  if (shown === undefined) {
    return <div class="card"><h2>{t('safetyNumber')}</h2><p class="quiet">{t('safetyNumberUnknown', { name })}</p></div>
  }
  const verify = (number: string): void => {
    setFailure('')
    call('verifyContact', contactId, number).then(() => { say(t('verified')) }, (error: unknown) => { setFailure(wordsOf(error)) })
  }
  return (
    <div class="card">
      <h2>{t('safetyNumber')}</h2>
      <p class="quiet">{t('safetyNumberText', { name })}</p>
      <p class="safety-number" dir="ltr">{shown.number.split(' ').map(group => <span key={group}>{group} </span>)}</p>
      <QrCode text={shown.qr} label={t('safetyNumberQr')} />
      {!isVerified &&
        <form class="form" onSubmit={event => { event.preventDefault(); verify(given) }}>
          <label class="field">
            <span>{t('theirNumber', { name })}</span>
            <input value={given} required inputMode="numeric" dir="ltr" autocomplete="off" onInput={({ currentTarget }) => { setGiven(currentTarget.value) }} />
          </label>
          <Scan onFound={verify} />
          {failure !== '' && <p class="warning" role="alert">{failure}</p>}
          <div class="actions">
            <button type="submit" class="button">{t('compare')}</button>
            <button type="button" class="button primary" onClick={() => { verify(shown.number) }}>{t('sameNumber')}</button>
          </div>
        </form>}
    </div>
  )
}
