/**
 * `report.html` of one run: whether it did what was expected, and everything that a reader needs to see
 * why.
 */
import { showDuration, showShare, showSize, trimmed } from '../scenario/quantities.ts'
import type { Scenario } from '../scenario/model.ts'
import type { RunAccount } from './account.ts'
import { chartsOf } from './charts.ts'
import type { Verdict } from './expectations.ts'
import { quantile } from './measures.ts'
import type { Heal, Measures } from './measures.ts'
import { figure, Markup, page, paragraph, section, table } from './page.ts'
import type { RunRecord } from './records.ts'
import { chosenMessages, spaceTimeChart } from './space-time.ts'
import { escapeText, ink } from './svg.ts'

export interface ReportInput {
  scenario: Pick<Scenario, 'name' | 'about'>
  record: RunRecord
  account: RunAccount
  measures: Measures
  verdicts: readonly Verdict[]
  /** Of this program. */
  version: string
  /** The scenario's text, as it was run. */
  source: string
}

const violationsShownMax = 50
const healsShownMax = 60

export function runReport (input: ReportInput): string {
  const { scenario, record, measures } = input
  const { plan, samples } = record
  const charts = chartsOf(plan, samples, measures)
  return page(`${scenario.name} · seed ${plan.seed}`,
    header(input),
    expectations(input),
    reality(record),
    figures(input),
    section('Faults', figure(charts.timeline, 'When which fault held. At the end of the scenario everything is healed, but for what is for ever.'),
      charts.timeline === undefined ? paragraph('None: the scenario has no timeline and no churn.') : new Markup('')),
    section('Delivery', figure(charts.latency, 'From sending to the recipient\'s disk, logarithmic. The dotted lines are the median and 99 of 100.'), latencyTable(measures)),
    section('After each heal', figure(charts.heals, 'Each mark is a message that waited when a cut ended, at the time that it still took.'), healTable(measures.heals)),
    section('Pending and stored', ...charts.backlog.slice(0, record.reality === undefined ? undefined : 1).map((svg, at) => figure(svg, at === 0
      ? 'Messages that their senders have and their recipients have not. Shaded: cuts.'
      : 'Envelopes at all relays together, in bytes. They are padded, and there are copies at several relays.'))),
    spaceTime(input),
    adversary(input, charts.adversary),
    violations(record),
    reproduction(input))
}

function header ({ scenario, record, verdicts }: ReportInput): Markup {
  const { plan } = record
  const failed = verdicts.filter(({ isMet }) => !isMet).length
  const verdict = failed === 0 ? 'as expected' : `${failed} of ${verdicts.length} expectations not met`
  const count = (kind: string): number => plan.nodes.filter(node => node.kind === kind).length
  const facts = `Seed ${plan.seed} · ${count('client')} people · ${count('relay')} relays · ${plan.messages.length} messages · ` +
    `${showDuration(plan.durationMs)} and then up to ${showDuration(plan.settleMs)} to settle · ${plan.suite === 'real' ? 'real cryptography' : 'transparent suite'}`
  return new Markup(`<header class="${failed === 0 ? 'pass' : 'fail'}">
<h1>${escapeText(scenario.name)}</h1>
<p><span class="verdict">${verdict}</span></p>
<p class="soft">${escapeText(facts)}</p>
${scenario.about.split(/\n\s*\n/).filter(text => text.trim() !== '').map(text => `<p>${escapeText(text.trim())}</p>`).join('\n')}
</header>`)
}

function expectations ({ verdicts }: ReportInput): Markup {
  const rows = verdicts.map(({ name, expected, actual, isMet }) => [name.replaceAll('_', ' '), expected, actual, isMet ? '✓ met' : '✗ not met'])
  return section('Expectations', table([{ name: 'what' }, { name: 'expected', isNumber: true }, { name: 'was', isNumber: true }, { name: '' }], rows,
    (row, column) => column === 3 ? verdicts[row]?.isMet === true ? 'pass' : 'fail' : ''))
}

function figures ({ measures, record }: ReportInput): Markup {
  const { values, sent, delivered, direct, refused } = measures
  const last = record.samples[record.samples.length - 1]
  const rows: Array<[string, string]> = [
    ['messages sent', trimmed(sent, 0)],
    ['delivered (on the recipient\'s disk)', `${delivered} (${showShare(values.delivered ?? NaN)})`],
    ['of these without a relay', `${direct} (${showShare(delivered === 0 ? NaN : direct / delivered)})`],
    ['lost', trimmed(values.lost ?? 0, 0)],
    ['shown twice', trimmed(values.duplicates ?? 0, 0)],
    ['refused at the sender', trimmed(refused, 0)],
    ['fullest relay, at any time', values.relay_storage_max === undefined ? 'not to be seen' : showSize(values.relay_storage_max)],
    ['sent on all connections', showSize(last?.wireBytes ?? 0)],
    ['for each message delivered', showSize(values.bytes_per_message ?? NaN)],
    ['dials', trimmed(last?.dials ?? 0, 0)],
    [record.reality === undefined ? 'simulated time' : 'time', showDuration(record.virtualMs)],
    ['events', trimmed(record.events, 0)]
  ]
  return section('In numbers', table([{ name: 'what' }, { name: 'how much', isNumber: true }], rows))
}

function latencyTable ({ latenciesMs }: Measures): Markup {
  if (latenciesMs.length === 0) return paragraph('Nothing was delivered.')
  const parts = [0.01, 0.25, 0.5, 0.75, 0.9, 0.99, 1]
  return table(parts.map(part => ({ name: part === 1 ? 'slowest' : `${trimmed(100 * part, 0)} %`, isNumber: true })),
    [parts.map(part => showDuration(quantile(latenciesMs, part) ?? NaN))])
}

function healTable (heals: readonly Heal[]): Markup {
  if (heals.length === 0) return paragraph('Nothing was cut, or nothing was healed.')
  const columns = [{ name: 'cut' }, { name: 'healed at', isNumber: true }, { name: 'messages waiting', isNumber: true },
    { name: 'median', isNumber: true }, { name: '99 %', isNumber: true }, { name: 'last', isNumber: true }, { name: 'never arrived', isNumber: true }]
  const rows = heals.slice(0, healsShownMax).map(({ id, words, atMs, tookMs, neverArrived }) => [
    `${id} ${words}`, showDuration(atMs), tookMs.length + neverArrived,
    ...[0.5, 0.99, 1].map(part => showDuration(quantile(tookMs, part) ?? NaN)), neverArrived
  ])
  const more = heals.length > healsShownMax ? paragraph(`and ${heals.length - healsShownMax} more.`, 'soft') : new Markup('')
  return new Markup(table(columns, rows).html + more.html)
}

function spaceTime ({ record, account }: ReportInput): Markup {
  const chosen = chosenMessages(account.messages, record.plan)
  const key = ([['deposited at a relay, and handed out', ink.second], ['straight to the device', ink.first], ['the sender hears of it', ink.soft]] as const)
    .map(([words, color]) => `<span class="key" style="background:${color}"></span>${words}`).join('')
  const parts = chosen.map(story => figure(spaceTimeChart(story, record.plan),
    `Message ${story.message}: ${story.from} to ${story.to}, sent ${showDuration(story.invokedMs)} after the beginning, delivered ${showDuration((story.deliveredMs ?? NaN) - story.invokedMs)} later.`))
  if (parts.length === 0) return new Markup('')
  return section('Single messages', paragraph(new Markup(`The slowest, the one with the most legs, and others that were sent during a cut.${key}`)), ...parts)
}

/** What a reader must know of a world that was not simulated. */
function reality ({ reality: real }: RunRecord): Markup {
  if (real === undefined) return new Markup('')
  const words = real.world === 'libp2p' ? 'real processes over loopback, through a proxy' : 'real processes, each in a network namespace'
  return section(`Played with real programs (${real.world})`, paragraph(`Real libp2p, cryptography and disks in ${words}.`), ...real.notes.map(note => paragraph(note)))
}

function adversary ({ measures, record }: ReportInput, svg: string | undefined): Markup {
  if (record.reality !== undefined) return new Markup('')
  const words = 'A relay links two people where it took a deposit on a connection of the sender\'s device and handed that envelope to a connection of the recipient\'s: ' +
    'it then knows that this network address writes to that one, though neither names nor texts. Counted are pairs in one direction, of those that talked.'
  const rows = measures.views.map(({ relay, pairs, share }) => [relay, `${pairs} of ${measures.pairs}`, showShare(share)])
  return section('What each relay could have learned', paragraph(words), figure(svg, 'Share of the talking pairs that each relay can link by itself.'),
    rows.length === 0 ? paragraph('There are no relays.') : table([{ name: 'relay' }, { name: 'pairs linked', isNumber: true }, { name: 'share', isNumber: true }], rows))
}

function violations ({ violations }: RunRecord): Markup {
  if (violations.length === 0) return section('Invariants', paragraph('None of the engine\'s invariants was broken.'))
  return section('Invariants', table([{ name: 'broken' }, { name: 'how' }],
    violations.slice(0, violationsShownMax).map(({ invariant, text }) => [invariant, text])))
}

function reproduction ({ record, version, source }: ReportInput): Markup {
  const { reality: real } = record
  if (real !== undefined) {
    return section('To play it again', paragraph('Never the same twice: the plan is, and what comes of it depends on the machine.'),
      new Markup(`<pre>restante simulate run scenario.yaml --world ${real.world} --seed ${record.plan.seed}${real.shorten === 1 ? '' : ` --shorten ${real.shorten}`}</pre>`),
      paragraph(`Version ${version}.`, 'soft'), new Markup(`<h3>scenario.yaml</h3>\n<pre>${escapeText(source.trimEnd())}</pre>`))
  }
  return section('To repeat it',
    paragraph(new Markup('<code>restante simulate replay repro.json</code>, with the file beside this page, or:')),
    new Markup(`<pre>restante simulate run scenario.yaml --seed ${record.plan.seed}</pre>`),
    paragraph(`Version ${version}, trace ${record.traceHash}: the same version gives the same trace.`, 'soft'),
    new Markup(`<h3>scenario.yaml</h3>\n<pre>${escapeText(source.trimEnd())}</pre>`))
}
