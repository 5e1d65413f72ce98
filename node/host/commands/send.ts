/**
 * `restante send`: hands in one message and waits until it is stored, or delivered.
 */
import { textBytesMax } from '../../../protocol/limits.ts'
import { RestanteError, UsageError } from '../../../protocol/errors.ts'
import type { ErrorCode } from '../../../protocol/errors.ts'
import { withClient } from '../connect.ts'
import { exitCodes } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import type { CommonOptions } from '../program.ts'
import type { Client } from '../rpc/client.ts'
import type { RpcNotification } from '../rpc/methods.ts'
import { contactMet } from '../resolve.ts'
import { readSettings } from '../settings.ts'
import { readStandardInput } from '../standard-input.ts'
import { deliveryWords } from '../words.ts'

type MessageState = Extract<RpcNotification, { method: 'message.state' }>['params']
type Wait = 'stored' | 'delivered'

/** Windows' newlines and a final one that `echo` added, beyond the largest text. */
const inputBytesMax = textBytesMax + 2
/** The other side's answer may be on its way when the time is over. */
const graceMs = 500

export interface SendOptions extends CommonOptions { wait: Wait, timeout: number }

export async function send (
  contact: string, given: string | undefined, options: SendOptions
): Promise<ExitCode> {
  const settings = readSettings(options)
  const { output } = settings
  const isPiped = given === '-' || given === undefined
  if (given === undefined && process.stdin.isTTY) {
    throw new UsageError('USAGE', 'No text: give it as an argument, or - and pipe it in.')
  }
  const text = isPiped ? (await readStandardInput(inputBytesMax)).replace(/\r?\n$/, '') : given
  if (text === '') throw new UsageError('USAGE', 'The text is empty.')

  return await withClient(settings, { online: true, graceMs, mayPrompt: !isPiped }, async (client) => {
    const { contactId } = await contactMet(client, contact)
    const { state, hasNetwork } = await sendAndWait(client, { contact: contactId, text, ...options })
    output.result(state, deliveryWords(state))
    if (hasReached(state, options.wait)) return exitCodes.ok
    if (hasFailed(state)) return exitCodes.failure
    output.note('It waits in the outbox and is sent when this profile is online next.')
    return hasNetwork ? exitCodes.notInTime : exitCodes.noNetwork
  })
}

/** `hasNetwork`: a relay or a contact was connected at the end, or took the message. */
async function sendAndWait (
  client: Client,
  { contact, text, wait, timeout }: { contact: string, text: string, wait: Wait, timeout: number }
): Promise<{ state: MessageState, hasNetwork: boolean }> {
  const states = new Map<string, MessageState>()
  let messageId: string | undefined
  let wake = (): void => {}
  const woken = new Promise<void>((resolve) => { wake = resolve })
  const isFinal = (): boolean => {
    const state = messageId === undefined ? undefined : states.get(messageId)
    return state !== undefined && (hasReached(state, wait) || hasFailed(state))
  }
  let failure: RestanteError | undefined
  // Before sending: the state may be told before the id is.
  const stopListening = client.listen(({ method, params }) => {
    if (method === 'message.state') states.set(params.messageId, params)
    if (method === 'failed') failure = new RestanteError(params.code as ErrorCode, params.message)
    if (failure !== undefined || isFinal()) wake()
  })
  let timer: NodeJS.Timeout | undefined
  try {
    ({ messageId } = await client.call('message.send', { to: contact, text }))
    const timeOut = new Promise<void>((resolve) => { timer = setTimeout(resolve, timeout * 1000) })
    const lost = client.lost.then((error) => { failure ??= error })
    if (!isFinal()) await Promise.race([woken, timeOut, lost])
    if (failure !== undefined) throw failure
    const state = states.get(messageId) ?? queued(messageId)
    const hasNetwork = state.state !== 'queued' || state.storedBy > 0 || await isConnected(client)
    return { state, hasNetwork }
  } finally {
    clearTimeout(timer)
    stopListening()
  }
}

function hasReached ({ state }: MessageState, wait: Wait): boolean {
  return state === 'read' || state === 'delivered' || (wait === 'stored' && state === 'stored')
}

function hasFailed ({ state }: MessageState): boolean {
  return state === 'failed' || state === 'expired'
}

function queued (messageId: string): MessageState {
  return { messageId, to: '', state: 'queued', way: null, storedBy: 0, of: 0, until: null, reason: null }
}

async function isConnected (client: Client): Promise<boolean> {
  const { connections } = await client.call('connection.list', {})
  return connections.some(({ state }) => state === 'connected')
}
