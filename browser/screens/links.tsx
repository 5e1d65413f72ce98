/** Links that others wrote: they are asked about, with the whole address in sight, and tell nobody where they were. */
import { t } from '../texts/catalogue.ts'
import { Dialog, closeDialog, showDialog } from './dialog.tsx'

export function askToOpen (target: string): void {
  showDialog(() => (
    <Dialog title={t('openLinkTitle')} onClose={closeDialog}>
      <p class="address" dir="ltr">{target}</p>
      <p>{t('openLinkText')}</p>
      <div class="actions">
        <button type="button" class="button" onClick={closeDialog}>{t('cancel')}</button>
        <a class="button primary" href={target} target="_blank" rel="noopener noreferrer" onClick={closeDialog}>{t('openLink')}</a>
      </div>
    </Dialog>
  ))
}
