/**
 * From a scenario's file to the model, or to everything that is wrong with it at once (ScenarioError).
 */
import { isNodeKindWorkable, readNetwork, readNodes } from './read-nodes.ts'
import type { Scenario } from './model.ts'
import { parseDuration, parseShare } from './quantities.ts'
import type { RawScenario } from './raw.ts'
import { readChurn, readClocks, readWorkload } from './read-workload.ts'
import { readExpectations } from './read-expectations.ts'
import { readTimeline } from './read-timeline.ts'
import { Reading } from './reading.ts'
import { checkFuture, checkShape } from './schema-check.ts'
import { ScenarioError } from './problems.ts'
import { override } from './override.ts'
import type { Override } from './override.ts'
import { YamlSource } from './yaml-source.ts'

/** A scenario with all that it reads: it can be run where its folder is not. */
export interface ScenarioText {
  /** As problems and reports name it. */
  file: string
  text: string
  /** Files that it names, by the name that it has for them. */
  attachments: Record<string, string>
}

export interface LoadOptions {
  /** Values in place of the file's, as a sweep has them. */
  overrides?: readonly Override[]
  /** Called for a file that the scenario names; throws where there is none. */
  readFile?: (name: string) => string
}

const settleMsDefault = 10 * 60_000

/** Throws ScenarioError. */
export function loadScenario ({ file, text, attachments }: ScenarioText, options: LoadOptions = {}): Scenario {
  const source = override(new YamlSource(file, text), options.overrides ?? [])
  if (source.problems.length > 0) throw new ScenarioError(source.problems)
  const future = checkFuture(source)
  const shape = checkShape(source)
  if (shape.length + future.length > 0) throw new ScenarioError([...future, ...shape])
  const reading = new Reading(source, name => {
    if (Object.hasOwn(attachments, name)) return attachments[name] ?? ''
    if (options.readFile === undefined) throw new Error('there is no such file')
    return options.readFile(name)
  })
  const scenario = readScenario(reading, source.value as RawScenario)
  if (reading.problems.length > 0) {
    throw new ScenarioError(reading.problems.sort((a, b) => a.line - b.line || a.column - b.column))
  }
  return scenario
}

function readScenario (reading: Reading, raw: RawScenario): Scenario {
  const durationMs = reading.duration(raw.duration, ['duration'])
  if (durationMs < 1000) reading.complain(['duration'], 'a scenario lasts a second at least.')
  const { groups, relaysEach } = readNodes(reading, raw)
  // Without names to refer to, everything else would be complained about.
  if (!isNodeKindWorkable(reading)) throw new ScenarioError(reading.problems)
  const { topology, links } = readNetwork(reading, raw)
  return {
    name: raw.name.trim(),
    about: (raw.about ?? '').trim(),
    durationMs,
    settleMs: reading.optional(parseDuration, raw.settle, ['settle']) ?? settleMsDefault,
    suite: raw.suite ?? 'transparent',
    seed: raw.seed ?? 1,
    regions: raw.regions ?? [],
    groups,
    relaysEach,
    topology,
    links,
    clocks: readClocks(reading, raw),
    churn: readChurn(reading, raw, durationMs),
    workload: readWorkload(reading, raw, durationMs),
    timeline: readTimeline(reading, raw.timeline ?? [], durationMs),
    diagram: raw.diagram ?? 3,
    reads: reading.optional(parseShare, raw.reads, ['reads']) ?? 1,
    isProbed: raw.probe ?? true,
    expect: readExpectations(reading, raw.expect ?? {})
  }
}
