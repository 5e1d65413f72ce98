/**
 * The rules of docs/architecture.md that a file can break by itself: what its room may import,
 * which globals it may name, how it may be called.
 */
import { isBuiltin } from 'node:module'
import { posix } from 'node:path'
import { isGenerated } from './files.ts'
import { scan } from './scanner.ts'

/** Everything through which time, chance, input or output reaches a program unasked. */
const ambientNames: ReadonlySet<string> = new Set([
  'Date', 'Math.random', 'performance', 'setTimeout', 'setInterval', 'setImmediate', 'clearTimeout',
  'clearInterval', 'clearImmediate', 'requestAnimationFrame', 'requestIdleCallback', 'Temporal',
  'AbortSignal.timeout', 'crypto', 'Crypto', 'Buffer', 'process', 'console', 'NodeJS', 'require', 'module',
  '__dirname', '__filename', 'import.meta', 'globalThis', 'global', 'self', 'window', 'document', 'navigator',
  'fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'RTCPeerConnection', 'BroadcastChannel',
  'MessageChannel', 'Worker', 'localStorage', 'sessionStorage', 'indexedDB', 'eval', 'Function', 'Intl',
  'FinalizationRegistry', 'WeakRef',
  // Libraries' own way to the platform's randomness.
  'randomBytes', '.randomBytes', '.randomSecretKey', '.randomPrivateKey', '.keygen()'
])

/** What generated codecs stand on. */
const codecPackages = /^(protons-runtime|uint8arrays|uint8arraylist)(\/|$)/
/** Plain functions on bytes. */
const corePackages = /^@noble\/hashes\/utils\.js$/

const mayUsePackage = (path: string, room: string, specifier: string): boolean =>
  !room.endsWith('/core') || corePackages.test(specifier) ||
  (isGenerated(path) && codecPackages.test(specifier))

/** The one file of the laboratory through which a program reaches it. */
const laboratoryDoor = 'test/simulator/command/main.ts'

/** `node/core/outbox.ts` → `node/core`; `protocol/wire/x.js` → `protocol`. */
export function roomOf (path: string): string {
  const [first = '', second = ''] = path.split('/')
  // It lies under test/, as tests use it, and ships with the program.
  if (path.startsWith('test/simulator/') && !path.endsWith('.test.ts')) return 'test/simulator'
  return first === 'node' || first === 'relay' ? `${first}/${second}` : first
}

/** Rooms whose code sees the world through ports only. */
export const isPure = (room: string): boolean => room === 'protocol' || room.endsWith('/core')

/** Rooms that run in a browser as well. */
const isPortable = (room: string): boolean =>
  isPure(room) || room.endsWith('/net') || room.endsWith('/store') || room === 'browser'

function mayImport (from: string, to: string): boolean {
  if (from === to || from === 'test') return true
  if (from === 'test/simulator') return to !== 'bin'
  if (to === 'test') return false
  if (to === 'test/simulator') return from === 'node/host'
  if (to === 'protocol') return true
  if (from === 'protocol') return false
  if (from === 'bin') return to === 'node/host'
  if (from === 'browser') return to.startsWith('node/') && to !== 'node/host'
  const [program, part] = from.split('/')
  const [otherProgram, otherPart] = to.split('/')
  // One command starts both programs; nothing else of theirs meets.
  if (from === 'node/host' && to === 'relay/host') return true
  if (program !== otherProgram) return false
  if (part === 'host') return true
  return (part === 'net' || part === 'store') && otherPart === 'core'
}

/** Breaches in one file, each as `path:line: words`. `text` is TypeScript or JavaScript. */
export function breachesOf (path: string, text: string): string[] {
  const room = roomOf(path)
  const { references, globals } = scan(path, text, isPure(room) ? ambientNames : new Set(['Buffer']))
  const breaches: string[] = []
  for (const { specifier, line } of references) {
    const say = (words: string): void => { breaches.push(`${path}:${line}: ${words}`) }
    if (specifier === undefined) {
      if (!room.startsWith('test') && room !== 'bin') say('an import whose target can\'t be read from the source')
    } else if (specifier.startsWith('.')) {
      const target = posix.join(posix.dirname(path), specifier)
      const isBehindDoor = room === 'node/host' && roomOf(target) === 'test/simulator' && target !== laboratoryDoor
      if (isBehindDoor || !mayImport(room, roomOf(target))) say(`${room} may not import ${target}`)
      if (!/\.(ts|tsx|js|json)$/.test(target)) say(`${specifier}: relative imports name the file`)
    } else if (specifier.startsWith('/') || specifier.startsWith('file:')) {
      say(`${specifier}: an absolute path`)
    } else if (isBuiltin(specifier)) {
      if (isPortable(room)) say(`${room} may not import ${specifier}: it runs without Node`)
      else if (room !== 'bin' && !specifier.startsWith('node:')) say(`${specifier}: write node:${specifier}`)
    } else if (!mayUsePackage(path, room, specifier)) {
      say(`${room} imports only protocol, not the package ${specifier}`)
    }
  }
  if (isPortable(room)) {
    for (const { name, line } of globals) {
      breaches.push(`${path}:${line}: ${room} may not reach ${name}; it comes through a port`)
    }
  }
  return breaches
}

const emptyNames = /(^|-)(utils?|helpers?|managers?|datas?|infos?|misc|common|stuff)(-|$)/

/** Undefined where the file's name says something, else what is wrong with it. */
export function nameBreachOf (path: string): string | undefined {
  const names = path.replace(/(\.test)?\.[a-z]+$/, '').split('/')
  const empty = names.find(name => emptyNames.test(name))
  if (empty !== undefined) return `${path}: '${empty}' says nothing about what is in it`
  const isKebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.test|\.worker)?\.[a-z]+$/.test(posix.basename(path))
  return isKebab ? undefined : `${path}: names are kebab-case`
}

/** Whether the file opens with a comment that says something. */
export function hasHeader (text: string): boolean {
  const comment = /^(?:#![^\n]*\n)?\s*\/\*([\s\S]*?)\*\//.exec(text)?.[1] ?? ''
  return (comment.match(/[a-zA-Z]+/g) ?? []).length >= 2
}
