/** Dialogs: the browser's own element keeps the focus inside, and ends with Escape. */
import type { ComponentChildren, VNode } from 'preact'
import { signal } from '@preact/signals'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'
import { t } from '../texts/catalogue.ts'
import { IconButton } from './icons.tsx'

export function Dialog ({ title, onClose, children, class: name = '' }: {
  title: string, onClose: () => void, children: ComponentChildren, class?: string
}): VNode {
  const element = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  // At once, not after the next picture: what is typed meanwhile would go nowhere.
  useLayoutEffect(() => {
    const before = document.activeElement
    element.current?.showModal()
    return () => { if (before instanceof HTMLElement && isNowhere(document.activeElement)) before.focus() }
  }, [])
  return (
    <dialog
      ref={element} class={`dialog ${name}`} aria-labelledby={titleId} onClose={onClose}
      // Beside it: its own padding belongs to what is inside.
      onClick={({ target }) => { if (target === element.current) element.current?.close() }}
    >
      <div class="dialog-body">
        <header class="dialog-header">
          <h2 id={titleId}>{title}</h2>
          <IconButton name="close" label={t('close')} onClick={() => { element.current?.close() }} />
        </header>
        {children}
      </div>
    </dialog>
  )
}

/** Nothing else took the focus when the dialog, which had it, went. */
function isNowhere (focused: Element | null): boolean {
  return focused === null || focused === document.body || !focused.isConnected || focused.closest('dialog') !== null
}

/** The one dialog that is open over whatever screen there is. */
export const shownDialog = signal<(() => VNode) | undefined>(undefined)

export function closeDialog (): void { shownDialog.value = undefined }

export function showDialog (dialog: () => VNode): void { shownDialog.value = dialog }

/** Asks before something that can't be taken back. */
export function confirmThat (title: string, text: ComponentChildren, action: string, onYes: () => void): void {
  showDialog(() => (
    <Dialog title={title} onClose={closeDialog}>
      <p>{text}</p>
      <div class="actions">
        <button type="button" class="button" onClick={closeDialog}>{t('cancel')}</button>
        <button type="button" class="button danger" onClick={() => { closeDialog(); onYes() }}>{action}</button>
      </div>
    </Dialog>
  ))
}
