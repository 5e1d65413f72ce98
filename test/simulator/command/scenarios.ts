/**
 * `simulate scenarios`: what comes with the program, each with the first sentence of what it is for.
 */
import { loadScenario } from '../scenario/load.ts'
import { libraryNames, readScenario } from './files.ts'
import { exits } from './surroundings.ts'
import type { Exit, Surroundings } from './surroundings.ts'

export function scenarios ({ output }: Surroundings): Exit {
  for (const name of libraryNames()) {
    const { name: title, about } = loadScenario(readScenario(name))
    const first = /^.*?[.!?](?=\s|$)/s.exec(about)?.[0].replaceAll(/\s+/g, ' ') ?? ''
    output.result({ event: 'scenario', name, title, about }, `${name.padEnd(22)} ${first}`)
  }
  return exits.asExpected
}
