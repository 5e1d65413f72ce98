/**
 * The picture in README.md: the kinds of partition, as the compiler of scenarios makes them. A line: the
 * two reach each other; an arrow: only in its direction; nothing: neither.
 */
import { compileScenario } from '../scenario/compile.ts'
import { loadScenario } from '../scenario/load.ts'
import { escapeText } from './svg.ts'

const kinds: Array<[title: string, partition: string]> = [
  ['halves', 'halves'],
  ['groups', '{ groups: [[p-1, p-2, p-3], [p-4, p-5, p-6]] }'],
  ['isolate', '{ isolate: p-1 }'],
  ['bridge', '{ bridge: relay-1 }'],
  ['ring', 'ring'],
  ['one-way', '{ one-way: { from: relay-1, to: [p-1, p-2, p-3, p-4, p-5, p-6] } }']
]
const [cell, radius, columns] = [220, 74, 3]

export function partitionPicture (): string {
  const cells = kinds.map(([title, partition], at) => {
    const [x, y] = [(at % columns) * cell, Math.floor(at / columns) * cell]
    return `<g transform="translate(${x},${y})">\n${cellOf(title, partition)}\n</g>`
  })
  const [width, height] = [columns * cell, Math.ceil(kinds.length / columns) * cell]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="Kinds of partition">
<style>
svg { font: 13px system-ui, sans-serif; --ink: #1d2329; --line: #1f6fb2; --relay: #b8610b; --page: #fcfcfa }
@media (prefers-color-scheme: dark) { svg { --ink: #e6e9eb; --line: #62b0f0; --relay: #f0a24e; --page: #15191d } }
rect.page { fill: var(--page) } text { fill: var(--ink); text-anchor: middle }
line { stroke: var(--line); stroke-width: 1.3; stroke-opacity: .75 } circle { fill: var(--ink) } .relay { fill: var(--relay) } path { fill: var(--line) }
</style>
<defs><marker id="head" viewBox="0 0 8 8" refX="16" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0,0L8,4L0,8z"/></marker></defs>
<rect class="page" width="${width}" height="${height}"/>
${cells.join('\n')}
</svg>
`
}

function cellOf (title: string, partition: string): string {
  const text = `name: x\nduration: 1 min\nnodes: { clients: [{ name: p, count: 6 }], relays: 2 }\nworkload: { rate: 1 / min }\ntimeline: [{ at: 0, for: 1 s, partition: ${partition} }]\n`
  const { nodes, windows } = compileScenario(loadScenario({ file: title, text, attachments: {} }), 2)
  const blocks = windows.flatMap(({ effect }) => effect.kind === 'cut' ? effect.blocks : [])
  const passes = (from: string, to: string): boolean => !blocks.some(block => block.from.includes(from) && block.to.includes(to))
  const places = new Map(nodes.map(({ name }, at) => {
    const angle = 2 * Math.PI * at / nodes.length - Math.PI / 2
    return [name, { x: round(cell / 2 + radius * Math.cos(angle)), y: round(cell / 2 + 12 + radius * Math.sin(angle)) }]
  }))
  const lines: string[] = []
  for (const [at, { name: a }] of nodes.entries()) {
    for (const { name: b } of nodes.slice(at + 1)) {
      const [there, back] = [passes(a, b), passes(b, a)]
      if (!there && !back) continue
      const [from, to] = [places.get(there ? a : b)!, places.get(there ? b : a)!]
      lines.push(`<line x1="${from.x}" y1="${from.y}" x2="${to.x}" y2="${to.y}"${there && back ? '' : ' marker-end="url(#head)"'}/>`)
    }
  }
  const dots = nodes.map(({ name, kind }) => {
    const { x, y } = places.get(name)!
    return kind === 'relay' ? `<rect class="relay" x="${round(x - 7)}" y="${round(y - 7)}" width="14" height="14"/>` : `<circle cx="${x}" cy="${y}" r="6"/>`
  })
  return [`<text x="${cell / 2}" y="20">${escapeText(title)}</text>`, ...lines, ...dots].join('\n')
}

const round = (value: number): number => Math.round(value * 10) / 10
