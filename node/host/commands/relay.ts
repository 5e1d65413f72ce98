/**
 * `restante relay`: hands the options to the relay's own host. Nothing of the messenger is loaded.
 */
import type { CommonOptions } from '../program.ts'

export interface RelayCommandOptions extends CommonOptions {
  data?: string
  peer?: string[]
  announce?: string[]
  retention?: number
  mailboxBytes?: number
  web?: string | true
}

export async function relay (options: RelayCommandOptions): Promise<number> {
  const { runRelay } = await import('../../../relay/host/run.ts')
  return await runRelay({
    dataDir: options.data,
    listen: options.listen,
    peers: options.peer,
    announce: options.announce,
    json: options.json === true,
    quiet: options.quiet === true,
    retentionDays: options.retention,
    mailboxBytes: options.mailboxBytes,
    web: options.web
  })
}
