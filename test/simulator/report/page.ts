/**
 * Pieces of a report's page: headings, tables with units, figures. Everything that comes from a scenario
 * is escaped: its author is not the reader.
 */
import { style } from './style.ts'
import { escapeText } from './svg.ts'

/** HTML that is safe already. */
export class Markup {
  readonly html: string
  constructor (html: string) { this.html = html }
}

type Content = string | number | Markup

const htmlOf = (content: Content): string => content instanceof Markup ? content.html : escapeText(String(content))

export interface Column { name: string, isNumber?: boolean }

/** `columns` with their units in the name: 'median (s)'. */
export function table (columns: readonly Column[], rows: ReadonlyArray<readonly Content[]>, classOf: (row: number, column: number) => string = () => ''): Markup {
  const css = (column: number, more: string): string => {
    const names = [columns[column]?.isNumber === true ? 'n' : '', more].filter(name => name !== '')
    return names.length === 0 ? '' : ` class="${names.join(' ')}"`
  }
  const head = columns.map(({ name }, at) => `<th scope="col"${css(at, '')}>${escapeText(name)}</th>`).join('')
  const body = rows.map((row, at) => `<tr>${row.map((cell, column) => `<td${css(column, classOf(at, column))}>${htmlOf(cell)}</td>`).join('')}</tr>`).join('\n')
  return new Markup(`<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table></div>`)
}

export function figure (svg: string | undefined, caption: string): Markup {
  return new Markup(svg === undefined ? '' : `<figure>\n${svg}\n<figcaption>${escapeText(caption)}</figcaption></figure>`)
}

export function paragraph (text: Content, css = ''): Markup {
  return new Markup(`<p${css === '' ? '' : ` class="${css}"`}>${htmlOf(text)}</p>`)
}

export function section (title: string, ...parts: Markup[]): Markup {
  return new Markup(`<section>\n<h2>${escapeText(title)}</h2>\n${parts.map(({ html }) => html).filter(html => html !== '').join('\n')}\n</section>`)
}

export function page (title: string, ...parts: Markup[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeText(title)}</title>
<style>${style}</style>
</head>
<body>
${parts.map(({ html }) => html).join('\n')}
</body>
</html>
`
}
