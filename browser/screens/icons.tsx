/** Icons, and the ticks of a message: each state has a shape of its own, beside its words. */
import {
  ArrowDown, ArrowLeft, Ban, Check, CheckCheck, ChevronDown, ChevronUp, CircleCheckBig, Clock3, Copy, Ellipsis, Hourglass, Info,
  LockKeyhole, MessageCircle, Pencil, Reply, Search, SendHorizontal, Settings, ShieldAlert, ShieldCheck, Trash2,
  TriangleAlert, UserPlus, Users, WifiOff, X
} from 'lucide'
import type { IconNode } from 'lucide'
import { h } from 'preact'
import type { VNode } from 'preact'
import type { DeliveryView } from '../../node/core/api.ts'
import { dateAndTimeOf, t } from '../texts/catalogue.ts'

const icons = {
  down: ArrowDown, back: ArrowLeft, ban: Ban, stored: Check, delivered: CheckCheck, read: CircleCheckBig, queued: Clock3,
  copy: Copy, edit: Pencil, reply: Reply, more: Ellipsis, expired: Hourglass, info: Info, lock: LockKeyhole, message: MessageCircle, search: Search,
  send: SendHorizontal, settings: Settings, doubt: ShieldAlert, verified: ShieldCheck, remove: Trash2, failed: TriangleAlert,
  add: UserPlus, requests: Users, offline: WifiOff, close: X, older: ChevronUp, newer: ChevronDown
} as const satisfies Record<string, IconNode>

export type IconName = keyof typeof icons

/** Decoration: what it means is said in words beside it. */
export function Icon ({ name }: { name: IconName }): VNode {
  return h('svg', { class: `icon icon-${name}`, viewBox: '0 0 24 24', 'aria-hidden': 'true', focusable: 'false' },
    ...icons[name].map(([tag, attributes]) => h(tag, attributes)))
}

/** One control that shows an icon and says what it does. */
export function IconButton ({ name, label, onClick, ...rest }: {
  name: IconName, label: string, onClick: () => void, class?: string, disabled?: boolean
}): VNode {
  return (
    <button type="button" aria-label={label} title={label} onClick={onClick} {...rest} class={`icon-button ${rest.class ?? ''}`}>
      <Icon name={name} />
    </button>
  )
}

export function stateWords (delivery: DeliveryView): string {
  switch (delivery.state) {
    case 'queued': return t('stateQueued')
    case 'stored': return t('stateStored', {
      k: delivery.storedBy, n: delivery.of, until: delivery.until === undefined ? '?' : dateAndTimeOf(delivery.until)
    })
    case 'delivered': return t('stateDelivered')
    case 'read': return t('stateRead')
    case 'expired': return t('stateExpired')
    case 'failed': return t('stateFailed', { reason: delivery.reason ?? '?' })
  }
}

export function Ticks ({ delivery }: { delivery: DeliveryView }): VNode {
  const words = stateWords(delivery)
  return (
    <span class={`ticks ticks-${delivery.state}`} title={words}>
      <Icon name={delivery.state} />
      <span class="hidden">{words}</span>
    </span>
  )
}
