/** README.md of the laboratory says what is so: its scenario runs, its words are those of the schema, its picture is the code's. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseMarkdown } from '../house/markdown.ts'
import { perform, wholeRun } from './command/perform.ts'
import { partitionPicture } from './report/partition-picture.ts'
import { expectationKinds } from './scenario/model.ts'
import schema from './scenario/schema.json' with { type: 'json' }
import { futureWords } from './scenario/words.ts'

const text = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8')

describe('the README of the laboratory', () => {
  it('names every field of a scenario, every fault and every measure', () => {
    const { timelineEntry, partition, diskFault, clockFault, relayFault, linkRule, workloadRule, group } = schema.definitions
    const words = [
      ...Object.keys(schema.properties).filter(name => !['name', 'about', 'suite', 'seed', 'regions', 'diagram'].includes(name)),
      ...[timelineEntry, diskFault, clockFault, relayFault, linkRule, workloadRule, group].flatMap(({ properties }) => Object.keys(properties)),
      ...Object.keys(partition.then.properties), ...Object.keys(futureWords)
    ]
    // `delivery_p50`, `_p99` stand together.
    const isNamed = (word: string): boolean => new RegExp(`[\`{ ]${word}[\`:, ]`).test(text)
    assert.deepEqual([...new Set(words)].filter(word => !['who', 'by', 'to'].includes(word) && !isNamed(word)), [])
    const measures = Object.keys(expectationKinds).filter(name => !(name.endsWith('_p99') ? text.includes('_p99`') : text.includes(`\`${name}\``)))
    assert.deepEqual(measures, [])
  })

  it('shows a scenario that runs, and meets what it expects', async function () {
    this.timeout(60_000)
    const [example] = parseMarkdown(text).blocks.filter(({ language }) => language === 'yaml')
    assert.ok(example !== undefined)
    // As it is, but shorter.
    const overrides = [{ field: 'duration', value: '10 min' }, { field: 'timeline.0.at', value: '2 min' }, { field: 'timeline.0.for', value: '4 min' }, { field: 'workload.rate', value: '1 / min' }]
    const { verdicts, measures } = await perform({ ...wholeRun, overrides, version: '0', seed: 1, scenario: { file: 'README.md', text: example.text, attachments: {} } })
    assert.deepEqual(verdicts.filter(({ isMet }) => !isMet), [])
    assert.ok(measures.sent > 10 && measures.heals.some(({ tookMs }) => tookMs.length > 0))
  })

  it('has the picture that the code draws (node test/tools/draw-partitions.ts)', () => {
    assert.equal(readFileSync(join(import.meta.dirname, 'partitions.svg'), 'utf8'), partitionPicture())
  })
})
