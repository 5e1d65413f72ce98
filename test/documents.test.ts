/**
 * Documents say what is so: their code compiles, their commands exist, their links lead somewhere.
 */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'
import { brokenBlocks } from './house/code-blocks.ts'
import type { LocatedBlock } from './house/code-blocks.ts'
import { commandBreachOf, commandLines } from './house/commands.ts'
import type { CommandShape, World } from './house/commands.ts'
import { errorsDocument } from './house/errors-document.ts'
import { documentFiles, root, sourceFiles } from './house/files.ts'
import {
  drawnMachines, machinesDocument, unknownStates, unreachableStates
} from './house/machines-document.ts'
import { anchorOf, parseMarkdown } from './house/markdown.ts'
import type { Document } from './house/markdown.ts'
import { testTitles } from './house/test-titles.ts'
import { defineMachine } from '../node/core/machine.ts'
import { createProgram } from '../node/host/program.ts'

const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
const documents = new Map(documentFiles().map(path => [path, parseMarkdown(read(path))]))
const shells = new Set(['sh', 'bash', 'shell', 'console'])

/** Files that name documents which are not there, on purpose. */
const planted = new Set(['test/documents.test.ts'])

/** Undefined where the link leads somewhere. Addresses outside the repository are not followed. */
function linkBreach (from: string, target: string, known: Map<string, Document>): string | undefined {
  if (/^(https?|mailto):/.test(target)) return undefined
  const [path = '', anchor] = target.split('#', 2)
  const file = path === '' ? from : posix.join(posix.dirname(from), decodeURIComponent(path))
  const isThere = known.has(file) || (!file.startsWith('..') && existsSync(join(root, file)))
  if (!isThere) return `${target} leads nowhere`
  if (anchor === undefined) return undefined
  const document = known.get(file)
  return document?.anchors.has(anchor) === true ? undefined : `${target}: ${file} has no heading #${anchor}`
}

/** Breaches of one document's command lines, in shell blocks and in inline code. */
function commandBreaches (path: string, document: Document, world: World): string[] {
  const shown = document.blocks.filter(({ language }) => shells.has(language))
    .flatMap(({ text, line }) => commandLines(text).map(command => ({ command, line })))
  const named = document.inlineCode.filter(({ text }) => /^(restante|npm|npx|\.ci\/)/.test(text))
    .flatMap(({ text, line }) => commandLines(text).map(command => ({ command, line })))
  return [...shown, ...named].flatMap(({ command, line }) => {
    const breach = commandBreachOf(command, world)
    return breach === undefined ? [] : [`${path}:${line}: \`${command}\`: ${breach}`]
  })
}

/** Each line of a threat model names a test by file and title; and what is wrong with those that don't. */
function threatBreaches (text: string, titles: Array<{ file: string, title: string }>): string[] {
  const claims = text.split('\n## What no line above claims')[0]!.split(/\n(?=- |#|$)/m).map(line => line.trim())
    .filter(line => line.startsWith('- '))
  if (claims.length === 0) return ['there is no line in it']
  return claims.flatMap(claim => {
    const words = claim.slice(2, 60).replaceAll('\n', ' ')
    if (!/^- \*\*(can|cannot)\*\*/.test(claim)) return [`${words}: says neither can nor cannot`]
    const named = [...claim.matchAll(/\]\(\.\.\/(test\/\S+)\s+"([^"]+)"\)/g)]
    if (named.length === 0) return [`${words}: names no test`]
    return named.filter(([, file, title]) => !titles.some(test => test.file === file && test.title === title))
      .map(([, file, title]) => `${words}: ${file} has no test '${title}'`)
  })
}

describe('the documents', () => {
  const world: World = { program: createProgram('0.0.0', () => {}), scripts }

  it('are found', () => {
    const expected = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md', 'docs/architecture.md']
    for (const path of expected) assert.ok(documents.has(path), path)
  })

  it('show code that compiles', async function () {
    this.timeout(60_000)
    const blocks = [...documents].flatMap(([path, document]) =>
      document.blocks.map(block => ({ ...block, path })))
    assert.deepEqual(await brokenBlocks(blocks), [])
  })

  it('name only commands, options and scripts that exist', () => {
    assert.deepEqual([...documents].flatMap(([path, document]) => commandBreaches(path, document, world)), [])
  })

  it('have no relative link or anchor that leads nowhere', () => {
    const broken = [...documents].flatMap(([path, { links }]) => links.flatMap(({ target, line }) => {
      const breach = linkBreach(path, target, documents)
      return breach === undefined ? [] : [`${path}:${line}: ${breach}`]
    }))
    assert.deepEqual(broken, [])
  })

  it('are there, where the source names them', () => {
    const isThere = (path: string, name: string): boolean =>
      [name, `docs/${name}`, posix.join(posix.dirname(path), name)].some(place => existsSync(join(root, place)))
    const missing = sourceFiles().filter(path => !planted.has(path)).flatMap(path =>
      [...read(path).matchAll(/[\w./-]+\.md\b/g)].map(([name]) => ({ path, name })))
      .flatMap(({ path, name }) => isThere(path, name) ? [] : [`${path} names ${name}`])
    assert.deepEqual(missing, [])
  })

  it('list every error code as protocol/errors.ts has it (npm run docs)', () => {
    assert.equal(read('docs/errors.md'), errorsDocument())
  })

  it('say of nobody what he can or cannot do without a test that shows it', () => {
    assert.deepEqual(threatBreaches(read('docs/threat-model.md'), testTitles()), [])
  })

  it('draw the state machines as the tables have them (npm run docs)', () => {
    assert.equal(read('docs/state-machines.md'), machinesDocument())
    for (const machine of drawnMachines) {
      assert.deepEqual(unreachableStates(machine), [], machine.name)
      assert.deepEqual(unknownStates(machine), [], machine.name)
    }
  })

  it('give a newcomer two commands, and the same to continuous integration', () => {
    const commands = (documents.get('README.md')?.blocks ?? []).filter(({ language }) => shells.has(language))
      .flatMap(({ text }) => text.split('\n')).map(line => line.replace(/\s+#.*/, '').trim())
    for (const script of ['start', 'test']) {
      assert.ok(commands.includes(`npm ci && npm ${script}`), script)
      assert.ok(script in scripts, `package.json has no script ${script}`)
    }
    const ci = read('.ci/run')
    assert.match(ci, /^npm ci\b/m)
    assert.match(ci, /^npm test\b/m)
    assert.equal(statSync(join(root, '.ci/run')).mode & 0o111, 0o111, '.ci/run can be executed')
  })

  it('number decisions without gaps, and list each', () => {
    const index = documents.get('docs/decisions/README.md')?.links.map(({ target }) => target) ?? []
    const files = readdirSync(join(root, 'docs/decisions')).filter(name => name !== 'README.md').sort()
    assert.ok(files.length > 0)
    for (const [at, name] of files.entries()) {
      const number = String(at + 1).padStart(4, '0')
      assert.match(name, new RegExp(`^${number}-[a-z0-9]+(-[a-z0-9]+)*\\.md$`))
      assert.ok(index.includes(name), `docs/decisions/README.md does not list ${name}`)
      const title = new RegExp(`^# ${at + 1}\\. `)
      assert.match(read(`docs/decisions/${name}`), title)
    }
    assert.equal(index.filter(target => /^\d{4}-/.test(target)).length, files.length)
  })
})

describe('the reader of documents', () => {
  type OptionShape = CommandShape['options'][number]
  const option = (long: string, value = 'none', variadic = false): OptionShape =>
    ({ long, short: undefined, required: value === 'required', optional: value === 'optional', variadic })
  const shape = (name: string, parts: Partial<CommandShape> = {}): CommandShape =>
    ({ name: () => name, aliases: () => [], commands: [], options: [], registeredArguments: [], ...parts })
  const send = shape('send', {
    options: [option('--wait', 'required'), option('--listen', 'required', true), option('--loud')],
    registeredArguments: [{ required: true, variadic: false }, { required: false, variadic: false }]
  })
  const world: World = {
    program: shape('restante', { commands: [send, shape('watch')], options: [option('--json')] }),
    scripts: { test: 'x', start: 'x', bench: 'x' }
  }
  const block = (language: string, text: string): LocatedBlock => ({ language, text, line: 3, path: 'x.md' })

  for (const [line, words] of [
    ['restante sing Bob', 'restante has no command sing'],
    ['npx restante send Bob --whisper', 'restante send has no option --whisper'],
    ['restante send Bob hello again', 'restante send takes 2 arguments, not 3'],
    ['restante send --json', 'restante send needs 1 arguments'],
    ['restante send Bob --wait', 'restante send --wait needs a value'],
    ['restante send Bob --loud=yes', 'restante send --loud takes no value'],
    ['restante watch now', 'restante watch takes 0 arguments, not 1'],
    ['npm run dance', 'package.json has no script dance'],
    ['npm stop', 'package.json has no script stop'],
    ['npm tset', 'npm has no command tset'],
    ['npx no-such-program', 'npx finds no program no-such-program'],
    ['node test/nowhere.ts', 'there is no file test/nowhere.ts'],
    ['.ci/sprint', 'there is no file .ci/sprint']
  ] as const) {
    it(`refuses \`${line}\``, () => { assert.equal(commandBreachOf(line, world), words) })
  }

  for (const line of ['restante send CONTACT [TEXT|-] [--wait stored|delivered] --json', 'restante send', 'npm ci',
    'A=1 B=2 restante watch', 'restante send Bob "two words" --listen /a /b', 'restante send Bob - < letter.txt',
    'npm run bench', 'npm test -- --tests-only', 'npx mocha test/x.test.ts', 'cd restante', 'restante --help',
    'node test/run.ts', 'restante send Bob > file']) {
    it(`accepts \`${line}\``, () => { assert.equal(commandBreachOf(line, world), undefined) })
  }

  it('takes a shell block apart', () => {
    assert.deepEqual(commandLines('# first\n$ npm ci && npm start  # go\nrestante send \\\n  Bob hi | cat\n'),
      ['npm ci', 'npm start', 'restante send Bob hi', 'cat'])
  })

  it('reports a breach in a shell block and in a sentence with its line', () => {
    const text = 'Do `restante sing` or:\n\n```sh\nnpm ci\nnpm run dance\n```\n\n```text\nnpm run anything\n```\n'
    assert.deepEqual(commandBreaches('x.md', parseMarkdown(text), world), [
      'x.md:4: `npm run dance`: package.json has no script dance',
      'x.md:1: `restante sing`: restante has no command sing'
    ])
  })

  it('refuses code that does not compile, and says where', async function () {
    this.timeout(60_000)
    const broken = await brokenBlocks([
      block('ts', "import { envelopeBuckets } from './protocol/limits.ts'\nconst size: number = envelopeBuckets[0]\n"),
      block('ts', "import { noSuchName } from './protocol/limits.ts'\n"),
      block('ts', 'const a = 1\nconst b: string = a\n'),
      block('js', 'const = 1\n'),
      block('json', '{ "a": }\n'),
      block('json', '{"a":1}\n{"b":2}\n'),
      block('text', 'const = 1\n')
    ])
    assert.equal(broken.length, 4, broken.join('\n'))
    assert.match(broken[2] ?? '', /^x\.md:3: .*noSuchName/)
    assert.match(broken[3] ?? '', /^x\.md:4: .*not assignable/)
  })

  it('finds claims about attackers that no test shows', () => {
    const titles = [{ file: 'test/a.test.ts', title: 'S01: it holds' }]
    const breaches = (text: string): string[] => threatBreaches(text, titles)
    assert.deepEqual(breaches('# T\n\n- **can** do it\n  all. ([S01](../test/a.test.ts "S01: it holds"))\n'), [])
    assert.deepEqual(breaches('- **cannot** do it.\n- **can** ([x](../test/b.test.ts "S01: it holds"))\n- may do it\n'), [
      '**cannot** do it.: names no test',
      "**can** ([x](../test/b.test.ts \"S01: it holds\")): test/b.test.ts has no test 'S01: it holds'",
      'may do it: says neither can nor cannot'
    ])
    assert.deepEqual(breaches('# T\n'), ['there is no line in it'])
  })

  it('finds states that nothing leads to, or that do not exist', () => {
    const machine = defineMachine<string, string>('planted', 'a',
      { a: { x: 'b' }, b: { y: 'nowhere' }, c: { z: 'a' } })
    assert.deepEqual(unreachableStates(machine), ['c'])
    assert.deepEqual(unknownStates(machine), ['nowhere'])
  })

  it('makes anchors as GitHub does', () => {
    assert.equal(anchorOf('The `restante` command, in short'), 'the-restante-command-in-short')
    assert.equal(anchorOf('2.1 Keys & names'), '21-keys--names')
    assert.deepEqual([...parseMarkdown('# A\n\n## B\n\n## B\n\n```\n# C\n```\n').anchors], ['a', 'b', 'b-1'])
  })

  it('refuses links to nowhere', () => {
    const known = new Map([['docs/a.md', parseMarkdown('# Here\n')]])
    assert.equal(linkBreach('docs/a.md', '#here', known), undefined)
    assert.equal(linkBreach('docs/a.md', '../package.json', known), undefined)
    assert.equal(linkBreach('docs/a.md', 'https://example.org/x', known), undefined)
    assert.match(linkBreach('docs/a.md', '#there', known) ?? '', /no heading #there/)
    assert.match(linkBreach('docs/a.md', 'nowhere.md', known) ?? '', /leads nowhere/)
    assert.match(linkBreach('docs/a.md', '../../outside.md', known) ?? '', /leads nowhere/)
    const { links } = parseMarkdown('[a](b.md "T") `[no](x.md)` ![i](c.png)\n[ref]: d.md\n')
    assert.deepEqual(links.map(({ target }) => target), ['b.md', 'c.png', 'd.md'])
  })
})
