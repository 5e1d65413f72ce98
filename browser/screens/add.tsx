/** Adding a contact: an invite that somebody gave, or one to give away. */
import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { call, copy, say, wordsOf } from '../state/model.ts'
import { inviteIn, linkOf } from '../state/invites.ts'
import { forgetInvite, go, openedInvite } from '../state/routes.ts'
import { t } from '../texts/catalogue.ts'
import { attempt } from './attempt.ts'
import { Icon } from './icons.tsx'
import { QrCode } from './qr-code.tsx'
import { Scan } from './scan.tsx'
import { PageHeader } from './sidebar.tsx'

export function AddScreen (): VNode {
  return (
    <section class="pane page" aria-labelledby="add-title">
      <PageHeader id="add-title" title={t('addTitle')} />
      <div class="page-body">
        <OpenInvite />
        <GiveInvite />
      </div>
    </section>
  )
}

/** From now on the contact is there, whether anybody could be reached or not. */
async function addByInvite (invite: string, name: string): Promise<void> {
  const { contactId } = await call('addContact', { invite: inviteIn(invite), ...(name !== '' && { name }) })
  forgetInvite()
  go({ name: 'conversation', contactId })
}

function OpenInvite (): VNode {
  const opened = openedInvite.value
  const [invite, setInvite] = useState(opened === undefined ? '' : `restante:${opened}`)
  const [name, setName] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState('')
  useEffect(() => { if (opened !== undefined) setInvite(`restante:${opened}`) }, [opened])
  const add = async (): Promise<void> => {
    setBusy(true)
    setFailure('')
    try {
      await addByInvite(invite, name.trim())
    } catch (error) {
      setFailure(wordsOf(error))
      setBusy(false)
    }
  }
  return (
    <form class="card form" onSubmit={event => { event.preventDefault(); void add() }}>
      <h2>{t('openInvite')}</h2>
      {opened !== undefined && <p role="status">{t('inviteHere')}</p>}
      <label class="field">
        <span>{t('inviteLink')}</span>
        <textarea
          value={invite} required rows={3} dir="ltr" spellcheck={false} autocapitalize="off"
          onInput={({ currentTarget }) => { setInvite(currentTarget.value) }}
        />
        <small>{t('inviteLinkHint')}</small>
      </label>
      <Scan onFound={setInvite} />
      <label class="field">
        <span>{t('contactName')}</span>
        <input value={name} maxLength={80} dir="auto" autocomplete="off" onInput={({ currentTarget }) => { setName(currentTarget.value) }} />
        <small>{t('contactNameHint')}</small>
      </label>
      {failure !== '' && <p class="warning" role="alert">{failure}</p>}
      <button type="submit" class="button primary" disabled={isBusy}>{isBusy ? t('adding') : t('add')}</button>
    </form>
  )
}

function GiveInvite (): VNode {
  const [made, setMade] = useState<{ invite: string, published: boolean }>()
  const [isBusy, setBusy] = useState(false)
  const make = async (): Promise<void> => {
    setBusy(true)
    try {
      setMade(await call('createInvite', {}))
    } catch (error) {
      say(wordsOf(error))
    }
    setBusy(false)
  }
  const link = made === undefined ? '' : linkOf(made.invite, location)
  return (
    <div class="card">
      <h2>{t('yourInvite')}</h2>
      <p class="quiet">{t('yourInviteText')}</p>
      {made !== undefined &&
        <>
          <QrCode text={link} label={t('inviteQr')} />
          {!made.published && <p class="warning" role="status">{t('inviteNotPublished')}</p>}
          <p class="address" dir="ltr" tabIndex={0} role="textbox" aria-readonly="true" aria-label={t('yourInvite')}>{link}</p>
        </>}
      <div class="actions">
        {made !== undefined && <button type="button" class="button primary" onClick={() => { attempt(copy(link)) }}><Icon name="copy" /> {t('copy')}</button>}
        <button type="button" class={`button ${made === undefined ? 'primary' : ''}`} disabled={isBusy} onClick={() => { void make() }}>
          {isBusy ? t('makingInvite') : t(made === undefined ? 'makeInvite' : 'anotherInvite')}
        </button>
      </div>
    </div>
  )
}
