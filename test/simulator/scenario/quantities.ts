/**
 * Durations, sizes, rates, bandwidths and shares as people write them ('3 weeks', '4 KiB', '6 / h',
 * '1 %'), in both directions. Every parser gives undefined where the text is none; which field it was
 * is said by check.ts.
 */

const second = 1000
const minute = 60 * second
const hour = 60 * minute
export const dayMs = 24 * hour
const week = 7 * dayMs

const durationUnits: Record<string, number> = {
  ms: 1, s: second, sec: second, second: second, seconds: second, min: minute, minute, minutes: minute,
  h: hour, hour, hours: hour, d: dayMs, day: dayMs, days: dayMs, w: week, week, weeks: week
}

const sizeUnits: Record<string, number> = {
  B: 1, byte: 1, bytes: 1, kB: 1000, KB: 1000, MB: 1000 ** 2, GB: 1000 ** 3, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3
}

const bitUnits: Record<string, number> = { 'bit/s': 1, 'kbit/s': 1000, 'Mbit/s': 1000 ** 2, 'Gbit/s': 1000 ** 3 }

/** The longest time that a scenario may name, ms: a thousand years keep every sum of times exact. */
const durationMsMax = 1000 * 366 * dayMs

/** Milliseconds of '1 h 30 min', '250 ms', '0'; with `signed` also '-5 min' and '+5 min'. */
export function parseDuration (text: string | number, options: { signed?: boolean } = {}): number | undefined {
  if (typeof text === 'number') return text === 0 ? 0 : undefined
  const match = /^\s*([+-]?)\s*(.*?)\s*$/.exec(text)
  const [, sign = '', rest = ''] = match ?? []
  if (sign !== '' && options.signed !== true) return undefined
  if (rest === '0') return 0
  const parts = [...rest.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/g)]
  if (parts.length === 0 || rest.replaceAll(/(\d+(?:\.\d+)?)\s*([a-z]+)\s*/g, '') !== '') return undefined
  let total = 0
  for (const [, count, unit = ''] of parts) {
    if (!Object.hasOwn(durationUnits, unit)) return undefined
    total += Number(count) * (durationUnits[unit] ?? NaN)
  }
  if (!(total <= durationMsMax)) return undefined
  return sign === '-' ? -total : total
}

/** Bytes of '80 B', '4 KiB', '1.5 MB'. */
export function parseSize (text: string | number): number | undefined {
  if (typeof text === 'number') return text === 0 ? 0 : undefined
  const [, count, unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([A-Za-z]+)\s*$/.exec(text) ?? []
  if (count === undefined || !Object.hasOwn(sizeUnits, unit)) return undefined
  const bytes = Math.round(Number(count) * (sizeUnits[unit] ?? NaN))
  return Number.isSafeInteger(bytes) ? bytes : undefined
}

/** Bytes a second of '64 kbit/s', '1 Mbit/s', '100 KiB/s'. */
export function parseBandwidth (text: string): number | undefined {
  const [, count, unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([A-Za-z]+\/s)\s*$/.exec(text) ?? []
  if (count === undefined) return undefined
  if (Object.hasOwn(bitUnits, unit)) return Number(count) * (bitUnits[unit] ?? NaN) / 8
  const size = unit.slice(0, -2)
  return Object.hasOwn(sizeUnits, size) ? Number(count) * (sizeUnits[size] ?? NaN) : undefined
}

/** Events a millisecond of '6 / h', '20 per day', '1 / 10 min'. */
export function parseRate (text: string | number): number | undefined {
  if (typeof text === 'number') return text === 0 ? 0 : undefined
  const [, count, every = ''] = /^\s*(\d+(?:\.\d+)?)\s*(?:\/|per)\s*(.+?)\s*$/.exec(text) ?? []
  if (count === undefined) return undefined
  const period = parseDuration(/^\d/.test(every) ? every : `1 ${every}`)
  return period === undefined || period === 0 ? undefined : Number(count) / period
}

/** A part of one: 0.01 or '1 %'. */
export function parseShare (value: string | number): number | undefined {
  if (typeof value === 'number') return value >= 0 && value <= 1 ? value : undefined
  const [, count] = /^\s*(\d+(?:\.\d+)?)\s*%\s*$/.exec(value) ?? []
  const share = count === undefined ? NaN : Number(count) / 100
  return share >= 0 && share <= 1 ? share : undefined
}

/** How much faster a clock runs, as a part of one: '50 ppm', '-20 ppm'. */
export function parseDrift (text: string | number): number | undefined {
  if (typeof text === 'number') return text === 0 ? 0 : undefined
  const [, count] = /^\s*([+-]?\d+(?:\.\d+)?)\s*ppm\s*$/.exec(text) ?? []
  return count === undefined ? undefined : Number(count) / 1e6
}

/** Milliseconds after midnight of '20:30'. */
export function parseTimeOfDay (text: string): number | undefined {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? []
  return hours === undefined ? undefined : Number(hours) * hour + Number(minutes) * minute
}

const shownDurations: Array<[number, string]> = [[week, 'weeks'], [dayMs, 'd'], [hour, 'h'], [minute, 'min'], [second, 's']]

/** At most two units, the smaller one left out where it says nothing: '3 weeks', '1 h 30 min', '2.45 s', '340 ms'. */
export function showDuration (ms: number): string {
  if (!Number.isFinite(ms)) return '–'
  if (ms < 0) return `−${showDuration(-ms)}`
  if (ms < second) return `${ms < 10 ? trimmed(ms, 1) : Math.round(ms)} ms`
  if (ms < minute) return `${trimmed(ms / second, ms < 10 * second ? 2 : 1)} s`
  const rounded = ms < hour ? Math.round(ms / second) * second : Math.round(ms / minute) * minute
  // A week says too little of what is between one and two of them.
  const at = shownDurations.findIndex(([unit]) => rounded >= unit && (unit < week || rounded % week === 0))
  const [unit, name] = shownDurations[at] ?? [1, 'ms']
  const whole = Math.floor(rounded / unit)
  const [next, nextName] = shownDurations[at + 1] ?? [1, 'ms']
  const more = Math.round((rounded - whole * unit) / next)
  const first = `${whole} ${name === 'weeks' && whole === 1 ? 'week' : name}`
  return more === 0 ? first : `${first} ${more} ${nextName}`
}

/** '80 B', '4.1 KiB', '12 MiB'. */
export function showSize (bytes: number): string {
  if (!Number.isFinite(bytes)) return '–'
  for (const [unit, name] of [[1024 ** 3, 'GiB'], [1024 ** 2, 'MiB'], [1024, 'KiB']] as const) {
    if (Math.abs(bytes) >= unit) return `${trimmed(bytes / unit, bytes / unit < 10 ? 2 : 1)} ${name}`
  }
  return `${trimmed(bytes, 1)} B`
}

/** '99.2 %'. */
export function showShare (share: number): string {
  return Number.isFinite(share) ? `${trimmed(share * 100, 2)} %` : '–'
}

/** At most `digits` decimals, without zeros at the end. */
export function trimmed (value: number, digits: number): string {
  return String(Number(value.toFixed(digits)))
}
