/**
 * What the tests need of a Markdown document: code blocks, inline code, headings and links.
 *
 * Not a Markdown parser: it knows fences, ATX headings and inline links, which is what our documents use.
 */

export interface CodeBlock { language: string, text: string, line: number }
export interface Link { target: string, line: number }
export interface InlineCode { text: string, line: number }

export interface Document {
  blocks: CodeBlock[]
  inlineCode: InlineCode[]
  links: Link[]
  /** Anchors of the headings, as GitHub makes them. */
  anchors: Set<string>
}

/** GitHub's anchor of a heading, before it numbers repeated ones. */
export function anchorOf (heading: string): string {
  return heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/[`*]/g, '').trim().toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '').replaceAll(' ', '-')
}

export function parseMarkdown (text: string): Document {
  const document: Document = { blocks: [], inlineCode: [], links: [], anchors: new Set() }
  let open: { fence: string, block: CodeBlock, lines: string[] } | undefined
  const repeated = new Map<string, number>()
  for (const [index, source] of text.split('\n').entries()) {
    const line = index + 1
    if (open !== undefined) {
      const close = /^\s*(`{3,}|~{3,})\s*$/.exec(source)?.[1]
      if (close?.startsWith(open.fence) === true) {
        document.blocks.push({ ...open.block, text: `${open.lines.join('\n')}\n` })
        open = undefined
      } else {
        open.lines.push(source)
      }
      continue
    }
    const fence = /^\s*(`{3,}|~{3,})\s*([^\s`]*)/.exec(source)
    if (fence !== null) {
      const block: CodeBlock = { language: fence[2] ?? '', text: '', line: line + 1 }
      open = { fence: fence[1] ?? '', block, lines: [] }
      continue
    }
    const heading = /^#{1,6}\s+(.*?)\s*#*$/.exec(source)?.[1]
    if (heading !== undefined) {
      const anchor = anchorOf(heading)
      const before = repeated.get(anchor) ?? 0
      repeated.set(anchor, before + 1)
      document.anchors.add(before === 0 ? anchor : `${anchor}-${before}`)
    }
    for (const [, id] of source.matchAll(/<a (?:id|name)="([^"]+)"/g)) document.anchors.add(id ?? '')
    const withoutCode = source.replaceAll(/(`+)(.+?)\1/g, (whole, _ticks, code: string) => {
      document.inlineCode.push({ text: code.trim(), line })
      return ' '.repeat(whole.length)
    })
    const links = [...withoutCode.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g),
      ...withoutCode.matchAll(/^\s*\[[^\]]+\]:\s*(\S+)/g)]
    for (const [, target] of links) document.links.push({ target: target ?? '', line })
  }
  if (open !== undefined) {
    document.blocks.push({ ...open.block, language: 'unclosed', text: open.lines.join('\n') })
  }
  return document
}
