/**
 * Fault words and checks that wait for what they would judge: the feature is not in the product
 * yet, or the model of it is not in the world. Each is to be taken out of here with the change that brings it.
 */
export interface NotYet { what: string, needs: string }

export const notYet: readonly NotYet[] = [
  { what: 'I3 across several devices of one account', needs: 'linked devices' },
  { what: 'I4 for groups: causal order among more than two', needs: 'groups' },
  { what: 'I1 and I5 for groups: each member, and ticks that count members', needs: 'groups' },
  { what: 'I9 for a relay that is rolled back beyond its retention', needs: 'a limit of what a rolled-back relay may give out again' },
  { what: 'disk: bit flip and wipe of a client', needs: 'a copy of the profile to be restored from' },
  { what: 'sybil: count, near', needs: 'discovery among simulated relays' },
  { what: 'version-mix', needs: 'a second version of the protocol' },
  { what: 'links through a circuit relay', needs: 'circuits in the fabric' },
  { what: 'I6 for attachments', needs: 'attachments' }
]
