/**
 * A contact that answers whatever it gets: the smallest bot there is, over `restante rpc`.
 */
import type { Client } from '../rpc/client.ts'

/** Echoes until the client is gone. Errors are for `onError`: a bot must not fall silent without a word. */
export function runEcho (client: Client, onError: (error: unknown) => void): void {
  client.listen(({ method, params }) => {
    if (method !== 'message.received') return
    const { from, messageId, text } = params
    client.call('message.markRead', { with: from, upTo: messageId }).catch(onError)
    client.call('message.send', { to: from, text: `echo: ${text}` }).catch(onError)
  })
}
