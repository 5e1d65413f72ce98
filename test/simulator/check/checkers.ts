/**
 * The invariants I1 to I13, each a function of the history alone, and each linear in its length.
 *
 * What can only be seen at the moment at which it happens (a key used twice, a relay over its quota)
 * is in the history as an alarm, raised by the world's own watchers. What no checker can judge yet,
 * since the feature is not there, is in not-yet.ts.
 */
import type { Checker, Entry, Invariant, Violation } from './history.ts'
import { accountOf, bySender, isOwed, type Account, type Sent } from './sent.ts'

/** How long after the heal the last message may arrive, ms: the longest backoff of a relay, a gap's wait, and dials. */
export const healToDeliveryMsMax = 8 * 60_000
/** Envelopes that may leave for one message: two ways, three relays, and a copy for each gap and refusal. */
export const attemptsPerMessageMax = 120
/** Contents without a message, as receipts are, for each message that was written and each start of a program, and some more for faults. */
export const bareContentsPerEventMax = 3
export const bareContentsMin = 20
/** And for each person in whose list another is: a relay that hands everything out again has copies answered, less and less often. */
export const bareContentsPerContactMax = 4
/** Envelopes that may leave for one of them. */
export const attemptsPerBareContentMax = 40
/** Dials of one machine to another in a second, which the shortest waits of a backoff allow, and those of a restart. */
export const dialsPerSecondMax = 5

type Judge = (account: Account, history: readonly Entry[]) => Violation[]

const name = (one: Sent): string => `message ${one.message} from ${one.from} to ${one.to}`
const each = (account: Account): Sent[] => [...account.sent.values()]

/** I1: what was acknowledged to its sender, or is durable with him, is in the recipient's history in the end. I2: so it is though the sender is gone. */
const arrivals: Judge = account => {
  const listed = new Set<number>()
  for (const { client, messages } of account.listings) {
    for (const { message, isOwn } of messages) {
      if (!isOwn && message !== undefined && account.sent.get(message)?.to === client) listed.add(message)
    }
  }
  return each(account).filter(one => isOwed(one, account) && !listed.has(one.message)).map(one => ({
    invariant: account.gone.has(one.from) ? 'I2' : 'I1', text: `${name(one)} is lost`
  }))
}

/** I3: nobody is shown a message twice, at once or ever. */
const duplicates: Judge = account => {
  const violations: Violation[] = []
  for (const one of each(account)) {
    // Who is set back knows nothing of what he was shown since.
    const restored = account.restored.get(one.to)
    const lives = restored === undefined ? [one.shown] : [one.shown.filter(at => at <= restored.at), one.shown.filter(at => at > restored.at)]
    if (lives.some(shown => shown.length > 1)) violations.push({ invariant: 'I3', text: `${name(one)} was shown ${one.shown.length} times` })
  }
  for (const { client, with: other, messages } of account.listings) {
    const seen = new Set<number>()
    for (const { message } of messages) {
      if (message === undefined) violations.push({ invariant: 'I3', text: `${client} has a message with ${other} that nobody wrote` })
      else if (seen.has(message)) violations.push({ invariant: 'I3', text: `message ${message} is twice in ${client}'s history` })
      else seen.add(message)
    }
  }
  return violations
}

/** I4: a sender's messages are in the order in which they were written, after all that he had seen, and no gap is left. */
const order: Judge = account => account.listings.flatMap(({ client, with: other, messages }) => {
  const violations: Violation[] = []
  const placeOf = new Map<number, number>()
  const last = new Map<string, number>()
  messages.forEach(({ message, missingBefore, isOwn }, place) => {
    const one = message === undefined ? undefined : account.sent.get(message)
    if (one === undefined) return
    placeOf.set(one.message, place)
    // Who is set back has forgotten what he wrote and saw since: his own clock is all that orders the one and the other.
    const before = last.get(`${one.from} ${one.epoch}`) ?? -1
    if (one.message < before) violations.push({ invariant: 'I4', text: `${name(one)} comes after message ${before} at ${client}` })
    last.set(`${one.from} ${one.epoch}`, Math.max(before, one.message))
    const isLost = [one.from, client].some(person => account.restored.has(person))
    if (!isOwn && missingBefore > 0 && !account.gone.has(one.from) && !isLost) {
      violations.push({ invariant: 'I4', text: `${client} is told of ${missingBefore} missing before ${name(one)}, which all came` })
    }
  })
  for (const [reader, writer, epoch] of [[client, other, 0], [other, client, 0], [client, other, 1], [other, client, 1]] as const) {
    // The furthest place of what the reader had been shown, message by message.
    const furthest: number[] = [-1]
    for (const shown of account.shownOf.get(bySender(reader, epoch, writer)) ?? []) {
      furthest.push(Math.max(furthest[furthest.length - 1]!, placeOf.get(shown) ?? -1))
    }
    for (const [number, place] of placeOf) {
      const one = account.sent.get(number)!
      if (one.from !== reader || one.epoch !== epoch || place > furthest[one.seenBefore]!) continue
      violations.push({ invariant: 'I4', text: `${name(one)} stands before what it answers, at ${client}` })
    }
  }
  return violations
})

/** I5: a tick says what is so. */
const ticks: Judge = account => each(account).flatMap(one => one.ticks.flatMap(({ state, at, storedBy, of }): Violation[] => {
  if (state === 'delivered' || state === 'read') {
    const isTrue = one.keptAt !== undefined && one.keptAt <= at
    return isTrue ? [] : [{ invariant: 'I5', text: `${name(one)} is '${state}', and its recipient does not have it` }]
  }
  if (state !== 'stored') return []
  const relays = [...one.storedAt.values()].filter(stored => stored <= at).length
  if (relays >= storedBy && storedBy >= Math.min(2, of) && storedBy > 0) return []
  return [{ invariant: 'I5', text: `${name(one)} is 'stored' by ${storedBy} of ${of}, and ${relays} relays have it` }]
}))

/** I10: nobody tries without end. */
const effort: Judge = (account, history) => [
  ...each(account).filter(one => one.attempts > attemptsPerMessageMax)
    .map((one): Violation => ({ invariant: 'I10', text: `${name(one)} left ${one.attempts} times` })),
  ...history.flatMap((entry): Violation[] => entry.f === 'dials' && entry.value.count > dialsPerSecondMax
    ? [{ invariant: 'I10', text: `${entry.process} dialled ${entry.value.to} ${entry.value.count} times in a second` }]
    : []),
  ...history.flatMap((entry): Violation[] => {
    if (entry.f !== 'bare') return []
    const { contents, envelopesOfOne } = entry.value
    const starts = history.filter(one => one.f === 'life' && one.value.event === 'serves').length
    const contacts = new Set(account.listings.map(({ client, with: other }) => `${client} ${other}`)).size
    const contentsMax = bareContentsMin + bareContentsPerEventMax * (account.sent.size + starts) + bareContentsPerContactMax * contacts
    return [
      ...(contents > contentsMax ? [{ invariant: 'I10' as const, text: `${contents} contents without a message left, for ${account.sent.size} messages` }] : []),
      ...(envelopesOfOne > attemptsPerBareContentMax ? [{ invariant: 'I10' as const, text: `a content without a message left ${envelopesOfOne} times` }] : [])
    ]
  })
]

/** I12: nothing is left running when all has ended. */
const leftovers: Judge = (_account, history) => history.flatMap((entry): Violation[] => {
  if (entry.f !== 'end' || (entry.value.timers === 0 && entry.value.streams === 0)) return []
  return [{ invariant: 'I12', text: `${entry.value.timers} timers and ${entry.value.streams} streams are left` }]
})

/** I13: once the world is well, what is owed arrives soon. */
const liveness: Judge = account => each(account).flatMap((one): Violation[] => {
  if (!isOwed(one, account) || one.keptAt === undefined || one.keptAt - account.healedAt <= healToDeliveryMsMax) return []
  const seconds = Math.round((one.keptAt - account.healedAt) / 1000)
  return [{ invariant: 'I13', text: `${name(one)} took ${seconds} s after the heal` }]
})

/** And its sender learns of it. */
const lastTicks: Judge = account => account.listings.flatMap(({ client, with: other, messages }) =>
  messages.flatMap(({ message, isOwn, state }): Violation[] => {
    if (!isOwn || account.sent.get(message ?? -1)?.okAt === undefined || account.gone.has(other) || state === 'delivered' || state === 'read') return []
    return [{ invariant: 'I13', text: `message ${message} from ${client} to ${other} is '${state}' in the end` }]
  }))

/** And who met by an invite has the other for a contact. */
const meetings: Judge = (account, history) => history.flatMap((entry): Violation[] => {
  if (entry.f !== 'contact' || entry.value.state === 'accepted' || account.gone.has(entry.value.with)) return []
  return [{ invariant: 'I13', text: `${entry.value.with} is '${entry.value.state ?? 'nobody'}' to ${entry.process}, whom it met` }]
})

/** I6, I7, I8, I9, I11 and what else was seen as it happened. */
const alarms: Judge = (_account, history) => history.flatMap(entry => entry.f === 'alarm' ? [entry.value] : [])

const judges: Judge[] = [arrivals, duplicates, order, ticks, effort, leftovers, liveness, lastTicks, meetings, alarms]

export const check: Checker = history => {
  const account = accountOf(history)
  return judges.flatMap(judge => judge(account, history))
}

export const invariants: Record<Invariant, string> = {
  I1: 'what was acknowledged arrives',
  I2: 'what is stored survives its sender',
  I3: 'nothing is shown twice',
  I4: 'order is kept, and gaps are shown and closed',
  I5: 'no tick lies',
  I6: 'no plaintext leaves a client',
  I7: 'no key and nonce seal two things that leave',
  I8: 'a relay holds no more than its quota',
  I9: 'what was acked or has expired is never given out again',
  I10: 'retries are bounded',
  I11: 'a store opens after any crash',
  I12: 'nothing fails unheard, nothing is left running',
  I13: 'once healed, everything arrives soon'
}
