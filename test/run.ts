/**
 * `npm test`: the checks of the house, every test, and the campaign of the laboratory, which counts as one test, as
 * each check does. What failed is told again at the end, where it is found without reading all.
 *
 * Options: `--checks-only` leaves out the tests, `--tests-only` the checks; any other argument is a
 * test file or a glob, in place of all of them and of the campaign. The last line is `N passed, N failed, N skipped`;
 * the exit code is 0 only if something ran and nothing failed.
 */
import { spawn } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { randomInt } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runFuzzing } from './fuzz/phase.ts'
import { checks } from './house/checks.ts'
import { addCounts, closingLine, exitCodeOf, parseOutcome } from './house/counts.ts'
import type { Counts, Outcome } from './house/counts.ts'
import { root } from './house/files.ts'

/** How long a finished mocha may take to end: what holds it up is a timer or socket left behind. */
const exitGraceMs = 10_000
const parallelChecks = 2
/** Of the campaign's whole numbers so much as fits beside the tests; campaign.ts by itself tries them all. */
const campaignArgs = ['--schedules', '2000', '--crash-points', '10000']

/** What failed in all parts of the run. */
const failures: string[] = []

const say = (line: string): void => { process.stdout.write(`${line}\n`) }
const seconds = (startedAt: number): string => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`

async function runChecks (): Promise<Counts> {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 }
  const waiting = [...checks]
  const worker = async (): Promise<void> => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const startedAt = performance.now()
      const failure = await check.run()
      if (failure === undefined) {
        counts.passed++
        say(`  ✔ ${check.title} (${seconds(startedAt)})`)
      } else {
        counts.failed++
        const text = `${check.title}\n${failure.trimEnd().replaceAll(/^/gm, '    ')}`
        failures.push(text)
        say(`  ✘ (${seconds(startedAt)}) ${text}`)
      }
    }
  }
  say('Checks')
  await Promise.all(Array.from({ length: parallelChecks }, worker))
  return counts
}

/** Runs mocha on `files` in a process of its own. A run that dies counts as one failure. */
async function runMocha (title: string, files: string[]): Promise<Counts> {
  if (files.length === 0) return { passed: 0, failed: 0, skipped: 0 }
  const startedAt = performance.now()
  say(`\n${title}: ${files.length} ${files.length === 1 ? 'file' : 'files'}`)
  const dir = mkdtempSync(join(tmpdir(), 'restante-run-'))
  const countsFile = join(dir, 'counts.json')
  const failed = (what: string): void => {
    failures.push(`${title}: ${what}`)
    say(`  ✘ ${failures.at(-1)}`)
  }
  const readOutcome = (): Outcome | undefined => {
    try {
      return parseOutcome(readFileSync(countsFile, 'utf8'))
    } catch {
      return undefined // Not written yet.
    }
  }
  try {
    const args = [join(root, 'node_modules/mocha/bin/mocha.js'), '--forbid-only',
      '--reporter-option', `counts=${countsFile}`, ...files]
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
    let finishedAt: number | undefined
    let leftBehind = false
    const watch = setInterval(() => {
      if (finishedAt === undefined && readOutcome() !== undefined) finishedAt = performance.now()
      if (finishedAt !== undefined && performance.now() - finishedAt > exitGraceMs) {
        leftBehind = true
        child.kill('SIGKILL')
      }
    }, 1000)
    const how = await new Promise<string>(resolve => {
      child.once('error', error => { resolve(error.message) })
      child.once('exit', (code, signal) => { resolve(signal ?? `exit code ${code}`) })
    })
    clearInterval(watch)
    const counts = readOutcome()
    if (counts === undefined) {
      failed(`the run ended before its tests did (${how})`)
      return { passed: 0, failed: 1, skipped: 0 }
    }
    failures.push(...counts.failures)
    if (leftBehind) {
      failed('something was left running after the last test, and the process did not end')
      counts.failed++
    } else if (counts.failed === 0 && how !== 'exit code 0') {
      failed(`all tests passed, and the run ended with ${how}`)
      counts.failed++
    }
    say(`${title}: ${closingLine(counts)} (${seconds(startedAt)})`)
    return counts
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** In processes of its own, whose seeds follow from the commit where nobody asks for others. */
async function runCampaign (askedSeed: string | undefined): Promise<Counts> {
  const startedAt = performance.now()
  say('\nCampaign')
  const env = { ...process.env }
  if (askedSeed === undefined) delete env.RESTANTE_SEED
  const child = spawn(process.execPath, [join(root, 'test/simulator/campaign.ts'), ...campaignArgs], {
    cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env
  })
  const isWell = await new Promise<boolean>(resolve => {
    child.once('error', () => { resolve(false) })
    child.once('exit', code => { resolve(code === 0) })
  })
  if (!isWell) failures.push('Campaign: what was violated is told above, with the lines that repeat it')
  say(`Campaign: ${isWell ? 'nothing was violated' : 'failed'} (${seconds(startedAt)})`)
  return { passed: isWell ? 1 : 0, failed: isWell ? 0 : 1, skipped: 0 }
}

const { values: options, positionals } = parseArgs({
  options: { 'checks-only': { type: 'boolean' }, 'tests-only': { type: 'boolean' } },
  allowPositionals: true
})
const askedSeed = process.env.RESTANTE_SEED
// All processes of this run draw from one seed, and a failure prints it.
process.env.RESTANTE_SEED ??= String(randomInt(1, 2 ** 31))
const all: Counts[] = []
if (options['tests-only'] !== true) all.push(await runChecks())
if (options['checks-only'] !== true) {
  const patterns = positionals.length > 0 ? positionals : ['test/**/*.test.ts']
  const files = globSync(patterns, { cwd: root }).map(path => path.replaceAll('\\', '/')).sort()
  // Whole processes on real sockets and disks: last, so that a broken part shows before its whole does.
  const isWhole = (path: string): boolean => /^test\/(integration|browser)\//.test(path)
  const fuzzing = positionals.length > 0 ? undefined : runFuzzing(['--seed', process.env.RESTANTE_SEED])
  all.push(await runMocha('Tests', files.filter(path => !isWhole(path))))
  if (fuzzing !== undefined) {
    const { counts, text } = await fuzzing
    say(`\nFuzzing: ${text}`)
    if (counts.failed > 0) failures.push(`Fuzzing: ${text}`)
    all.push(counts)
  }
  all.push(await runMocha('Integration', files.filter(isWhole)))
  if (positionals.length === 0) all.push(await runCampaign(askedSeed))
}
const total = addCounts(all)
if (failures.length > 0) say(`\nFailed:\n${failures.map(text => `  ✘ ${text.replaceAll('\n', '\n  ')}`).join('\n')}`)
say(`\n${closingLine(total)}`)
process.exitCode = exitCodeOf(total)
