/**
 * Holds a file's values against schema.json, and says what does not fit in words with a place.
 *
 * ajv decides; here its findings become sentences. The schema tells alternatives apart by their type
 * (if/then/else), so that a finding always belongs to the alternative that was meant.
 */
import { Ajv } from 'ajv'
import type { ErrorObject } from 'ajv'
import { nearest } from './nearest.ts'
import { showField } from './problems.ts'
import type { Problem } from './problems.ts'
import schema from './schema.json' with { type: 'json' }
import { futureWords } from './words.ts'
import type { FutureWord } from './words.ts'
import type { Path, Place, YamlSource } from './yaml-source.ts'

type Schema = Record<string, unknown>
type Finding = ErrorObject<string, Record<string, unknown>> & { parentSchema?: Schema }

const ajv = new Ajv({ allErrors: true, verbose: true, strict: true, strictTypes: false, strictRequired: false })
ajv.addVocabulary(['x-says'])
const validate = ajv.compile(schema)

/** Every way in which the file is no scenario; empty: it has the shape of one. */
export function checkShape (source: YamlSource): Problem[] {
  if (validate(source.value)) return []
  const findings = (validate.errors ?? []) as unknown as Finding[]
  const problems = findings.flatMap(finding => problemOf(finding, source))
  // A wrong type has nothing else that could be right with it.
  const wrongTypes = new Set(findings.filter(({ keyword }) => keyword === 'type').map(({ instancePath }) => instancePath))
  const kept = problems.filter(({ keyword, instancePath }) => keyword === 'type' || !wrongTypes.has(instancePath))
  const seen = new Set<string>()
  return kept.map(({ problem }) => problem).filter(({ line, column, message }) => {
    const key = `${line}:${column}:${message}`
    return !seen.has(key) && seen.add(key) !== undefined
  }).sort((a, b) => a.line - b.line || a.column - b.column)
}

function problemOf (finding: Finding, source: YamlSource): Array<{ problem: Problem, keyword: string, instancePath: string }> {
  const { keyword, instancePath } = finding
  if (keyword === 'if') return []
  const path = pathOf(instancePath, source.value)
  const told = tell(finding, path, source)
  const problem = { file: source.file, ...told.place, field: showField(told.path), message: told.message, hint: told.hint }
  return [{ problem, keyword, instancePath }]
}

interface Told { path: Path, place: Place, message: string, hint?: string | undefined }

function tell (finding: Finding, path: Path, source: YamlSource): Told {
  const { keyword, params, parentSchema = {}, data } = finding
  const here = { path, place: source.placeOf(path) }
  const wanted = wordsFor(parentSchema)
  switch (keyword) {
    case 'additionalProperties': {
      const name = String(params['additionalProperty'])
      const known = Object.keys(parentSchema['properties'] as Schema)
      return {
        path: [...path, name],
        place: source.placeOfKey(path, name),
        message: `there is no field '${name}' here.`,
        hint: guessOf(name, known) ?? `There are: ${known.join(', ')}.`
      }
    }
    case 'required': {
      const name = String(params['missingProperty'])
      return { ...here, message: `needs the field '${name}'.` }
    }
    case 'enum': {
      const allowed = params['allowedValues'] as unknown[]
      return { ...here, message: `${shown(data)} is none of ${allowed.join(', ')}.`, hint: guessOf(data, allowed.map(String)) }
    }
    case 'minProperties':
    case 'maxProperties': {
      const known = Object.keys((parentSchema['properties'] ?? {}) as Schema)
      const count = keyword === 'minProperties' ? 'none' : 'more than one'
      return { ...here, message: `takes one of ${known.join(', ')}, and has ${count}.` }
    }
    case 'minItems': return { ...here, message: `needs at least ${String(params['limit'])} entries.` }
    case 'maxItems': return { ...here, message: `takes at most ${String(params['limit'])} entries.` }
    case 'uniqueItems': return { ...here, message: 'names something twice.' }
    case 'type': return { ...here, message: `${shown(data)} is not ${wanted ?? typeWords(params['type'])}.` }
    case 'pattern': return { ...here, message: `${shown(data)} is not ${wanted ?? 'of the right form'}.`, hint: unitHint(data, wanted) }
    case 'minimum':
    case 'maximum':
      // Durations and sizes are texts with a unit; of plain numbers only 0 is one.
      if (wanted !== undefined) return { ...here, message: `${shown(data)} is not ${wanted}.`, hint: unitHint(data, wanted) }
      return { ...here, message: `${shown(data)} must be ${String(params['comparison'])} ${String(params['limit'])}.` }
    default: return { ...here, message: `${shown(data)} ${finding.message ?? 'does not fit'}.` }
  }
}

/** ajv's JSON pointer; numbers where the file has a list. */
function pathOf (pointer: string, root: unknown): Path {
  const path: Array<string | number> = []
  let value = root
  for (const part of pointer.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~')
    const step = Array.isArray(value) ? Number(name) : name
    path.push(step)
    value = (value as Record<string | number, unknown>)[step]
  }
  return path
}

function wordsFor (parent: Schema): string | undefined {
  const says = parent['x-says']
  return typeof says === 'string' ? says : undefined
}

/** Undefined where nothing is near. */
export function guessOf (word: unknown, known: string[]): string | undefined {
  if (typeof word !== 'string') return undefined
  const guess = nearest(word, known)
  return guess === undefined ? undefined : `Perhaps '${guess}'?`
}

function unitHint (value: unknown, wanted: string | undefined): string | undefined {
  const isBare = typeof value === 'number' || (typeof value === 'string' && /^\s*\d+(\.\d+)?\s*$/.test(value))
  if (!isBare || wanted === undefined) return undefined
  if (/\bduration\b/.test(wanted)) return `It needs a unit: '${String(value).trim()} s'?`
  if (/\bsize\b/.test(wanted)) return `It needs a unit: '${String(value).trim()} B'?`
  return /\brate\b/.test(wanted) ? `It needs a time: '${String(value).trim()} / h'?` : undefined
}

function typeWords (type: unknown): string {
  const names: Record<string, string> = {
    object: 'a mapping', array: 'a list', string: 'a text', integer: 'a whole number', number: 'a number', boolean: 'true or false'
  }
  return (Array.isArray(type) ? type : [type]).map(name => names[String(name)] ?? String(name)).join(' or ')
}

const shownLengthMax = 60

export function shown (value: unknown): string {
  if (typeof value === 'string') {
    return `'${value.length > shownLengthMax ? `${value.slice(0, shownLengthMax)}…` : value}'`
  }
  if (value === null || value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'a mapping' : JSON.stringify(value)
}

/** Fields that the language has and the messenger does not: refused with what is lacking. */
export function checkFuture (source: YamlSource): Problem[] {
  const problems: Problem[] = []
  const look = (entries: unknown, place: FutureWord['place']): void => {
    const isList = Array.isArray(entries)
    for (const [index, entry] of (isList ? entries as unknown[] : [entries]).entries()) {
      if (typeof entry !== 'object' || entry === null) continue
      const path: Path = isList ? [place, index] : [place]
      for (const name of Object.keys(entry)) {
        const word = Object.hasOwn(futureWords, name) ? futureWords[name] : undefined
        if (word?.place !== place) continue
        const at = source.placeOfKey(path, name)
        const field = showField([...path, name])
        const message = `'${name}' (${word.meaning}) can't be run: ${word.lacks}.`
        problems.push({ file: source.file, ...at, field, message, hint: undefined })
      }
    }
  }
  const root = source.value
  if (typeof root === 'object' && root !== null) {
    for (const place of ['links', 'workload', 'timeline'] as const) look((root as Record<string, unknown>)[place], place)
  }
  return problems
}
