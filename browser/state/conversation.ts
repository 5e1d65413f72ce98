/**
 * The conversation that is open: the part of it that is loaded, what arrives, what is sent and read.
 */
import { signal } from '@preact/signals'
import type { MessageView } from '../../node/core/api.ts'
import type { PeerEvent } from '../peer/api.ts'
import { call, contactOf, deliveryIn, listen, noteDraft } from './model.ts'
import { sayTyping } from './typing.ts'

const pageSize = 100
/** Read anew when something arrives: what came late belongs somewhere in it. */
const tailMax = 200
const gatherMs = 20
const draftDelayMs = 400
/** A message that was jumped to stands out for so long. */
const shownMs = 2_500

/** By contact: changes of own messages that were begun and neither saved nor given up. As long as this page is open. */
const unfinished = new Map<string, { message: MessageView, text: string }>()

export const canEdit = ({ own, deleted, needsNewerVersion }: MessageView): boolean => own && !deleted && !needsNewerVersion

export class Conversation {
  readonly contactId: string
  readonly messages = signal<MessageView[]>([])
  readonly isLoaded = signal(false)
  /** There are older ones than those loaded. */
  readonly hasEarlier = signal(false)
  /** The first message that was unread when this was opened. */
  readonly firstUnread = signal<string | undefined>(undefined)
  /** What is in the field. */
  readonly draft = signal('')
  /** What the next message answers. */
  readonly replyTo = signal<MessageView | undefined>(undefined)
  /** The own message whose text is in the field. */
  readonly editing = signal<MessageView | undefined>(undefined)
  /** The message that was looked for. */
  readonly found = signal<string | undefined>(undefined)
  #stopListening: (() => void) | undefined
  #loadingEarlier: Promise<void> | undefined
  #gathering: ReturnType<typeof setTimeout> | undefined
  #draftTimer: ReturnType<typeof setTimeout> | undefined
  #readUpTo: string | undefined
  /** Told of messages so far. */
  #events = 0
  /** What was being written before an old message came into the field. */
  #aside = ''

  constructor (contactId: string) { this.contactId = contactId }

  async open (): Promise<void> {
    this.#stopListening = listen(event => { this.#take(event) })
    const unread = contactOf(this.contactId)?.unread ?? 0
    const [page, draft] = await Promise.all([this.#page(pageSize), call('draft', this.contactId)])
    this.messages.value = page
    this.hasEarlier.value = page.length === pageSize
    // What was typed before this came is newer.
    if (this.draft.value === '') this.draft.value = draft
    const begun = unfinished.get(this.contactId)
    if (begun !== undefined) {
      this.edit(this.at(begun.message.messageId) ?? begun.message)
      if (this.editing.value !== undefined) this.draft.value = begun.text
    }
    const theirs = page.filter(({ own }) => !own)
    if (unread > 0) this.firstUnread.value = theirs[Math.max(0, theirs.length - unread)]?.messageId
    this.isLoaded.value = true
  }

  close (): void {
    this.#stopListening?.()
    const message = this.editing.value
    // Left before it was loaded, it says nothing of what was begun.
    if (message === undefined && this.isLoaded.value) unfinished.delete(this.contactId)
    else if (message !== undefined) unfinished.set(this.contactId, { message, text: this.draft.value })
    if (this.draft.value !== '') sayTyping(this.contactId, false)
    clearTimeout(this.#gathering)
    if (this.#draftTimer !== undefined) this.#saveDraft()
  }

  /** Whoever asks while it is under way waits for that: to return at once would let a loop turn without end. */
  async loadEarlier (): Promise<void> {
    this.#loadingEarlier ??= this.#loadEarlier().finally(() => { this.#loadingEarlier = undefined })
    await this.#loadingEarlier
  }

  async #loadEarlier (): Promise<void> {
    const [first] = this.messages.value
    if (first === undefined || !this.hasEarlier.value) return
    const page = await this.#page(pageSize, first.messageId)
    this.messages.value = [...page, ...this.messages.value]
    this.hasEarlier.value = page.length === pageSize
  }

  /** Everything up to what contains `text`, newest first; undefined: there is nothing older. */
  async find (text: string, before: string | undefined): Promise<string | undefined> {
    const wanted = text.toLocaleLowerCase()
    let until = before
    for (;;) {
      const all = this.messages.value
      const end = until === undefined ? all.length : all.findIndex(({ messageId }) => messageId === until)
      for (let at = end - 1; at >= 0; at--) {
        if (all[at]!.text.toLocaleLowerCase().includes(wanted)) return all[at]!.messageId
      }
      if (!this.hasEarlier.value) return undefined
      until = all[0]?.messageId
      await this.loadEarlier()
    }
  }

  /** Shows a message for a moment, and fetches what lies between. False: it is not here. */
  async show (messageId: string): Promise<boolean> {
    while (this.at(messageId) === undefined && this.hasEarlier.value) await this.loadEarlier()
    if (this.at(messageId) === undefined) return false
    this.found.value = messageId
    setTimeout(() => { if (this.found.value === messageId) this.found.value = undefined }, shownMs)
    return true
  }

  /** Of those that are loaded. */
  at (messageId: string): MessageView | undefined { return this.messages.value.find(one => one.messageId === messageId) }

  reply (message: MessageView): void {
    this.stopEditing()
    this.replyTo.value = message
  }

  /** Undefined: the last own message. */
  edit (message: MessageView | undefined = this.messages.value.findLast(canEdit)): void {
    if (message === undefined || !canEdit(message)) return
    if (this.editing.value === undefined) this.#aside = this.draft.value
    this.replyTo.value = undefined
    this.editing.value = message
    this.draft.value = message.text
  }

  stopEditing (): void {
    if (this.editing.value === undefined) return
    this.editing.value = undefined
    this.draft.value = this.#aside
  }

  async #saveEdited (message: MessageView, text: string): Promise<void> {
    this.stopEditing()
    try {
      if (text !== message.text) await call('edit', { with: this.contactId, messageId: message.messageId, text })
    } catch (error) {
      this.edit(message)
      this.draft.value = text
      throw error
    }
  }

  /** Resolves when it is durable; until then it is kept as a draft, for this tab may end at any moment. */
  async send (text: string): Promise<void> {
    if (this.editing.value !== undefined) return await this.#saveEdited(this.editing.value, text)
    const { value: answered } = this.replyTo
    this.#saveDraft()
    this.draft.value = ''
    this.replyTo.value = undefined
    try {
      await call('sendText', { to: this.contactId, text, ...(answered !== undefined && { replyTo: answered.messageId }) })
    } catch (error) {
      this.replyTo.value ??= answered
      // What was written meanwhile stays behind it.
      this.write([text, this.draft.value].filter(part => part !== '').join('\n'))
      throw error
    }
    this.#saveDraft()
    this.firstUnread.value = undefined
  }

  write (text: string): void {
    this.draft.value = text
    if (this.editing.value !== undefined) return
    sayTyping(this.contactId, text.trim() !== '')
    clearTimeout(this.#draftTimer)
    this.#draftTimer = setTimeout(() => { this.#saveDraft() }, draftDelayMs)
  }

  /** The person has seen everything up to the end. */
  async markRead (): Promise<void> {
    const last = this.messages.value.findLast(({ own }) => !own)
    if (last === undefined || last.messageId === this.#readUpTo) return
    const before = this.#readUpTo
    this.#readUpTo = last.messageId
    try {
      await call('markRead', { with: this.contactId, upTo: last.messageId })
    } catch (error) {
      this.#readUpTo = before
      throw error
    }
  }

  async #page (limit: number, before?: string): Promise<MessageView[]> {
    return await call('messages', { with: this.contactId, limit, ...(before !== undefined && { before }) })
  }

  #saveDraft (): void {
    clearTimeout(this.#draftTimer)
    this.#draftTimer = undefined
    const text = this.editing.value === undefined ? this.draft.value : this.#aside
    // Shown as a draft once it is one: kept, whatever happens to this tab.
    call('setDraft', this.contactId, text).then(() => { noteDraft(this.contactId, text) }, () => { /* It is still in the field. */ })
  }

  #take (event: PeerEvent): void {
    if (event.type.startsWith('message.')) this.#events++
    if (event.type === 'message.state' && event.to === this.contactId) {
      const all = this.messages.value
      const at = all.findLastIndex(({ messageId }) => messageId === event.messageId)
      if (at >= 0) this.messages.value = all.with(at, { ...all[at]!, delivery: deliveryIn(event) })
      else this.#gather()
    } else if (event.type === 'message.changed' && event.message.with === this.contactId) {
      const at = this.messages.value.findLastIndex(({ messageId }) => messageId === event.message.messageId)
      if (at >= 0) this.messages.value = this.messages.value.with(at, event.message)
      if (event.message.deleted) this.#gone(event.message.messageId)
    } else if (event.type === 'message.removed' && event.with === this.contactId) {
      this.messages.value = this.messages.value.filter(({ messageId }) => messageId !== event.messageId)
      this.#gone(event.messageId)
    } else if (event.type === 'moved' || (event.type === 'message.received' && event.from === this.contactId)) {
      this.#gather()
    }
  }

  /** Nobody can answer or change it any more. */
  #gone (messageId: string): void {
    if (this.replyTo.value?.messageId === messageId) this.replyTo.value = undefined
    if (this.editing.value?.messageId === messageId) this.stopEditing()
  }

  #gather (): void {
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined
      this.#readTail().catch(() => { /* Tried again with the next event. */ })
    }, gatherMs)
  }

  async #readTail (): Promise<void> {
    const shown = this.messages.value
    const limit = Math.min(tailMax, Math.max(pageSize, shown.length))
    const eventsBefore = this.#events
    const tail = await this.#page(limit)
    // What was told meanwhile is newer than this page: nothing more need come that would put it right.
    if (this.#events !== eventsBefore) this.#gather()
    const [first] = tail
    const at = first === undefined ? -1 : this.messages.value.findIndex(({ messageId }) => messageId === first.messageId)
    this.messages.value = at > 0 ? [...this.messages.value.slice(0, at), ...tail] : tail
    if (at < 0) this.hasEarlier.value = tail.length === limit
  }
}
