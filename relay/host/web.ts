/**
 * Serves the web messenger, for `restante relay --web`: the files of the build and what this relay's own
 * addresses are, nothing else. docs/relay.md.
 *
 * Files are read once, at the start, and found by their exact name: no request reaches the disk, so none
 * can name a path that is not meant. TLS is a proxy's job; without it browsers give the page keys and locks
 * on this machine only.
 */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { IncomingMessage, OutgoingHttpHeaders, Server, ServerResponse } from 'node:http'
import { extname, join, relative, sep } from 'node:path'
import { gzipSync } from 'node:zlib'
import { UsageError } from '../../protocol/errors.ts'

export interface WebAddress { host: string, port: number }

export interface WebServer {
  /** With a slash at its end. */
  readonly url: string
  stop: () => Promise<void>
}

export interface WebServerOptions extends WebAddress {
  /** Told to the page, which offers this relay to whoever makes an account. */
  relay: () => { peerId: string, addresses: string[] }
  /** Where the build lies, if not where `npm run build` puts it. */
  folder?: string
}

interface ServedFile { type: string, body: Buffer, gzipped: Buffer | undefined, tag: string, isImmutable: boolean }

export const webAddressDefault: WebAddress = { host: '127.0.0.1', port: 4004 }
const connectionsMax = 512
const requestMsMax = 10_000

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8'
}
const compressible = /^text\/|json$|svg/

/**
 * A script of anybody else's never runs here: it could read what the messenger reads. What the page may
 * connect to is not known beforehand, for relays are anywhere. The page itself has the same, for other hosts
 * (browser/index.html).
 */
const policy = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "manifest-src 'self'", "worker-src 'self'",
  "connect-src 'self' ws: wss:", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
  "require-trusted-types-for 'script'", 'trusted-types default'
].join('; ')

const commonHeaders: OutgoingHttpHeaders = {
  'Content-Security-Policy': policy,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(self), microphone=(), geolocation=(), payment=(), usb=()'
}

/** `4004`, `0.0.0.0:4004` or `[::1]:4004`. Throws UsageError. */
export function parseWebAddress (text: string): WebAddress {
  const match = /^(?:(?<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):)?(?<port>\d{1,5})$/.exec(text)
  const port = Number(match?.groups?.port)
  if (match === null || port > 65_535) throw new UsageError('USAGE', '--web takes a port, or HOST:PORT.')
  return { host: match.groups?.host?.replace(/^\[|\]$/g, '') ?? webAddressDefault.host, port }
}

/** Rejects where the port is in use, and with UsageError where there is no build. */
export async function startWebServer ({ host, port, relay, folder = builtFolder() }: WebServerOptions): Promise<WebServer> {
  const files = readBuild(folder)
  const server = createServer({ requestTimeout: requestMsMax, headersTimeout: requestMsMax }, (request, response) => {
    answer(request, response, files, relay)
  })
  server.maxConnections = connectionsMax
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return {
    url: urlOf(server),
    async stop () {
      server.closeAllConnections()
      await new Promise<void>(resolve => { server.close(() => { resolve() }) })
    }
  }
}

function urlOf (server: Server): string {
  const address = server.address()
  if (address === null || typeof address === 'string') return ''
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return `http://${host}:${address.port}/`
}

/** In the checkout the source runs, and the build lies in dist/; in the package this file is in dist/ itself. */
function builtFolder (): string {
  const isSource = import.meta.filename.endsWith('.ts')
  return join(import.meta.dirname, '../..', isSource ? 'dist/browser' : 'browser')
}

/** False in a checkout where nobody ran `npm run build`. */
export function isWebBuilt (): boolean {
  return existsSync(join(builtFolder(), 'index.html'))
}

function readBuild (folder: string): Map<string, ServedFile> {
  const files = new Map<string, ServedFile>()
  let names: string[] = []
  try {
    names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
      .map(entry => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
  } catch {
    // Not there: told below.
  }
  for (const name of names) {
    const type = types[extname(name)]
    if (type !== undefined) files.set(`/${name}`, fileOf(join(folder, name), name, type))
  }
  const page = files.get('/index.html')
  if (page === undefined) throw new UsageError('USAGE', 'The web messenger is not built yet: npm run build')
  files.set('/', page)
  return files
}

function fileOf (path: string, name: string, type: string): ServedFile {
  const body = readFileSync(path)
  const gzipped = compressible.test(type) ? gzipSync(body) : undefined
  const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
  // The bundler puts a hash of the content into these names.
  return { type, body, gzipped, tag, isImmutable: name.startsWith('assets/') }
}

function answer (
  request: IncomingMessage, response: ServerResponse, files: Map<string, ServedFile>, relay: WebServerOptions['relay']
): void {
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  const path = request.url?.split('?', 1)[0] ?? ''
  if (!isRead) {
    end(response, 405, { Allow: 'GET, HEAD' })
  } else if (path === '/relay.json') {
    const body = Buffer.from(JSON.stringify(relay()))
    end(response, 200, { 'Content-Type': types['.json'], 'Cache-Control': 'no-store' }, body, request.method)
  } else {
    const file = files.get(path)
    if (file === undefined) end(response, 404, { 'Content-Type': types['.txt'] }, Buffer.from('There is nothing here.\n'), request.method)
    else serve(request, response, file)
  }
}

function serve (request: IncomingMessage, response: ServerResponse, file: ServedFile): void {
  const headers: OutgoingHttpHeaders = {
    'Content-Type': file.type,
    'Cache-Control': file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    ETag: file.tag,
    Vary: 'Accept-Encoding'
  }
  if (request.headers['if-none-match'] === file.tag) {
    end(response, 304, headers)
    return
  }
  const takesGzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))
  if (takesGzip && file.gzipped !== undefined) {
    end(response, 200, { ...headers, 'Content-Encoding': 'gzip' }, file.gzipped, request.method)
  } else {
    end(response, 200, headers, file.body, request.method)
  }
}

function end (
  response: ServerResponse, status: number, headers: OutgoingHttpHeaders, body?: Buffer, method?: string
): void {
  response.writeHead(status, { ...commonHeaders, ...headers, ...(body !== undefined && { 'Content-Length': body.length }) })
  response.end(method === 'HEAD' ? undefined : body)
}
