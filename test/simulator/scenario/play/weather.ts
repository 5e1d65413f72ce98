/**
 * What the ways between the nodes of a plan are like now: the rules of its links, the wires of its
 * topology, and what slows them down for a while. Cuts are the fabric's (interventions.ts).
 */
import type { Chance } from '../../world/chance.ts'
import { drawMs } from '../../world/distributions.ts'
import type { Distribution as Milliseconds } from '../../world/distributions.ts'
import { pathDefault } from '../../world/fabric.ts'
import type { Path } from '../../world/wires.ts'
import { draw } from '../draw.ts'
import type { Distribution, LinkProperties } from '../model.ts'
import type { Effect, Plan } from '../plan.ts'
import { Hops } from '../topology.ts'

type Slow = Extract<Effect, { kind: 'slow' }>
interface Sides { a: ReadonlySet<string>, b: ReadonlySet<string> }

/** Draws that stand for a distribution that the fabric does not know, or for a sum over several hops. */
const tableSize = 401

export class Weather {
  readonly #rules: Array<{ sides: Sides | undefined, isOneWay: boolean, properties: LinkProperties }>
  readonly #hops: Hops | undefined
  /** The vertex at which a node sits. */
  readonly #vertexOf: ReadonlyMap<string, string>
  readonly #slow = new Map<Slow, Sides>()
  /** Counts changes: paths look again when it is another. */
  version = 0
  readonly dialFailure: number
  readonly halfOpen: number

  constructor ({ links, wires, nodes }: Plan) {
    this.#rules = links.map(({ sides, isOneWay, properties }) => ({
      sides: sides === undefined ? undefined : sidesOf(sides), isOneWay, properties
    }))
    this.#hops = wires === undefined ? undefined : new Hops(wires.edges)
    this.#vertexOf = new Map(nodes.map(({ name, region }) => [name, wires?.of === 'regions' ? region ?? name : name]))
    const ofAll = links.filter(({ sides }) => sides === undefined).map(({ properties }) => properties)
    this.dialFailure = ofAll.findLast(({ dialFailure }) => dialFailure !== undefined)?.dialFailure ?? 0
    this.halfOpen = ofAll.findLast(({ halfOpen }) => halfOpen !== undefined)?.halfOpen ?? 0
  }

  /** False: no chain of wires leads from the one to the other. */
  isWired (from: string, to: string): boolean { return this.#hopsBetween(from, to) !== undefined }

  get hasUnwired (): boolean { return this.#hops !== undefined }

  path (from: string, to: string, chance: Chance): Path { return new LivePath(this, this.#fairPath(from, to, chance), from, to) }

  begin (effect: Slow): void {
    this.#slow.set(effect, sidesOf(effect.sides))
    this.version++
  }

  end (effect: Slow): void {
    this.#slow.delete(effect)
    this.version++
  }

  /** What slows this way down now. */
  slowOn (from: string, to: string): Slow[] {
    return [...this.#slow].filter(([, sides]) => isBetween(sides, from, to)).map(([effect]) => effect)
  }

  #hopsBetween (from: string, to: string): number | undefined {
    if (this.#hops === undefined) return 1
    const hops = this.#hops.between(this.#vertexOf.get(from) ?? from, this.#vertexOf.get(to) ?? to)
    // Two nodes of one place are a wire apart as well.
    return hops === undefined ? undefined : Math.max(1, hops)
  }

  #fairPath (from: string, to: string, chance: Chance): Path {
    const properties: LinkProperties = {}
    for (const rule of this.#rules) {
      const isMeant = rule.sides === undefined || (rule.isOneWay
        ? rule.sides.a.has(from) && rule.sides.b.has(to)
        : isBetween(rule.sides, from, to))
      if (!isMeant) continue
      for (const [name, value] of Object.entries(rule.properties)) if (value !== undefined) Object.assign(properties, { [name]: value })
    }
    const hops = this.#hopsBetween(from, to) ?? 1
    const { latency, jitterMs = 0, loss = 0, reset = 0, bandwidth, queue } = properties
    return {
      ...pathDefault,
      latency: latency === undefined && hops === 1 ? pathDefault.latency : overHops(latency, hops, chance),
      jitter: { kind: 'uniform', fromMs: 0, toMs: jitterMs * hops },
      bytesPerMs: bandwidth === undefined ? pathDefault.bytesPerMs : bandwidth / 1000,
      queueBytes: queue,
      stallRate: anyOf(loss, hops),
      resetRate: anyOf(reset, hops)
    }
  }
}

/** A path as the fabric reads it, whose values follow the weather. */
class LivePath implements Path {
  readonly #weather: Weather
  readonly #fair: Path
  readonly #from: string
  readonly #to: string
  #now: Path
  #version = -1

  constructor (weather: Weather, fair: Path, from: string, to: string) {
    this.#weather = weather
    this.#fair = fair
    this.#now = fair
    this.#from = from
    this.#to = to
  }

  get latency (): Milliseconds { return this.#current().latency }
  get jitter (): Milliseconds { return this.#current().jitter }
  get bytesPerMs (): number { return this.#current().bytesPerMs }
  get queueBytes (): number | undefined { return this.#current().queueBytes }
  get stallRate (): number { return this.#current().stallRate }
  get resetRate (): number { return this.#current().resetRate }
  get sliceRate (): number { return this.#current().sliceRate }
  get slowness (): number { return this.#current().slowness }

  #current (): Path {
    if (this.#version === this.#weather.version) return this.#now
    this.#version = this.#weather.version
    const now = { ...this.#fair }
    let plusMs = 0
    for (const { factor, plusMs: more, loss, bandwidth } of this.#weather.slowOn(this.#from, this.#to)) {
      now.slowness *= factor
      plusMs += more
      if (loss !== undefined) now.stallRate = loss
      if (bandwidth !== undefined) now.bytesPerMs = bandwidth / 1000
    }
    if (plusMs > 0 && now.jitter.kind === 'uniform') {
      // The factor is of the way itself, not of what is added to it.
      const plus = plusMs / now.slowness
      now.jitter = { kind: 'uniform', fromMs: now.jitter.fromMs + plus, toMs: now.jitter.toMs + plus }
    }
    this.#now = now
    return now
  }
}

function sidesOf ([a, b]: [string[], string[]]): Sides { return { a: new Set(a), b: new Set(b) } }

function isBetween ({ a, b }: Sides, from: string, to: string): boolean {
  return (a.has(from) && b.has(to)) || (b.has(from) && a.has(to))
}

/** That it happens at one hop at least. */
function anyOf (rate: number, hops: number): number {
  let none = 1
  for (let hop = 0; hop < hops; hop++) none *= 1 - rate
  return 1 - none
}

function overHops (latency: Distribution | undefined, hops: number, chance: Chance): Milliseconds {
  const known = latency === undefined ? pathDefault.latency : asMilliseconds(latency)
  if (hops === 1 && known !== undefined) return known
  const one = (): number => latency === undefined ? drawMs(pathDefault.latency, chance) : draw(latency, chance)
  const sums = Array.from({ length: tableSize }, () => {
    let sum = 0
    for (let hop = 0; hop < hops; hop++) sum += one()
    return sum
  })
  return { kind: 'empirical', sortedMs: sums.sort((a, b) => a - b) }
}

/** Undefined where the fabric does not have this kind. */
function asMilliseconds (distribution: Distribution): Milliseconds | undefined {
  switch (distribution.kind) {
    case 'constant': return { kind: 'constant', ms: distribution.value }
    case 'uniform': return { kind: 'uniform', fromMs: distribution.from, toMs: distribution.to }
    case 'lognormal': return { kind: 'lognormal', medianMs: distribution.median, sigma: distribution.sigma }
    case 'pareto': return { kind: 'pareto', minimumMs: distribution.min, shape: distribution.shape }
    case 'normal':
    case 'exponential':
    case 'weibull':
    case 'empirical': return undefined
  }
}
