/** What `restante relay --web` serves, to whom, and what it does not. */
import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { parseWebAddress, startWebServer } from '../../../relay/host/web.ts'
import type { WebServer } from '../../../relay/host/web.ts'
import { runRelayToEnd, startRelay, temporaryFolder } from '../../support/relay.ts'
import { buildWeb, webFolder } from '../../support/web-build.ts'

interface Reply { status: number, headers: IncomingHttpHeaders, body: Buffer }

/** The path goes out as it is written here: no client tidies it up. */
async function ask (url: string, path: string, options: { method?: string, headers?: Record<string, string> } = {}): Promise<Reply> {
  const { hostname, port } = new URL(url)
  return await new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, agent: false, ...options }, response => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => { chunks.push(chunk) })
      response.on('end', () => { resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }) })
    })
    asked.on('error', reject)
    asked.end()
  })
}

describe('the web messenger, served', function () {
  this.timeout(120_000)
  const addresses = ['/ip4/127.0.0.1/tcp/4002/ws/p2p/12D3KooWRelay']
  let server: WebServer
  let assets: string[]

  before(async () => {
    await buildWeb()
    assets = readdirSync(join(webFolder, 'assets')).map(name => `/assets/${name}`)
    server = await startWebServer({ host: '127.0.0.1', port: 0, relay: () => ({ peerId: '12D3KooWRelay', addresses }) })
  })
  after(async () => { await server.stop() })

  it('lets no script run but its own, and nobody frame it', async () => {
    const { status, headers, body } = await ask(server.url, '/')
    assert.equal(status, 200)
    assert.match(String(headers['content-type']), /^text\/html; charset=utf-8$/)
    const policy = new Map(String(headers['content-security-policy']).split('; ').map(rule => {
      const [name = '', ...sources] = rule.split(' ')
      return [name, sources.join(' ')]
    }))
    assert.equal(policy.get('default-src'), "'none'")
    assert.equal(policy.get('script-src'), "'self'")
    assert.equal(policy.get('style-src'), "'self'")
    assert.equal(policy.get('connect-src'), "'self' ws: wss:")
    assert.equal(policy.get('require-trusted-types-for'), "'script'")
    assert.equal(policy.get('frame-ancestors'), "'none'")
    assert.equal(policy.get('base-uri'), "'none'")
    assert.ok(![...policy.values()].some(sources => /unsafe|\*|data:|blob:/.test(sources)))
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['referrer-policy'], 'no-referrer')
    const page = body.toString()
    assert.doesNotMatch(page, /<script(?![^>]* src=)|<style| on[a-z]+=| style=|https?:/i)
  })

  it('gives each file its type, and those with a hash in their name for good', async () => {
    const kinds = { '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8' }
    assert.ok(assets.some(path => path.endsWith('.js')) && assets.some(path => path.endsWith('.css')))
    for (const path of assets) {
      const { status, headers } = await ask(server.url, path)
      assert.equal(status, 200, path)
      const kind = Object.entries(kinds).find(([ending]) => path.endsWith(ending))?.[1]
      assert.equal(headers['content-type'], kind, path)
      assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable', path)
    }
    assert.equal((await ask(server.url, '/')).headers['cache-control'], 'no-cache')
  })

  it('sends what the browser has not, compressed where it takes that', async () => {
    const [path = ''] = assets.filter(one => one.endsWith('.js'))
    const plain = await ask(server.url, path)
    const small = await ask(server.url, path, { headers: { 'accept-encoding': 'gzip, br' } })
    assert.equal(small.headers['content-encoding'], 'gzip')
    assert.ok(small.body.length < plain.body.length / 2)
    assert.deepEqual(gunzipSync(small.body), plain.body)
    const known = await ask(server.url, '/', { headers: { 'if-none-match': String((await ask(server.url, '/')).headers.etag) } })
    assert.equal(known.status, 304)
    assert.equal(known.body.length, 0)
  })

  it('says which relay this is, and takes no orders', async () => {
    const { body } = await ask(server.url, '/relay.json')
    assert.deepEqual(JSON.parse(body.toString()), { peerId: '12D3KooWRelay', addresses })
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE']) {
      assert.equal((await ask(server.url, '/', { method })).status, 405, method)
    }
    const head = await ask(server.url, '/', { method: 'HEAD' })
    assert.equal(head.status, 200)
    assert.equal(head.body.length, 0)
  })

  it('leads nowhere else, whatever path is asked for', async () => {
    const paths = [
      '/../package.json', '/../../package.json', '/assets/../../../package.json', '/%2e%2e/%2e%2e/package.json',
      '/..%2f..%2fpackage.json', '/..\\..\\package.json', '//etc/passwd', '/assets', '/assets/', '/identity',
      '/mailboxes/CURRENT', '/index.html/', '/INDEX.HTML', '/./index.html', '/assets/%00', `file://${webFolder}/index.html`
    ]
    for (const path of paths) {
      const { status, headers, body } = await ask(server.url, path)
      assert.equal(status, 404, path)
      assert.equal(body.toString(), 'There is nothing here.\n', path)
      assert.match(String(headers['content-security-policy']), /default-src 'none'/, path)
    }
  })

  it('says how to build it where it is not built', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'restante-unbuilt-'))
    try {
      const started = startWebServer({ host: '127.0.0.1', port: 0, folder, relay: () => ({ peerId: '', addresses: [] }) })
      await assert.rejects(started, { code: 'USAGE', message: /npm run build/ })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('takes a port, or a host and a port', () => {
    assert.deepEqual(parseWebAddress('8080'), { host: '127.0.0.1', port: 8080 })
    assert.deepEqual(parseWebAddress('0.0.0.0:80'), { host: '0.0.0.0', port: 80 })
    assert.deepEqual(parseWebAddress('[::1]:4004'), { host: '::1', port: 4004 })
    for (const text of ['', 'here', '70000', 'a b:1', '127.0.0.1:', '/ip4/127.0.0.1/tcp/1', '1:2:3']) {
      assert.throws(() => parseWebAddress(text), { code: 'USAGE' }, text)
    }
  })

  it('comes up with its relay, ends with it, and says so where its port is taken', async () => {
    const relay = await startRelay({ args: ['--web', '127.0.0.1:0'] })
    const { web = '' } = JSON.parse(relay.stdout) as { web?: string }
    const { addresses: told } = JSON.parse((await ask(web, '/relay.json')).body.toString()) as { addresses: string[] }
    assert.deepEqual(told, relay.addresses)
    assert.equal((await ask(web, '/identity')).status, 404)

    const second = await runRelayToEnd({ data: temporaryFolder(), args: ['--web', new URL(web).host] })
    assert.equal(second.code, 1)
    assert.match(second.stderr, /in use/)
    assert.equal(await relay.stop(), 0)
    await assert.rejects(ask(web, '/'), { code: 'ECONNREFUSED' })
    assert.equal((await runRelayToEnd({ data: temporaryFolder(), args: ['--web', 'nowhere'] })).code, 2)
  })
})
