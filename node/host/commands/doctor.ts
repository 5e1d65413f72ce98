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
import type { RelayProbe } from '../probe.ts'
import { configuredListeners, readConfig, readProtection } from '../profile.ts'
import type { CommonOptions } from '../program.ts'
import { readSettings } from '../settings.ts'
import type { Settings } from '../settings.ts'
import { protectionWords } from '../words.ts'

type Verdict = 'ok' | 'warning' | 'failed'
type Report = (check: string, verdict: Verdict, words: string, fields?: object) => void

const marks = { ok: ['green', 'ok'], warning: ['yellow', 'warning'], failed: ['red', 'failed'] } as const
const dayMs = 86_400_000
/** Times of messages then look wrong to people; what expires has hours to spare. */
const skewMsMax = 120_000

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
      reportReachable(probe, report)
    } else {
      const { relay, code, words } = probe
      report('relay', 'failed', `${relay}: ${words}`, { relay, code })
    }
  }
}

function reportReachable (
  { relay, dialMs, helloMs, retentionMs, refusal, skewMs }: Extract<RelayProbe, { isReachable: true }>,
  report: Report
): void {
  const days = Math.round(retentionMs / dayMs * 10) / 10
  const speed = `${relay}: answers in ${helloMs} ms (dialled in ${dialMs} ms)`
  if (refusal === undefined) {
    report('relay', 'ok', `${speed}, keeps messages ${days} days`, { relay, dialMs, helloMs, retentionMs })
  } else {
    report('relay', 'warning', `${speed}, but took no test message: ${errorTable[refusal].meaning} (${refusal})`,
      { relay, dialMs, helloMs, retentionMs, code: refusal })
  }
  if (skewMs === undefined) return
  const isClose = Math.abs(skewMs) <= skewMsMax
  report('clock', isClose ? 'ok' : 'warning', isClose
    ? `as that of ${relay}, to ${Math.ceil(Math.abs(skewMs) / 1000)} s`
    : `${spanWords(skewMs)} ${skewMs > 0 ? 'behind' : 'ahead of'} that of ${relay}: one of them is wrong`,
  { relay, skewMs })
}

function spanWords (ms: number): string {
  const minutes = Math.round(Math.abs(ms) / 60_000)
  if (minutes < 120) return `${minutes} min`
  return minutes < 2880 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} days`
}

function told (error: unknown): string {
  const code = codeOf(error)
  const message = error instanceof RestanteError ? error.message : errorTable[code].meaning
  return `${message} ${errorTable[code].action} (${code})`
}
