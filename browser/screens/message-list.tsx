/**
 * The messages of a conversation: only those in sight are in the page, however many there are. It stays at
 * its end while it is there, and keeps its place when older ones come in above.
 */
import { Virtualizer, elementScroll, observeElementOffset, observeElementRect } from '@tanstack/virtual-core'
import type { VNode } from 'preact'
import { useEffect, useLayoutEffect, useReducer, useRef } from 'preact/hooks'
import type { MessageView } from '../../node/core/api.ts'
import { say, wordsOf } from '../state/model.ts'
import type { Conversation } from '../state/conversation.ts'
import { dayOf, isSameDay, t } from '../texts/catalogue.ts'
import { nameText } from '../texts/shown.ts'
import { IconButton } from './icons.tsx'
import { Message } from './message.tsx'

const estimatedPixels = 60
/** Rows kept ready above and below what is seen. */
const overscan = 8
/** So near to the top, the next page is fetched. */
const earlierRows = 10
/** Messages of one side within this time belong together. */
const groupMs = 5 * 60_000
const endPixels = 80

export function MessageList ({ conversation, name }: { conversation: Conversation, name: string }): VNode {
  const found = conversation.found.value
  const scroller = useRef<HTMLDivElement>(null)
  const [, redraw] = useReducer((n: number) => n + 1, 0)
  const messages = conversation.messages.value
  const firstUnread = conversation.firstUnread.value
  const list = useRef<Virtualizer<HTMLDivElement, HTMLElement>>(undefined)

  // Whether the end is followed is the person's: in a flood, rows that are measured late move it away by themselves.
  const isFollowing = useRef(false)
  /** Where the list itself scrolled to last. */
  const ownOffset = useRef(0)
  const toEnd = (): void => {
    isFollowing.current = true
    virtualizer.scrollToEnd()
  }
  const options = {
    count: messages.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => estimatedPixels,
    getItemKey: (index: number) => messages[index]?.messageId ?? index,
    overscan,
    anchorTo: 'end' as const,
    followOnAppend: true,
    scrollEndThreshold: endPixels,
    paddingStart: 12,
    paddingEnd: 12,
    observeElementRect,
    observeElementOffset,
    scrollToFn: (offset: number, how: Parameters<typeof elementScroll>[1], of: Virtualizer<HTMLDivElement, HTMLElement>) => {
      elementScroll(offset, how, of)
      ownOffset.current = scroller.current?.scrollTop ?? 0
    },
    onChange: () => { redraw(undefined) }
  }
  list.current ??= new Virtualizer(options)
  const virtualizer = list.current
  virtualizer.setOptions(options)

  useLayoutEffect(() => virtualizer._didMount(), [virtualizer])
  useLayoutEffect(() => { virtualizer._willUpdate() })
  const isLoaded = conversation.isLoaded.value
  useLayoutEffect(() => {
    if (!isLoaded) return
    const at = firstUnread === undefined ? -1 : messages.findIndex(({ messageId }) => messageId === firstUnread)
    isFollowing.current = at <= 0
    if (at > 0) virtualizer.scrollToIndex(at, { align: 'center' })
    else toEnd()
  }, [conversation, isLoaded])
  const last = messages.at(-1)
  const lastBefore = useRef<string>(undefined)
  useLayoutEffect(() => {
    // Whoever writes while looking at what was before wants to see it go.
    if (lastBefore.current !== undefined && last?.own === true) toEnd()
    lastBefore.current = last?.messageId
  }, [last?.messageId])
  useEffect(() => {
    const at = found === undefined ? -1 : messages.findIndex(({ messageId }) => messageId === found)
    if (at < 0) return
    isFollowing.current = false
    virtualizer.scrollToIndex(at, { align: 'center' })
  }, [found])
  useEffect(() => {
    const element = scroller.current!
    let before = element.scrollTop
    const scrolled = (): void => {
      const at = element.scrollTop
      if (element.scrollHeight - element.clientHeight - at < endPixels) isFollowing.current = true
      // Upwards only a person goes, by whatever means.
      else if (at < before - 1 && Math.abs(at - ownOffset.current) > 1) isFollowing.current = false
      before = at
    }
    // Ahead of the virtualizer's, after which the list is drawn anew.
    const how = { capture: true, passive: true }
    element.addEventListener('scroll', scrolled, how)
    return () => { element.removeEventListener('scroll', scrolled, how) }
  }, [virtualizer])
  useLayoutEffect(() => {
    if (isLoaded && isFollowing.current && !virtualizer.isAtEnd(endPixels)) virtualizer.scrollToEnd()
  })

  const rows = virtualizer.getVirtualItems()
  const isNearTop = (rows[0]?.index ?? earlierRows) < earlierRows
  useEffect(() => {
    if (isLoaded && isNearTop && conversation.hasEarlier.value) {
      conversation.loadEarlier().catch((error: unknown) => { say(wordsOf(error)) })
    }
  }, [isLoaded, isNearTop, messages.length, conversation.hasEarlier.value])

  const isAtEnd = isLoaded && virtualizer.isAtEnd(endPixels)
  useEffect(() => {
    const read = (): void => {
      if (isAtEnd && document.visibilityState === 'visible' && document.hasFocus()) {
        conversation.markRead().catch(() => { /* Done with the next message. */ })
      }
    }
    read()
    addEventListener('focus', read)
    document.addEventListener('visibilitychange', read)
    return () => {
      removeEventListener('focus', read)
      document.removeEventListener('visibilitychange', read)
    }
  }, [isAtEnd, messages])

  const now = Date.now()
  return (
    <div class="messages-frame">
      <div class="messages" ref={scroller} tabIndex={0} role="log" aria-label={nameText(name)} aria-live="off">
        {isLoaded && !conversation.hasEarlier.value && messages.length === 0 && <Beginning name={name} />}
        <div class="messages-inner" style={{ height: `${virtualizer.getTotalSize()}px` }}>
          {rows.map(({ index, key, start }) => {
            const message = messages[index]
            if (message === undefined) return null
            return (
              <div
                key={key} class="row" data-index={index} style={{ transform: `translateY(${start}px)` }}
                ref={element => { if (element !== null) virtualizer.measureElement(element) }}
              >
                {index === 0 && !conversation.hasEarlier.value && <Beginning name={name} />}
                <Divider message={message} before={messages[index - 1]} isFirstUnread={message.messageId === firstUnread} now={now} />
                <Message
                  message={message} conversation={conversation} name={name} isFirst={!isGrouped(messages[index - 1], message)}
                  isFound={message.messageId === found}
                />
              </div>
            )
          })}
        </div>
      </div>
      {isLoaded && !isAtEnd && messages.length > 0 &&
        <IconButton name="down" class="to-end" label={t('toNewest')} onClick={toEnd} />}
    </div>
  )
}

function Beginning ({ name }: { name: string }): VNode {
  return <p class="beginning">{t('beginning', { name: nameText(name) })}</p>
}

function Divider ({ message, before, isFirstUnread, now }: {
  message: MessageView, before: MessageView | undefined, isFirstUnread: boolean, now: number
}): VNode | null {
  const isNewDay = before === undefined || !isSameDay(before.sentAt, message.sentAt)
  if (!isNewDay && !isFirstUnread) return null
  return (
    <>
      {isNewDay && <h3 class="day"><span>{dayOf(message.sentAt, now)}</span></h3>}
      {isFirstUnread && <p class="unread-line"><span>{t('newMessages')}</span></p>}
    </>
  )
}

function isGrouped (before: MessageView | undefined, message: MessageView): boolean {
  return before !== undefined && before.own === message.own && isSameDay(before.sentAt, message.sentAt) &&
    Math.abs(message.sentAt - before.sentAt) < groupMs && message.missingBefore === 0
}
