/**
 * A plan without some of its parts. What is left is not drawn anew: the rest of the plan is as it was,
 * so that a failure may be traced to what is left.
 */
import type { Block, Effect, FaultWindow, Plan } from './plan.ts'

export interface LeftOut {
  /** By their place in the plan. */
  windows: number[]
  /** By id. */
  messages: string[]
  /** By name, with all that is of them. */
  nodes: string[]
}

export const nothingLeftOut: LeftOut = { windows: [], messages: [], nodes: [] }

export function reducePlan (plan: Plan, { windows, messages, nodes }: LeftOut): Plan {
  const [outWindows, outMessages, outNodes] = [new Set(windows), new Set(messages), new Set(nodes)]
  const isLeft = (name: string): boolean => !outNodes.has(name)
  const only = (names: string[]): string[] => outNodes.size === 0 ? names : names.filter(isLeft)
  const sidesOf = ([a, b]: [string[], string[]]): [string[], string[]] => [only(a), only(b)]
  return {
    ...plan,
    nodes: plan.nodes.filter(({ name }) => isLeft(name)).map(node => ({ ...node, relays: only(node.relays) })),
    contacts: plan.contacts.filter(pair => pair.every(isLeft)),
    messages: plan.messages.filter(({ id, from, to }) => !outMessages.has(id) && isLeft(from) && isLeft(to)),
    windows: plan.windows.flatMap((window, index) => outWindows.has(index) ? [] : windowOf(window, only)),
    links: plan.links.map(link => link.sides === undefined ? link : { ...link, sides: sidesOf(link.sides) }),
    wires: plan.wires?.of === 'nodes' ? { of: 'nodes', edges: plan.wires.edges.filter(pair => pair.every(isLeft)) } : plan.wires
  }
}

/** Nothing where it is about nobody any more. */
function windowOf (window: FaultWindow, only: (names: string[]) => string[]): FaultWindow[] {
  const effect = effectOf(window.effect, only)
  return effect === undefined ? [] : [{ ...window, effect }]
}

function effectOf (effect: Effect, only: (names: string[]) => string[]): Effect | undefined {
  if (effect.kind === 'cut') {
    const blocks = effect.blocks.map(({ from, to }): Block => ({ from: only(from), to: only(to) }))
      .filter(({ from, to }) => from.length > 0 && to.length > 0)
    return blocks.length === 0 ? undefined : { ...effect, blocks }
  }
  if (effect.kind === 'slow' || effect.kind === 'stall') {
    const [a, b] = [only(effect.sides[0]), only(effect.sides[1])]
    return a.length === 0 || b.length === 0 ? undefined : { ...effect, sides: [a, b] }
  }
  const nodes = only(effect.nodes)
  return nodes.length === 0 ? undefined : { ...effect, nodes }
}
