/**
 * A safe subset of Markdown: the tokens of `marked` become elements of ours, one by one. Nothing of what
 * somebody wrote is ever taken for HTML; what is not in the subset is shown as it was written.
 */
import type { Token, Tokens } from 'marked'
import { signal } from '@preact/signals'
import type { ComponentChildren, VNode } from 'preact'
import { plain } from '../texts/shown.ts'
import { askToOpen } from './links.tsx'

/** Longer texts are letters or lists, and a parser's time grows with them. */
const charactersMax = 8_000
const depthMax = 6
/** Nobody quotes so deeply but to wear out the parser. */
const nested = /(?:>[ \t]*){20}/

type Lexer = (text: string) => Token[]
const lexer = signal<Lexer | undefined>(undefined)
let isLoading = false

/** The parser comes when there is something to parse; until then a text is shown as it is. */
function load (): void {
  if (isLoading) return
  isLoading = true
  import('marked').then(({ marked }) => {
    lexer.value = text => marked.lexer(text, { gfm: true, breaks: true })
  }, () => { isLoading = false })
}

/** Without any of these there is nothing to parse. */
const mayBeMarked = /[*_~`>#[\]|-]|\d[.)]\s|https?:|www\.|@/

export function Markdown ({ text }: { text: string }): VNode {
  if (text.length > charactersMax || !mayBeMarked.test(text)) return <Plain text={text} />
  if (lexer.value === undefined) load()
  const tokens = tokensOf(text)
  return tokens === undefined ? <Plain text={text} /> : <>{blocks(tokens, 0)}</>
}

/** Undefined: it is shown as it was written. What overflows the parser's stack would take the page with it, at every start. */
function tokensOf (text: string): Token[] | undefined {
  if (nested.test(text)) return undefined
  try {
    return lexer.value?.(text)
  } catch {
    return undefined
  }
}

function Plain ({ text }: { text: string }): VNode {
  return <p class="plain" dir="auto">{plain(text)}</p>
}

function blocks (tokens: Token[], depth: number): ComponentChildren {
  return tokens.map(token => block(token, depth))
}

function block (token: Token, depth: number): ComponentChildren {
  if (depth > depthMax) return <Plain text={token.raw} />
  switch (token.type) {
    case 'space': return null
    case 'paragraph': return <p dir="auto">{inlines(token.tokens ?? [], depth + 1)}</p>
    case 'heading': return <p dir="auto"><strong>{inlines(token.tokens ?? [], depth + 1)}</strong></p>
    case 'text': return token.tokens === undefined ? plain(token.raw) : inlines(token.tokens, depth + 1)
    case 'code': return <pre dir="ltr" tabIndex={0}><code>{plain((token as Tokens.Code).text)}</code></pre>
    case 'blockquote': return <blockquote dir="auto">{blocks(token.tokens ?? [], depth + 1)}</blockquote>
    case 'list': return list(token as Tokens.List, depth)
    default: return <Plain text={token.raw} />
  }
}

function list ({ ordered, start, items }: Tokens.List, depth: number): VNode {
  const rows = items.map(item => <li>{blocks(item.tokens, depth + 1)}</li>)
  return ordered ? <ol dir="auto" start={start === '' ? 1 : start}>{rows}</ol> : <ul dir="auto">{rows}</ul>
}

function inlines (tokens: Token[], depth: number): ComponentChildren {
  return tokens.map(token => inline(token, depth))
}

function inline (token: Token, depth: number): ComponentChildren {
  if (depth > depthMax) return plain(token.raw)
  const inside = (): ComponentChildren => inlines('tokens' in token ? token.tokens ?? [] : [], depth + 1)
  switch (token.type) {
    case 'strong': return <strong>{inside()}</strong>
    case 'em': return <em>{inside()}</em>
    case 'del': return <s>{inside()}</s>
    case 'codespan': return <code dir="ltr">{plain((token as Tokens.Codespan).text)}</code>
    case 'br': return <br />
    case 'escape': return plain((token as Tokens.Escape).text)
    case 'text': return token.tokens === undefined ? plain((token as Tokens.Text).text) : inside()
    case 'link': return <Link token={token as Tokens.Link}>{inside()}</Link>
    default: return plain(token.raw)
  }
}

/** No address in the element itself: a link is followed through the question only, by whatever button. */
function Link ({ token, children }: { token: Tokens.Link, children: ComponentChildren }): VNode {
  const target = targetOf(token.href)
  if (target === undefined) return <>{plain(token.raw)}</>
  return (
    <button type="button" class="link" title={target} onClick={() => { askToOpen(target) }}>{children}</button>
  )
}

/** As a browser writes it: host names in their ASCII form, so that look-alikes show. Undefined: not to be opened. */
function targetOf (href: string): string | undefined {
  const url = URL.parse(href)
  return url !== null && ['https:', 'http:', 'mailto:'].includes(url.protocol) ? url.href : undefined
}
