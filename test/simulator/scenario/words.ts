/**
 * Words of the scenario language whose feature the messenger does not have yet. They are part of the
 * language already, so that a scenario which uses one learns why it can't run, and not that it is
 * misspelt. When a feature comes, its line goes.
 */

export interface FutureWord {
  /** Where it may stand: a field of the links, of the workload, or of an entry of the timeline. */
  readonly place: 'workload' | 'timeline' | 'links'
  readonly meaning: string
  /** What is missing. */
  readonly lacks: string
}

export const futureWords: Readonly<Record<string, FutureWord>> = {
  groups: {
    place: 'workload',
    meaning: 'conversations of more than two people',
    lacks: 'the messenger has no groups yet: every conversation is of two people'
  },
  sybil: {
    place: 'timeline',
    meaning: 'many false relays near a key, to eclipse a lookup',
    lacks: 'the simulated network has no relay-to-relay lookup yet, which is what false relays would disturb'
  },
  'version-mix': {
    place: 'timeline',
    meaning: 'nodes of several versions of the protocol side by side',
    lacks: 'there is one version of the protocol so far'
  },
  duplicate: {
    place: 'links',
    meaning: 'datagrams that arrive twice',
    lacks: 'the messenger speaks over streams, in which nothing arrives twice; what a relay is offered again, and a relay that replays, bring copies of whole envelopes'
  },
  reorder: {
    place: 'links',
    meaning: 'datagrams that overtake each other',
    lacks: 'the messenger speaks over streams, which keep their order; connections overtake each other by jitter and loss, and a relay that reorders turns envelopes round'
  }
}
