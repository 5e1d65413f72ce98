/**
 * `restante passphrase`: in this process, never through a daemon, so that no passphrase travels.
 */
import { exitCodes } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { nativeSuite } from '../native-suite.ts'
import { newPassphrase, passphraseSource } from '../passphrase.ts'
import { changeProtection } from '../profile.ts'
import type { CommonOptions } from '../program.ts'
import { readSettings } from '../settings.ts'
import { protectionWords } from '../words.ts'
import { systemRandom } from '../world.ts'

export async function passphrase (
  options: CommonOptions & { newFile?: string, remove?: true }
): Promise<ExitCode> {
  const settings = readSettings(options)
  const { output, log, profileDir } = settings
  const { existing } = passphraseSource(settings.passphraseFile, true)
  const { isProtected } = await changeProtection({
    dir: profileDir,
    suite: nativeSuite(log),
    random: systemRandom,
    log,
    existing,
    next: async () => options.remove === true ? undefined : await newPassphrase(options.newFile)
  })
  output.result({ protected: isProtected, profile: profileDir }, `The profile is ${protectionWords(isProtected)}.`)
  output.note('Copies of the folder from before still open as they did.')
  return exitCodes.ok
}
