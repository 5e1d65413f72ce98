/** The whole of the screen: which one is shown, what stands beside it, and the keys that work everywhere. */
import type { VNode } from 'preact'
import { useEffect } from 'preact/hooks'
import { useSignalEffect } from '@preact/signals'
import { account, announcement, contactOf, status, toast, unreadTotal } from '../state/model.ts'
import { go, goBack, openedInvite, route } from '../state/routes.ts'
import { t } from '../texts/catalogue.ts'
import { AddScreen } from './add.tsx'
import { composerId } from './composer.tsx'
import { ContactScreen } from './contact.tsx'
import { ConversationScreen } from './conversation.tsx'
import { shownDialog, showDialog } from './dialog.tsx'
import { Icon } from './icons.tsx'
import { RequestsScreen, Sidebar } from './sidebar.tsx'
import { SettingsScreen } from './settings.tsx'
import { Switcher } from './switcher.tsx'
import { Stopped, Unlock, Welcome } from './welcome.tsx'

export function App (): VNode {
  const ShownDialog = shownDialog.value
  return (
    <>
      <Phase />
      {ShownDialog !== undefined && <ShownDialog />}
      <p class="hidden" aria-live="polite">{announcement}</p>
      <div class="toast" role="status">{toast.value !== '' && <p>{toast}</p>}</div>
    </>
  )
}

function Phase (): VNode {
  switch (status.value.phase) {
    case 'opening': return <main class="door"><p class="quiet" role="status">{t('opening')}</p></main>
    case 'unsupported': case 'failed': return <Stopped />
    case 'welcome': return <Welcome />
    case 'locked': return <Unlock />
    case 'running': case 'full': return <Messenger />
  }
}

function Messenger (): VNode {
  const { value } = route
  useEffect(() => {
    addEventListener('keydown', onKey)
    return () => { removeEventListener('keydown', onKey) }
  }, [])
  useSignalEffect(() => {
    document.title = unreadTotal.value > 0 ? `(${unreadTotal.value}) ${t('appName')}` : t('appName')
  })
  useSignalEffect(() => { if (openedInvite.value !== undefined) go({ name: 'add' }) })
  const isHome = value.name === 'home' || ('contactId' in value && account.value !== undefined && contactOf(value.contactId) === undefined)
  return (
    <div class={`app ${isHome ? 'at-home' : ''}`}>
      {value.name === 'conversation' && <a class="skip" href={`#${composerId}`} onClick={skip}>{t('skipToComposer')}</a>}
      <Sidebar />
      <main class="main">
        {isHome ? <Nothing /> : <Screen />}
      </main>
    </div>
  )
}

function Screen (): VNode {
  const { value } = route
  switch (value.name) {
    case 'home': return <Nothing />
    case 'conversation': return <ConversationScreen key={value.contactId} contactId={value.contactId} />
    case 'contact': return <ContactScreen key={value.contactId} contactId={value.contactId} />
    case 'requests': return <RequestsScreen />
    case 'add': return <AddScreen />
    case 'settings': return <SettingsScreen />
  }
}

function Nothing (): VNode {
  return (
    <div class="pane nothing">
      <Icon name="message" />
      <p><strong>{t('chooseConversation')}</strong></p>
      <p class="quiet">{t('chooseConversationText')}</p>
    </div>
  )
}

/** The fragment of the address is for invites. */
function skip (event: Event): void {
  event.preventDefault()
  document.getElementById(composerId)?.focus()
}

function onKey (event: KeyboardEvent): void {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
    event.preventDefault()
    showDialog(() => <Switcher />)
  } else if (event.key === 'Escape' && shownDialog.value === undefined) {
    goBack()
  }
}
