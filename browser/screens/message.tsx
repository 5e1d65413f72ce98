/** One message: its bubble, its ticks, and everything that is known of it. */
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import type { MessageView } from '../../node/core/api.ts'
import { copy } from '../state/model.ts'
import { dateAndTimeOf, t, timeOf } from '../texts/catalogue.ts'
import { Dialog, closeDialog, showDialog } from './dialog.tsx'
import { Icon, IconButton, Ticks, stateWords } from './icons.tsx'
import { Markdown } from './markdown.tsx'
import { nameText } from './names.tsx'

/** Of a longer text the beginning is shown first. */
const shownCharacters = 3_000

export function Message ({ message, name, isFirst, isFound }: {
  message: MessageView, name: string, isFirst: boolean, isFound: boolean
}): VNode {
  const { own, delivery, late, missingBefore, identityInDoubt, sentAt } = message
  const label = own ? t('ownMessage', { time: timeOf(sentAt) }) : t('theirMessage', { name: nameText(name), time: timeOf(sentAt) })
  return (
    <div class={`message ${own ? 'own' : 'theirs'} ${isFirst ? 'first' : ''} ${isFound ? 'found' : ''}`} role="group" aria-label={label}>
      {missingBefore > 0 && <p class="notice"><Icon name="failed" /> {t('missing', { n: missingBefore })}</p>}
      <div class="bubble">
        <Body message={message} />
        <div class="below">
          {late && <span class="late" title={dateAndTimeOf(message.receivedAt)}>{t('late', { time: timeOf(message.receivedAt) })}</span>}
          {identityInDoubt && <span class="doubt"><Icon name="doubt" /> {t('inDoubt')}</span>}
          <time dateTime={new Date(sentAt).toISOString()} title={dateAndTimeOf(sentAt)}>{timeOf(sentAt)}</time>
          {delivery !== undefined && <Ticks delivery={delivery} />}
          <IconButton name="more" label={t('details')} class="small" onClick={() => { showDialog(() => <Details message={message} />) }} />
        </div>
      </div>
    </div>
  )
}

function Body ({ message: { text, needsNewerVersion } }: { message: MessageView }): VNode {
  const [isWhole, setWhole] = useState(false)
  if (needsNewerVersion) return <p class="quiet">{t('needsNewer')}</p>
  if (isWhole || text.length <= shownCharacters) return <div class="body"><Markdown text={text} /></div>
  return (
    <div class="body">
      <Markdown text={`${text.slice(0, shownCharacters)} …`} />
      <button type="button" class="link" onClick={() => { setWhole(true) }}>{t('showAll')}</button>
    </div>
  )
}

function Details ({ message }: { message: MessageView }): VNode {
  const { delivery, sentAt, receivedAt, own, text } = message
  return (
    <Dialog title={t('messageDetails')} onClose={closeDialog}>
      <dl class="facts">
        <dt>{t('sent')}</dt><dd>{dateAndTimeOf(sentAt)}</dd>
        {!own && <><dt>{t('received')}</dt><dd>{dateAndTimeOf(receivedAt)}</dd></>}
        {delivery !== undefined && <><dt>{t('state')}</dt><dd>{stateWords(delivery)}</dd></>}
        {delivery?.way !== undefined && <><dt>{t('way')}</dt><dd>{t(delivery.way === 'direct' ? 'wayDirect' : 'wayRelay')}</dd></>}
      </dl>
      <div class="actions">
        <button type="button" class="button" onClick={() => { void copy(text); closeDialog() }}><Icon name="copy" /> {t('copyText')}</button>
      </div>
    </Dialog>
  )
}
