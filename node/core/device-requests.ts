/** What other nodes ask of this device: to take an envelope, or for prekeys that it hands out itself. */
import { success } from '../../protocol/channel.ts'
import { hashAddress } from '../../protocol/envelope.ts'
import { CryptoError, RemoteError, WireError } from '../../protocol/errors.ts'
import { addressBytes } from '../../protocol/limits.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import type { Answer, Frame } from '../../protocol/wire/restante.js'
import type { Inbox } from './inbox.ts'
import type { Invites } from './invites.ts'

/** Undefined: no request that a device answers. Throws, or rejects with, RemoteError. */
export function answerRequest (
  suite: CryptoSuite, parts: { inbox: Inbox, invites: Invites }, frame: Frame
): Answer | undefined | Promise<Answer> {
  if (frame.deposit !== undefined) return deposited(suite, parts.inbox, frame.deposit)
  if (frame.takePrekey === undefined) return undefined
  const sealed = parts.invites.take(frame.takePrekey.location)
  if (sealed === undefined) throw new RemoteError('NOT_FOUND')
  return success({ value: sealed })
}

async function deposited (
  suite: CryptoSuite, inbox: Inbox, { address, envelope }: { address: Uint8Array, envelope: Uint8Array }
): Promise<Answer> {
  if (address.length !== addressBytes) throw new RemoteError('UNKNOWN_ADDRESS')
  try {
    const { isDuplicate } = await inbox.receive(hashAddress(suite, address), envelope, 'direct')
    return success({ duplicate: isDuplicate })
  } catch (error) {
    if (error instanceof CryptoError || error instanceof WireError) throw new RemoteError('REJECTED')
    throw error
  }
}
