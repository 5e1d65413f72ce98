/**
 * Explores schedules by seeds, repeats one, cuts the power at every write, or hunts planted bugs:
 * `npm run explore`, `npm run mutants`.
 *
 *     node test/simulator/explore.ts --minutes M [--first SEED] [--real]
 *     node test/simulator/explore.ts --seed SEED [--without-faults 1,2] [--without-sends 3] [--mutant NAME] [--history FILE]
 *     node test/simulator/explore.ts --crashes [--first SEED] [--relays N]
 *     node test/simulator/explore.ts --mutants [--only NAME] [--first SEED] [--write]
 *
 * The exit code is 1 where something was found, or a planted bug was not.
 */
import { randomInt } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { toJsonLines } from './check/history.ts'
import { mutantsDocument } from './mutants/document.ts'
import { loadMutant } from './mutants/load.ts'
import { mutants } from './mutants/mutants.ts'
import { hunt, isWellHunted, kindsOf, tableOf, type Hunt } from './mutants/table.ts'
import { crashEverywhere } from './run/crash-points.ts'
import { smallTopology, topologyOf } from './run/established.ts'
import { explore, type Exploration } from './run/explore.ts'
import { establishedWorld, runSchedule, type ScheduleOptions } from './run/schedule.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string' }, schedules: { type: 'string' }, first: { type: 'string' }, seed: { type: 'string' }, real: { type: 'boolean' },
    'without-faults': { type: 'string' }, 'without-sends': { type: 'string' }, history: { type: 'string' },
    crashes: { type: 'boolean' }, relays: { type: 'string' }, mutants: { type: 'boolean' }, mutant: { type: 'string' }, only: { type: 'string' }, write: { type: 'boolean' }
  }
})
const say = (line: string): void => { process.stdout.write(`${line}\n`) }
const numbers = (list: string | undefined): number[] => list === undefined ? [] : list.split(',').map(Number)

async function repeat (seed: number): Promise<boolean> {
  const mutant = mutants.find(({ name }) => name === values.mutant)
  if (values.mutant !== undefined && mutant === undefined) throw new Error(`There is no planted bug ${values.mutant}.`)
  const run = mutant === undefined ? runSchedule : (await loadMutant(mutant)).runSchedule
  const topology = mutant?.topology === undefined ? smallTopology : topologyOf(...mutant.topology)
  const established = await establishedWorld(topology, values.real === true ? 'real' : 'transparent')
  const kinds = mutant === undefined ? undefined : kindsOf(mutant)
  const options: ScheduleOptions = {
    established,
    topology,
    ...(kinds === undefined ? {} : { kinds }),
    withoutFaults: numbers(values['without-faults']), withoutSends: numbers(values['without-sends']), suite: values.real === true ? 'real' : 'transparent'
  }
  const { history, violations, traceHash, events, virtualMs } = await run(seed, options)
  if (values.history !== undefined) writeFileSync(values.history, toJsonLines(history))
  for (const { invariant, text } of violations) say(`  ✘ ${invariant}: ${text}`)
  say(`seed ${seed}: ${events} events in ${Math.round(virtualMs / 1000)} s of the world, trace ${traceHash}, ${violations.length} violations`)
  return violations.length === 0
}

function summary ({ schedules, failures, events, virtualMs, cpuMs }: Exploration): string {
  const seconds = cpuMs / 1000
  return `${schedules} schedules, ${failures.length} failed; ${(schedules / seconds).toFixed(1)} schedules and ` +
    `${Math.round(events / seconds)} events a second of one core; ${(virtualMs / 3_600_000).toFixed(1)} h of the world`
}

async function exploreMany (): Promise<boolean> {
  const firstSeed = Number(values.first ?? randomInt(1, 2 ** 31))
  say(`from seed ${firstSeed}`)
  const found = await explore({
    firstSeed,
    msMax: values.minutes === undefined ? Infinity : Number(values.minutes) * 60_000,
    schedulesMax: values.schedules === undefined ? (values.minutes === undefined ? 200 : Infinity) : Number(values.schedules),
    suite: values.real === true ? 'real' : 'transparent',
    onProgress: soFar => { say(summary(soFar)) },
    onFailure: ({ seed, texts, repro }) => { say(`  ✘ seed ${seed}\n${[...texts, repro].map(text => `      ${text}`).join('\n')}`) }
  })
  say(summary(found))
  return found.failures.length === 0
}

async function crashAll (): Promise<boolean> {
  const seed = Number(values.first ?? 1)
  const { points, failures } = await crashEverywhere({ seed, topology: [2, Number(values.relays ?? 1)] })
  for (const { node, write, moment, texts } of failures) say(`  ✘ ${node}, write ${write}, ${moment}:\n      ${texts.join('\n      ')}`)
  say(`${points} power cuts, ${failures.length} with something lost (seed ${seed})`)
  return points > 0 && failures.length === 0
}

async function huntAll (): Promise<boolean> {
  const hunts: Hunt[] = []
  for (const mutant of mutants) {
    if (values.only !== undefined && mutant.name !== values.only) continue
    hunts.push(await hunt(mutant, Number(values.first ?? 1)))
    say(tableOf(hunts).split('\n').at(-1)!)
  }
  say(`\n${tableOf(hunts)}`)
  const isWell = hunts.length > 0 && hunts.every(isWellHunted)
  if (values.write === true && isWell) {
    const found = hunts.flatMap(({ mutant, killed }) => killed === undefined ? [] : { mutant, ...killed })
    writeFileSync(join(import.meta.dirname, 'mutants/README.md'), mutantsDocument(found))
  }
  return isWell
}

async function perform (): Promise<boolean> {
  if (values.mutants === true) return await huntAll()
  if (values.crashes === true) return await crashAll()
  return values.seed === undefined ? await exploreMany() : await repeat(Number(values.seed))
}

const isWell = await perform()
process.exitCode = isWell ? 0 : 1
