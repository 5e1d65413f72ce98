/**
 * Other values in place of those that a file has: how a sweep varies one scenario. What is put in is
 * held against the schema like the rest.
 */
import { parseDocument } from 'yaml'
import { UsageError } from '../../../protocol/errors.ts'
import { YamlSource } from './yaml-source.ts'

/** `loss` = `0.01`, `timeline.0.for` = `2 h`. */
export interface Override { field: string, value: string }

/** Short words for what is varied most. */
const shortFields: Record<string, string> = Object.fromEntries(
  ['latency', 'jitter', 'loss', 'reset', 'dial-failure', 'half-open', 'bandwidth', 'queue'].map(name => [name, `links.${name}`]))

/** The same source where there is nothing to override. Throws UsageError where a field is nowhere. */
export function override (source: YamlSource, overrides: readonly Override[]): YamlSource {
  if (overrides.length === 0 || source.problems.length > 0) return source
  const document = parseDocument(source.text)
  for (const { field, value } of overrides) {
    const path = pathOf(field, document.toJS() as unknown)
    const parsed = parseDocument(value).toJS() as unknown
    try {
      document.setIn(path, parsed)
    } catch {
      throw new UsageError('USAGE', `The scenario has no place for '${field}'.`)
    }
  }
  return new YamlSource(source.file, document.toString())
}

/** Into the first rule for all links, where there are several. */
function pathOf (field: string, root: unknown): Array<string | number> {
  const steps = (Object.hasOwn(shortFields, field) ? shortFields[field] ?? field : field).split('.')
  const path: Array<string | number> = []
  let value = root
  for (const [at, step] of steps.entries()) {
    if (Array.isArray(value) && !/^\d+$/.test(step)) {
      const general = value.findIndex(rule => typeof rule === 'object' && rule !== null && !('between' in rule) && !('from' in rule))
      if (path[0] !== 'links' || general < 0) throw new UsageError('USAGE', `The scenario has several '${path.join('.')}': write '${[...path, 0, ...steps.slice(at)].join('.')}'.`)
      path.push(general)
      value = (value as unknown[])[general]
    }
    const next = Array.isArray(value) ? Number(step) : step
    path.push(next)
    value = typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[next] : undefined
  }
  return path
}
