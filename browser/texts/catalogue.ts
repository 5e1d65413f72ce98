/**
 * The language of the screens: texts by their key, with plurals, and times and numbers as it writes them.
 */
import { computed, signal } from '@preact/signals'
import { keep, readKept } from '../state/kept.ts'
import { en } from './en.ts'
import type { Catalogue, TextKey } from './en.ts'

export type { TextKey } from './en.ts'

/** Under their own names, as those who look for one know it. */
export const languages = { en: 'English', ar: 'العربية' } as const
export type Language = keyof typeof languages

const rightToLeft: ReadonlySet<Language> = new Set(['ar'])
const languageKey = 'restante-language'

export const language = signal<Language>('en')
const direction = computed(() => rightToLeft.has(language.value) ? 'rtl' : 'ltr')
const catalogue = signal<Catalogue>(en)

/** Loads it, where it is not there yet; English stays where that fails. */
export async function setLanguage (wanted: Language): Promise<void> {
  catalogue.value = wanted === 'ar' ? (await import('./ar.ts')).ar : en
  language.value = wanted
  document.documentElement.lang = wanted
  document.documentElement.dir = direction.value
  keep('localStorage', languageKey, wanted)
}

/** As chosen before, or as the browser has it. */
export function preferredLanguage (): Language {
  const kept = readKept('localStorage', languageKey) ?? ''
  return [kept, ...navigator.languages].map(tag => tag.split('-')[0])
    .find((tag): tag is Language => tag !== undefined && Object.hasOwn(languages, tag)) ?? 'en'
}

/** `values`: for what stands in braces; `n` chooses the plural. */
export function t (key: TextKey, values: Record<string, string | number> = {}): string {
  const text = catalogue.value[key]
  const form = typeof text === 'string' ? text : text[pluralOf(values.n)] ?? text.other
  return form.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name]
    if (value === undefined) return whole
    return typeof value === 'number' ? value.toLocaleString(language.value) : isolated(value)
  })
}

const rightToLeftLetters = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/
const leftToRightLetters = /[A-Za-z\u00c0-\u024f\u0370-\u052f]/

/** A name of the other direction would take what stands around it along. */
function isolated (value: string): string {
  const isForeign = (direction.value === 'rtl' ? leftToRightLetters : rightToLeftLetters).test(value)
  return isForeign ? `\u2068${value}\u2069` : value
}

function pluralOf (n: string | number | undefined): Intl.LDMLPluralRule {
  return new Intl.PluralRules(language.value).select(Number(n ?? 0))
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** Making one costs a hundred times what using it does, and a list of messages needs many. */
function format (ms: number, options: Intl.DateTimeFormatOptions): string {
  const name = `${language.value} ${JSON.stringify(options)}`
  const known = formats.get(name) ?? new Intl.DateTimeFormat(language.value, options)
  formats.set(name, known)
  return known.format(ms)
}

export const timeOf = (ms: number): string => format(ms, { hour: '2-digit', minute: '2-digit' })
export const dateAndTimeOf = (ms: number): string => format(ms, { dateStyle: 'medium', timeStyle: 'medium' })

const dayMs = 86_400_000

/** Today, yesterday, or the date. */
export function dayOf (ms: number, now: number): string {
  if (isSameDay(ms, now)) return t('today')
  if (isSameDay(ms, now - dayMs)) return t('yesterday')
  const isThisYear = new Date(ms).getFullYear() === new Date(now).getFullYear()
  return format(ms, { weekday: 'long', day: 'numeric', month: 'long', ...(!isThisYear && { year: 'numeric' }) })
}

export const isSameDay = (a: number, b: number): boolean => new Date(a).toDateString() === new Date(b).toDateString()

/** For a list: the time of today, else a short date. */
export function shortTimeOf (ms: number, now: number): string {
  if (isSameDay(ms, now)) return timeOf(ms)
  if (now - ms < 6 * dayMs) return format(ms, { weekday: 'short' })
  return format(ms, { day: 'numeric', month: 'short' })
}
