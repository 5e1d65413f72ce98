/**
 * The attacks that are known of, by number, and of each either that tests bear its number or why
 * there is none yet. The one place that says so: attack-table.test.ts makes it skipped tests.
 */

export interface Attack {
  /** What is tried. */
  attack: string
  /** What is not built yet, without which a part of it, or all, can't be tested. */
  pending?: string
}

export const attacks: Record<string, Attack> = {
  S01: { attack: 'recorded traffic, and the device taken later' },
  S02: { attack: 'a device\'s state copied once, and everything heard afterwards' },
  S03: { attack: 'traffic recorded now, and X25519 or ML-KEM broken later' },
  S04: { attack: 'messages and first messages played again' },
  S05: { attack: 'messages dropped, held back and reordered' },
  S06: { attack: 'work and memory by claims of skipped messages' },
  S07: { attack: 'a state damaged by messages that do not open' },
  S08: { attack: 'another\'s keys offered as one\'s own' },
  S09: { attack: 'KEM ciphertexts and keys exchanged, or taken for others' },
  S10: { attack: 'weak and non-canonical points' },
  S11: { attack: 'signatures that one implementation takes and another does not' },
  S12: { attack: 'impersonation towards the owner of a stolen key' },
  S13: { attack: 'one-time prekeys used up on purpose' },
  S14: { attack: 'old bundles and manifests handed out' },
  S15: { attack: 'devices added by a relay' },
  S16: { attack: 'members added and removed at once', pending: 'groups' },
  S17: { attack: 'a removed member who reads on', pending: 'groups' },
  S18: { attack: 'a member who writes in another\'s name', pending: 'groups' },
  S19: {
    attack: 'different things told to different devices or members',
    pending: 'messages to several devices and groups; histories of one account are tested'
  },
  S20: { attack: 'an account key stolen' },
  S21: { attack: 'a device linked by a code from somewhere else', pending: 'more than one device for each account' },
  S22: { attack: 'people watched by what answers by itself' },
  S23: { attack: 'contents told apart by size' },
  S24: { attack: 'an attachment that opens as two things', pending: 'attachments' },
  S25: { attack: 'an attachment cut, reordered or spliced', pending: 'attachments' },
  S26: {
    attack: 'keys used twice by a state that came back',
    pending: 'backups, which are to hold no state of a ratchet; crashes and restored folders are tested'
  },
  S27: { attack: 'relays that find out who talks with whom' },
  S28: { attack: 'a proof of ownership used elsewhere' },
  S29: { attack: 'bytes made for one purpose used for another' },
  S30: { attack: 'a session without its post-quantum half, or of another suite' },
  S31: { attack: 'deleted keys recovered from the disk' },
  S32: { attack: 'a conversation used as proof against who wrote in it' },
  S33: { attack: 'secrets in logs, errors and printed objects' },
  S34: { attack: 'randomness that is weak, short or repeated' },
  S35: { attack: 'failures that tell more than that they are one' }
}

/** Those of which nothing is tested yet. */
export function isWhollyPending (id: string): boolean {
  return ['S16', 'S17', 'S18', 'S21', 'S24', 'S25'].includes(id)
}
