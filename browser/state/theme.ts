/** Light, dark, or as the system has it: an attribute of the page, which the styles look at. */
import { signal } from '@preact/signals'
import { keep, readKept } from './kept.ts'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = typeof themes[number]

const themeKey = 'restante-theme'
export const theme = signal<Theme>('system')

export function setTheme (wanted: Theme): void {
  theme.value = wanted
  if (wanted === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = wanted
  keep('localStorage', themeKey, wanted)
}

export function beginTheme (): void {
  const kept = readKept('localStorage', themeKey)
  setTheme(themes.find(one => one === kept) ?? 'system')
}
