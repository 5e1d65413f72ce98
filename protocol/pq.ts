/**
 * Which post-quantum ratchet sessions have: the one line to change for another construction. What it has
 * to do is PqRatchet in pq-ratchet.ts; test/protocol/pq-swapped.test.ts puts another one in its place.
 */
export { pqRatchet as pq } from './pq-ratchet.ts'
export type { PqState } from './pq-ratchet.ts'
