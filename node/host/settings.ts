/**
 * Options and environment of a command, put together: options win. It opens and creates nothing.
 */
import { join, resolve } from 'node:path'
import envPaths from 'env-paths'
import { UsageError } from '../../protocol/errors.ts'
import type { Log } from '../../protocol/ports.ts'
import { isListenAddress, listenRule } from './listeners.ts'
import { createOutput } from './output.ts'
import type { Output } from './output.ts'
import type { CommonOptions } from './program.ts'
import { logLevels, stderrLog } from './world.ts'
import type { LogLevel } from './world.ts'

export interface Settings {
  /** Absolute path of the profile's folder. */
  profileDir: string
  /** Undefined: as the profile has it. */
  listen: string[] | undefined
  /** False: by relays only. True: as the profile has it. */
  direct: boolean
  passphraseFile: string | undefined
  output: Output
  log: Log
}

export function readSettings (options: CommonOptions, environment = process.env): Settings {
  const json = options.json === true
  const quiet = options.quiet === true
  const listen = options.listen ?? words(environment['RESTANTE_LISTEN'])
  if (!listen.every(isListenAddress)) throw new UsageError('USAGE', listenRule)
  return {
    profileDir: resolve(options.profile ?? nonEmpty(environment['RESTANTE_PROFILE']) ?? defaultProfileDir()),
    listen: listen.length === 0 ? undefined : listen,
    direct: options.direct !== false && environment['RESTANTE_DIRECT'] !== 'no',
    passphraseFile: options.passphraseFile,
    output: createOutput({ json, quiet }),
    log: stderrLog(logLevel(environment['RESTANTE_LOG'], quiet), json)
  }
}

function defaultProfileDir (): string {
  return join(envPaths('restante', { suffix: '' }).data, 'profile')
}

function nonEmpty (value: string | undefined): string | undefined {
  return value === '' ? undefined : value
}

function words (value: string | undefined): string[] {
  return (value ?? '').split(/[\s,]+/).filter((word) => word !== '')
}

function logLevel (value: string | undefined, quiet: boolean): LogLevel {
  const wanted = nonEmpty(value)
  if (wanted === undefined) return quiet ? 'error' : 'warn'
  const known = logLevels.find((level) => level === wanted)
  if (known === undefined) throw new UsageError('USAGE', `RESTANTE_LOG is one of ${logLevels.join(', ')}`)
  return known
}
