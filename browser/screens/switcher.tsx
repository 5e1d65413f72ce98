/** Ctrl-K: to anybody by the first letters of the name. */
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { conversations } from '../state/model.ts'
import { go } from '../state/routes.ts'
import { t } from '../texts/catalogue.ts'
import { nameText } from '../texts/shown.ts'
import { Dialog, closeDialog } from './dialog.tsx'
import { Avatar, Name } from './names.tsx'

const shownMax = 8

export function Switcher (): VNode {
  const [wanted, setWanted] = useState('')
  const [chosen, setChosen] = useState(0)
  const looked = wanted.trim().toLocaleLowerCase()
  const found = conversations.value.filter(({ name }) => nameText(name).toLocaleLowerCase().includes(looked)).slice(0, shownMax)
  const choose = (contactId: string | undefined): void => {
    if (contactId === undefined) return
    closeDialog()
    go({ name: 'conversation', contactId })
  }
  const onKey = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step === undefined || found.length === 0) return
    event.preventDefault()
    setChosen((chosen + step + found.length) % found.length)
  }
  return (
    <Dialog title={t('switcher')} class="switcher" onClose={closeDialog}>
      <form onSubmit={event => { event.preventDefault(); choose(found[chosen]?.contactId) }}>
        <input
          autofocus type="text" value={wanted} placeholder={t('switcherHint')} aria-label={t('switcherHint')} role="combobox"
          aria-expanded="true" aria-controls="switcher-list" aria-activedescendant={found.length > 0 ? `switch-${chosen}` : undefined}
          onInput={({ currentTarget }) => { setWanted(currentTarget.value); setChosen(0) }} onKeyDown={onKey}
        />
      </form>
      <ul class="list" id="switcher-list" role="listbox" aria-label={t('conversations')}>
        {found.map(({ contactId, name }, index) => (
          <li
            key={contactId} id={`switch-${index}`} role="option" aria-selected={index === chosen} class="entry"
            onClick={() => { choose(contactId) }}
          ><Avatar id={contactId} name={name} /><Name of={name} />
          </li>
        ))}
      </ul>
      {found.length === 0 && <p class="quiet" role="status">{t('nobodyFound')}</p>}
    </Dialog>
  )
}
