/**
 * `simulate shrink`: the smallest timeline, world and workload of a failed run that still fail alike.
 */
import { join } from 'node:path'
import { UsageError } from '../../../protocol/errors.ts'
import { writeRun } from '../report/write-run.ts'
import type { Plan } from '../scenario/plan.ts'
import type { LeftOut } from '../scenario/reduce.ts'
import { readRepeatable } from './files.ts'
import { minimize } from './minimize.ts'
import { filesOf, perform, planOf, reproOf } from './perform.ts'
import type { Run, RunRequest } from './perform.ts'
import { Progress } from './progress.ts'
import { exits } from './surroundings.ts'
import type { Exit, Surroundings } from './surroundings.ts'

export interface ShrinkOptions {
  out?: string | undefined
  /** Runs at most. */
  tries?: number | undefined
}

const triesDefault = 500

export async function shrink (file: string, options: ShrinkOptions, surroundings: Surroundings): Promise<Exit> {
  const { output, version, signal } = surroundings
  const request: RunRequest = { ...readRepeatable(file), version }
  const first = await perform(request)
  if (first.isAsExpected) throw new UsageError('USAGE', 'That run does not fail: there is nothing to shrink.')
  const triesMax = options.tries ?? triesDefault
  const progress = new Progress(output)
  const shrinking = new Shrinking(request, first, {
    mayGoOn: tries => tries < triesMax && !signal.aborted,
    told: (tries, words) => { progress.show(Math.min(1, tries / triesMax), words) }
  })
  const { without, run, tries } = await shrinking.smallest()
  progress.clear()
  const smallest = { ...request, without }
  const folder = options.out ?? join(file.endsWith('.json') ? join(file, '..') : file, 'shrunk')
  writeRun(folder, filesOf(smallest, run))
  const before = sizeOf(first.record.plan)
  const after = sizeOf(run.record.plan)
  const { failure } = reproOf(smallest, run)
  output.result({ event: 'shrunk', tries, before, after, failure, out: folder },
    [`${failure}`, ...(Object.keys(before) as Array<keyof Size>).map(part => `  ${part}: ${before[part]} → ${after[part]}`),
      ...run.record.plan.windows.map(({ id, words }) => `  left: ${id} ${words}`),
      `After ${tries} runs${tries >= triesMax || signal.aborted ? ', where it was stopped' : ''}. Written to ${folder}: restante simulate replay ${join(folder, 'repro.json')}`].join('\n'))
  return exits.failed
}

interface Size { faults: number, nodes: number, messages: number }

const sizeOf = ({ windows, nodes, messages }: Plan): Size => ({ faults: windows.length, nodes: nodes.length, messages: messages.length })

interface Shrunk { without: LeftOut, run: Run, tries: number }

/** What fails alike fails the same expectation first, or breaks the same invariant. */
function signatureOf ({ verdicts, record }: Run): string | undefined {
  const failed = verdicts.find(({ isMet }) => !isMet)?.name
  return failed === 'violations' ? `violations ${record.violations[0]?.invariant}` : failed
}

export class Shrinking {
  readonly #request: RunRequest
  readonly #signature: string | undefined
  readonly #whole: Plan
  readonly #mayGoOn: (tries: number) => boolean
  readonly #told: (tries: number, words: string) => void
  #best: Shrunk

  constructor (request: RunRequest, first: Run, { mayGoOn, told }: { mayGoOn: (tries: number) => boolean, told: (tries: number, words: string) => void }) {
    this.#request = request
    this.#signature = signatureOf(first)
    this.#whole = planOf({ ...request, without: { windows: [], messages: [], nodes: [] } }).plan
    this.#mayGoOn = mayGoOn
    this.#told = told
    this.#best = { without: request.without, run: first, tries: 0 }
  }

  /** First the timeline, which explains most, then the people with what they write, then single messages. */
  async smallest (): Promise<Shrunk> {
    const { windows, messages, nodes } = this.#whole
    await this.#less(windows.map((_, index) => index), this.#best.without.windows, left => ({ windows: left }))
    await this.#less(nodes.map(({ name }) => name), this.#best.without.nodes, left => ({ nodes: left }))
    await this.#less(messages.map(({ id }) => id), this.#best.without.messages, left => ({ messages: left }))
    // With less around them, some faults may not be needed any more.
    await this.#less(windows.map((_, index) => index), this.#best.without.windows, left => ({ windows: left }))
    return this.#best
  }

  async #less<T> (all: T[], already: readonly T[], leftOut: (left: T[]) => Partial<LeftOut>): Promise<void> {
    const out = new Set(already)
    const present = all.filter(item => !out.has(item))
    await minimize(present, async kept => {
      const keeps = new Set(kept)
      return await this.#try({ ...this.#best.without, ...leftOut(all.filter(item => !keeps.has(item))) })
    }, () => this.#mayGoOn(this.#best.tries))
  }

  async #try (without: LeftOut): Promise<boolean> {
    this.#best.tries++
    const { windows, nodes, messages } = this.#best.run.record.plan
    this.#told(this.#best.tries, `${windows.length} faults, ${nodes.length} nodes, ${messages.length} messages left`)
    try {
      const run = await perform({ ...this.#request, without })
      if (run.isAsExpected || signatureOf(run) !== this.#signature) return false
      this.#best = { without, run, tries: this.#best.tries }
      return true
    } catch {
      // A world without its relays, say, can't be begun: then it does not fail alike.
      return false
    }
  }
}
