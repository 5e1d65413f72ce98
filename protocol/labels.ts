/**
 * Every label of the protocol: the contexts of its hashes, key derivations, MACs, signatures and
 * seals (spec 00 §Labels). No other file spells one.
 *
 * A label belongs to one purpose, and none is a prefix of another, so that bytes made for one
 * purpose mean nothing for a second (test/protocol/labels.test.ts).
 */
import { utf8 } from './bytes.ts'

const label = (path: string): Uint8Array => utf8(`restante/1/${path}`)

export const labels = {
  // Grants and envelopes: spec 04.
  grantAddress: label('grant/address'),
  grantWrap: label('grant/wrap'),
  addressHash: label('address/hash'),
  envelope: label('envelope/seal'),
  envelopeNonce: label('envelope/nonce'),

  // Accounts and their manifests: spec 01.
  accountId: label('account/id'),
  accountKeyCommitment: label('account/next-key'),
  recoveryKey: label('account/recovery'),
  recoveryKeyAfter: label('account/after-recovery'),
  manifestSignature: label('manifest/signature'),
  manifestHash: label('manifest/hash'),

  // Invites and descriptors: spec 02.
  inviteChecksum: label('invite/checksum'),
  descriptorSlot: label('descriptor/slot'),
  descriptorBlinding: label('descriptor/blinding'),
  descriptorNoncePrefix: label('descriptor/prefix'),
  descriptorKey: label('descriptor/key'),
  descriptorSeal: label('descriptor/seal'),
  descriptorSignature: label('descriptor/signature'),

  // Invite secrets and sealed bundles: spec 02 and 05.
  inviteLocation: label('invite/location'),
  inviteBundle: label('invite/bundle'),
  inviteRoute: label('invite/route'),
  bundle: label('bundle/signature'),
  sealedBundle: label('bundle/seal'),
  sealedBundleNonce: label('bundle/nonce'),

  // Handshake and ratchet: spec 05.
  handshakeBundle: label('handshake/t0'),
  handshakeInitiator: label('handshake/t1'),
  handshakeSeal: label('handshake/seal'),
  handshakeKeys: label('handshake/keys'),
  sessionAssociation: label('session/ad'),
  ratchetRoot: label('ratchet/root'),
  ratchetMessage: label('ratchet/message'),
  ratchetPq: label('ratchet/pq'),

  // Mailboxes: spec 03.
  mailboxId: label('mailbox/id'),
  mailboxOwn: label('mailbox/own'),

  // Contents: spec 06.
  contentChain: label('content/chain'),
  inviteRecord: label('invite/record')
}

/**
 * Of what a device keeps for itself, and no other ever reads: docs/decisions/0004, docs/browser.md. Versions
 * of their own. All but `epochKey` are used whole, with nothing after them, so that they need only differ.
 */
export const storeLabels = {
  vault: utf8('restante/store/1/vault'),
  epochKey: utf8('restante/store/1/epoch-key'),
  index: utf8('restante/store/1/index'),
  recordKey: utf8('restante/store/1/record-key'),
  recordSubkey: utf8('restante/store/1/record'),
  noteName: utf8('restante/browser/1/note-name'),
  noteKey: utf8('restante/browser/1/note'),
  keptKey: utf8('restante/browser/1/key')
}
