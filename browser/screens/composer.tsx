/** Where a message is written: grows with it, keeps it as a draft, sends with Enter. */
import type { VNode } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { textBytesMax } from '../../protocol/limits.ts'
import type { Conversation } from '../state/conversation.ts'
import { wordsOf } from '../state/model.ts'
import { t } from '../texts/catalogue.ts'
import { nameText } from '../texts/shown.ts'
import { Icon, IconButton } from './icons.tsx'
import { shortText } from './names.tsx'

export const composerId = 'composer'

export function focusComposer (): void { document.getElementById(composerId)?.focus() }

const isLongerThanMax = (text: string): boolean =>
  text.length > textBytesMax / 3 && new TextEncoder().encode(text).length > textBytesMax

export function Composer ({ conversation, name }: { conversation: Conversation, name: string }): VNode {
  const field = useRef<HTMLTextAreaElement>(null)
  const [failure, setFailure] = useState('')
  const text = conversation.draft.value
  const editing = conversation.editing.value
  const replyTo = conversation.replyTo.value
  const isTooLong = isLongerThanMax(text)

  useLayoutEffect(() => {
    const element = field.current
    if (element === null) return
    element.style.height = 'auto'
    element.style.height = `${element.scrollHeight}px`
  }, [text])
  useLayoutEffect(() => {
    // On a telephone the keyboard would cover what was opened.
    if (matchMedia('(pointer: fine)').matches) field.current?.focus()
  }, [conversation])
  useLayoutEffect(() => { if (replyTo !== undefined || editing !== undefined) field.current?.focus() }, [replyTo, editing])

  const leave = (): void => {
    conversation.stopEditing()
    conversation.replyTo.value = undefined
    field.current?.focus()
  }

  const send = (): void => {
    // Not that of the last picture: Enter may come right after what was pasted.
    const { value } = conversation.draft
    if (value.trim() === '' || isLongerThanMax(value)) return
    setFailure('')
    conversation.send(value).catch((error: unknown) => { setFailure(t('notSent', { message: wordsOf(error) })) })
  }

  const warning = isTooLong ? t('tooLong') : failure
  return (
    <form class="composer" onSubmit={event => { event.preventDefault(); send() }}>
      {warning !== '' && <p class="warning" role="alert">{warning}</p>}
      {(editing ?? replyTo) !== undefined &&
        <div class="concerns">
          <p id="concerns"><Icon name={editing === undefined ? 'reply' : 'edit'} /> <strong>{t(editing === undefined ? 'replying' : 'editing')}</strong> <bdi>{shortText((editing ?? replyTo)!)}</bdi></p>
          <IconButton name="close" class="small" label={t('cancel')} onClick={leave} />
        </div>}
      <textarea
        aria-describedby={(editing ?? replyTo) === undefined ? undefined : 'concerns'}
        id={composerId} ref={field} rows={1} dir="auto" value={text} aria-label={t('messageTo', { name: nameText(name) })}
        placeholder={t('messageField')} enterkeyhint="send" autocomplete="off"
        onInput={({ currentTarget }) => { conversation.write(currentTarget.value) }}
        onKeyDown={event => {
          if (event.key === 'Escape' && (editing ?? replyTo) !== undefined) {
            // Not out of the conversation as well.
            event.stopPropagation()
            leave()
          } else if (event.key === 'ArrowUp' && text === '' && replyTo === undefined) {
            event.preventDefault()
            conversation.edit()
          }
          // While a word is being composed, Enter belongs to that.
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
          event.preventDefault()
          send()
        }}
      />
      <IconButton name="send" class="send" label={t('send')} disabled={text.trim() === '' || isTooLong} onClick={send} />
    </form>
  )
}
