/**
 * Holds the expectations of a scenario against the measures of a run.
 */
import { expectationKinds } from '../scenario/model.ts'
import type { Expectation } from '../scenario/model.ts'
import { meets, showQuantity } from '../scenario/read-expectations.ts'
import type { Measures } from './measures.ts'

export interface Verdict {
  /** 'delivery_p99' */
  name: string
  /** '< 30 s' */
  expected: string
  /** '12.4 s' */
  actual: string
  isMet: boolean
}

/** The engine's invariants must hold in every scenario that does not say otherwise. */
export function judge (expectations: readonly Expectation[], measures: Measures): Verdict[] {
  const hasViolations = expectations.some(({ measure }) => measure === 'violations')
  const all: Expectation[] = hasViolations ? [...expectations] : [...expectations, { measure: 'violations', comparison: '<=', limit: 0 }]
  return all.map(expectation => {
    if (expectation.measure === 'order') {
      const { fifo, causal } = measures.isInOrder
      const actual = causal && fifo ? 'causal' : fifo ? 'fifo' : 'broken'
      const isMet = expectation.order === 'any' || (expectation.order === 'fifo' ? fifo : causal && fifo)
      return { name: 'order', expected: expectation.order, actual, isMet }
    }
    const { measure, comparison, limit } = expectation
    const value = measures.values[measure]
    const kind = expectationKinds[measure]
    const sign = comparison === '<=' ? '≤' : comparison === '>=' ? '≥' : comparison
    return {
      name: measure,
      expected: `${sign} ${showQuantity(kind, limit)}`,
      // A time that nothing took is under every limit, and a share of nothing is none.
      actual: value === undefined ? 'nothing to measure' : showQuantity(kind, value),
      isMet: value === undefined ? kind === 'duration' : meets(value, comparison, limit)
    }
  })
}
