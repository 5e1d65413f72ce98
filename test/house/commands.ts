/**
 * Holds the command lines that documents show against the commands that exist.
 *
 * Knows `restante …` by the command tree, `npm …` and `npx …` by package.json and what npm itself
 * offers, `node FILE` by the disk. Everything else of a shell block (cd, git clone, echo) passes.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { bin, root } from './files.ts'

/** The part of a commander command that a command line can be held against. */
export interface CommandShape {
  name: () => string
  aliases: () => string[]
  readonly commands: readonly CommandShape[]
  readonly options: ReadonlyArray<{
    long?: string | undefined
    short?: string | undefined
    /** It takes a value, always or perhaps, one or several. */
    required: boolean
    optional: boolean
    variadic: boolean
  }>
  readonly registeredArguments: ReadonlyArray<{ required: boolean, variadic: boolean }>
}

export interface World { program: CommandShape, scripts: Record<string, string> }

const npmCommands = new Set(['ci', 'install', 'pack', 'publish', 'link', 'audit', 'view', 'exec', 'version'])
const scriptCommands = new Set(['start', 'test', 'stop', 'restart'])

/** Command lines of a shell block: continuations joined, `$ ` and comments dropped, `&&` `|` `;` split. */
export function commandLines (block: string): string[] {
  return block.replaceAll(/\s*\\\n\s*/g, ' ').split('\n')
    .map(line => line.replace(/^\s*\$ /, '').replace(/(^|\s)#.*$/, ''))
    .flatMap(line => line.split(/\s(?:&&|\|\||\||;|&)(?=\s|$)/))
    .map(line => line.trim()).filter(line => line !== '')
}

/** Words as a shell sees them; the brackets of a synopsis (`[--wait STATE]`) are dropped. */
function wordsOf (line: string): string[] {
  const words = line.match(/(?:"[^"]*"|'[^']*'|<[A-Za-z][^>]*>|[^\s"'])+/g) ?? []
  const redirected = words.findIndex(word => /^\d?(>>?|<<?)$|^\d?>[^>]/.test(word))
  return (redirected < 0 ? words : words.slice(0, redirected))
    .map(word => word.replaceAll(/^\[+|[\]…]+$|^\.\.\.$/g, '')).filter(word => word !== '')
}

function checkRestante (words: string[], program: CommandShape): string | undefined {
  const chain = [program]
  let positionals = 0
  let isEnded = false
  const last = (): CommandShape => chain[chain.length - 1] ?? program
  const name = (): string => ['restante', ...chain.slice(1).map(command => command.name())].join(' ')
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    if (word === '--') {
      isEnded = true
    } else if (!isEnded && word.startsWith('-') && word !== '-') {
      const [flag = '', value] = word.split('=', 2)
      if (['--help', '-h', '--version', '-V'].includes(flag)) return undefined
      const option = chain.flatMap(command => command.options)
        .find(({ long, short }) => long === flag || short === flag)
      if (option === undefined) return `${name()} has no option ${flag}`
      const takesValue = option.required || option.optional
      if (!takesValue && value !== undefined) return `${name()} ${flag} takes no value`
      const isValue = (next: string | undefined): boolean =>
        next !== undefined && (!next.startsWith('-') || next === '-')
      if (takesValue && value === undefined) {
        if (option.required && !isValue(words[at + 1])) return `${name()} ${flag} needs a value`
        if (isValue(words[at + 1])) at++
        while (option.variadic && isValue(words[at + 1])) at++
      }
    } else {
      const sub = last().commands.find(command => command.name() === word || command.aliases().includes(word))
      const isGroup = last().commands.length > 0 && last().registeredArguments.length === 0
      if (sub !== undefined && positionals === 0) chain.push(sub)
      else if (isGroup) return `${name()} has no command ${word}`
      else positionals++
    }
  }
  const wanted = last().registeredArguments
  if (positionals > wanted.length && !wanted.some(argument => argument.variadic)) {
    return `${name()} takes ${wanted.length} arguments, not ${positionals}`
  }
  // `restante send` in a sentence names the command: what is missing there is meant to be.
  const required = wanted.filter(argument => argument.required).length
  const saysMore = words.length > chain.length - 1
  if (saysMore && positionals < required) return `${name()} needs ${required} arguments`
  return undefined
}

/** Undefined where the line's command exists as written, otherwise what does not. */
export function commandBreachOf (line: string, world: World): string | undefined {
  const words = wordsOf(line).filter((word, index, all) =>
    !(/^[A-Z_]+=/.test(word) && all.slice(0, index).every(before => /^[A-Z_]+=/.test(before))))
  const [program = '', ...rest] = words
  if (program === 'restante') return checkRestante(rest, world.program)
  if (program === 'npx') {
    const [name = '', ...args] = rest.filter((word, index) => !(index === 0 && word.startsWith('-')))
    if (name === 'restante') return checkRestante(args, world.program)
    return existsSync(bin(name)) ? undefined : `npx finds no program ${name}`
  }
  if (program === 'npm') {
    const [command = '', script] = rest
    if (command === '') return undefined
    if (command === 'run') {
      if (script !== undefined && script in world.scripts) return undefined
      return `package.json has no script ${script}`
    }
    if (scriptCommands.has(command)) {
      return command in world.scripts ? undefined : `package.json has no script ${command}`
    }
    return npmCommands.has(command) ? undefined : `npm has no command ${command}`
  }
  if (program === 'node') {
    const file = rest.find(word => !word.startsWith('-'))
    return file === undefined || existsSync(join(root, file)) ? undefined : `there is no file ${file}`
  }
  if (program.startsWith('./') || program.startsWith('.ci/')) {
    return existsSync(join(root, program)) ? undefined : `there is no file ${program}`
  }
  return undefined
}
