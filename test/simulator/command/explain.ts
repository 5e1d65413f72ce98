/**
 * `simulate explain RUN MESSAGE`: the story of one message, from what was recorded of the run.
 */
import { UsageError } from '../../../protocol/errors.ts'
import { accountOf } from '../report/account.ts'
import type { MessageStory } from '../report/account.ts'
import type { RunEntry } from '../report/records.ts'
import type { FaultWindow, Plan } from '../scenario/plan.ts'
import { showDuration } from '../scenario/quantities.ts'
import { readLines, readRepro } from './files.ts'
import { planOf } from './perform.ts'
import { exits } from './surroundings.ts'
import type { Exit, Surroundings } from './surroundings.ts'

export interface StoryLine { atMs: number, where: string, words: string }

/** `message`: its number, as in history.jsonl. */
export function explain (folder: string, message: string, { output }: Surroundings): Exit {
  const number = /^m?(\d+)$/.exec(message)?.[1]
  if (number === undefined) throw new UsageError('USAGE', `'${message}' is no number of a message.`)
  const { plan } = planOf(readRepro(folder))
  const history = readLines(folder, 'history.jsonl').map(line => JSON.parse(line) as RunEntry)
  const { messages } = accountOf({ plan, history, probes: new Set() })
  const story = messages.find(one => one.message === Number(number))
  if (story === undefined) throw new UsageError('USAGE', `There is no message ${number}: they are 0 to ${messages.length - 1}.`)
  for (const line of storyOf(story, plan, history)) {
    const since = line.atMs < story.invokedMs ? `−${showDuration(story.invokedMs - line.atMs)}` : `+${showDuration(line.atMs - story.invokedMs)}`
    output.result({ event: 'story', ...line }, `${since.padStart(14)}  ${line.where.padEnd(12)}  ${line.words}`)
  }
  return exits.asExpected
}

export function storyOf (story: MessageStory, plan: Plan, history: readonly RunEntry[]): StoryLine[] {
  const { from, to, invokedMs } = story
  const end = story.deliveredMs ?? plan.durationMs + plan.settleMs
  const lines: StoryLine[] = []
  const say = (atMs: number, where: string, words: string): void => { lines.push({ atMs, where, words }) }
  say(invokedMs, from, `writes message ${story.message} to ${to}`)
  if (story.queuedMs !== undefined) say(story.queuedMs, from, 'has it durably in its outbox: queued')
  if (story.refusal !== undefined) say(invokedMs, from, `refuses it: ${story.refusal}`)
  for (const left of story.left) say(left.atMs, from, left.to === to ? `sends it straight to ${to}` : `sends it to ${left.to}`)
  for (const { atMs, relay } of story.stored) say(atMs, relay, 'has it on disk')
  for (const handed of story.handed) say(handed.atMs, handed.relay, `hands it to ${handed.to}`)
  if (story.deliveredMs !== undefined) say(story.deliveredMs, to, 'has it durably in its history')
  for (const atMs of story.shownMs) say(atMs, to, 'shows it')
  for (const { atMs, state, storedBy, of } of story.ticks) say(atMs, from, state === 'stored' ? `learns: stored by ${storedBy} of ${of} relays` : `learns: ${state}`)
  const concerned = new Set([from, to, ...story.left.map(left => left.to), ...story.stored.map(({ relay }) => relay)])
  // What was wrong meanwhile with whoever had to do with it.
  for (const window of plan.windows) {
    const { fromMs, untilMs = Infinity } = window
    if (fromMs > end || untilMs < invokedMs || !touches(window, concerned)) continue
    say(fromMs, 'fault', `${window.words} begins`)
    if (untilMs <= end) say(untilMs, 'fault', `${window.words} ends`)
  }
  for (const entry of history) {
    if (entry.f !== 'life' || !concerned.has(entry.process) || entry.time < invokedMs || entry.time > end) continue
    if (entry.value.event !== 'serves') say(entry.time, entry.process, entry.value.event === 'started' ? 'starts' : 'ends')
  }
  if (story.deliveredMs === undefined) say(end, to, 'does not have it in the end')
  return lines.sort((a, b) => a.atMs - b.atMs)
}

function touches ({ effect }: FaultWindow, names: ReadonlySet<string>): boolean {
  if (effect.kind === 'cut') {
    return effect.blocks.some(({ from, to }) => from.some(name => names.has(name)) && to.some(name => names.has(name)))
  }
  if (effect.kind === 'slow' || effect.kind === 'stall') return effect.sides.every(side => side.some(name => names.has(name)))
  return effect.nodes.some(name => names.has(name))
}
