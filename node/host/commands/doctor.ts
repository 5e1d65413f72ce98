/**
 * `restante doctor`: checks what this machine and profile need, and says what is wrong in words.
 */
import { codeOf, errorTable, RestanteError } from '../../../protocol/errors.ts'
import { connectClient } from '../connect.ts'
import { exitCodes } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { nativeSuite } from '../native-suite.ts'
import { printable } from '../printable.ts'
import { probeRelays } from '../probe.ts'
import { configuredListeners, readConfig, readProtection } from '../profile.ts'
import type { CommonOptions } from '../program.ts'
import { readSettings } from '../settings.ts'
import type { Settings } from '../settings.ts'
import { protectionWords } from '../words.ts'

type Verdict = 'ok' | 'warning' | 'failed'
type Report = (check: string, verdict: Verdict, words: string, fields?: object) => void

const marks = { ok: ['green', 'ok'], warning: ['yellow', 'warning'], failed: ['red', 'failed'] } as const
const dayMs = 86_400_000

export async function doctor (options: CommonOptions): Promise<ExitCode> {
  const settings = readSettings(options)
  const { output, profileDir } = settings
  let isWell = true
  const report: Report = (check, verdict, words, fields = {}) => {
    if (verdict === 'failed') isWell = false
    const [color, word] = marks[verdict]
    output.result({ event: 'check', check, verdict, words, ...fields },
      `${output.style(color, word.padEnd(8))} ${check.padEnd(10)} ${printable(words)}`)
  }

  report('runtime', 'ok', `Node ${process.versions.node} on ${process.platform} ${process.arch}`)
  await checkProfile(settings, report)
  output.result({ event: 'end', well: isWell, profile: profileDir })
  return isWell ? exitCodes.ok : exitCodes.failure
}

async function checkProfile (settings: Settings, report: Report): Promise<void> {
  const { profileDir, log } = settings
  let isProtected: boolean | undefined
  try {
    isProtected = readProtection(profileDir, nativeSuite(log))
  } catch (error) {
    report('profile', 'failed', told(error), { profile: profileDir })
    return
  }
  if (isProtected === undefined) {
    report('profile', 'failed', `none in ${profileDir}: restante init makes one`, { profile: profileDir })
    return
  }
  report('profile', 'ok', profileDir, { profile: profileDir })
  const verdict = isProtected ? 'ok' : 'warning'
  report('protection', verdict, protectionWords(isProtected), { protected: isProtected })
  const relays = await checkStore(settings, report)
  if (relays !== undefined) await checkNetwork(settings, relays, report)
}

/** The account's relays; undefined where they can't be known. */
async function checkStore (settings: Settings, report: Report): Promise<string[] | undefined> {
  try {
    const client = await connectClient(settings, { online: false })
    try {
      const { relays } = await client.call('account.show', {})
      report('store', 'ok', client.isDaemon ? 'a daemon has it open and answers' : 'opens')
      return relays
    } finally {
      await client.close(0)
    }
  } catch (error) {
    report('store', 'failed', told(error), { code: codeOf(error) })
    return undefined
  }
}

async function checkNetwork (settings: Settings, relays: string[], report: Report): Promise<void> {
  const config = readConfig(settings.profileDir)
  if (config !== undefined) {
    const addresses = configuredListeners(config, settings.listen)
    report('listen', 'ok', addresses.join(', '), { addresses })
  }
  if (relays.length === 0) {
    report('relay', 'warning', 'none: messages arrive only while both sides are online')
    return
  }
  for (const probe of await probeRelays(relays, settings.log)) {
    if (probe.isReachable) {
      const { relay, dialMs, helloMs, retentionMs } = probe
      const days = Math.round(retentionMs / dayMs * 10) / 10
      report('relay', 'ok',
        `${relay}: answers in ${helloMs} ms (dialled in ${dialMs} ms), keeps messages ${days} days`,
        { relay, dialMs, helloMs, retentionMs })
    } else {
      const { relay, code, words } = probe
      report('relay', 'failed', `${relay}: ${words}`, { relay, code })
    }
  }
}

function told (error: unknown): string {
  const code = codeOf(error)
  const message = error instanceof RestanteError ? error.message : errorTable[code].meaning
  return `${message} ${errorTable[code].action} (${code})`
}
