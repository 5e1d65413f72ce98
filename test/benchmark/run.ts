/**
 * npm run bench [-- NAME …] [--quick]: prints what each part does, as ratios to a base measured in the
 * same run. Absolute figures depend on the machine and on what else runs on it; the ratios say more.
 */
import { availableParallelism } from 'node:os'
import { benchBrowser } from './browser.ts'
import { benchCrypto } from './crypto.ts'
import { benchMailboxStore } from './mailbox-store.ts'
import { benchMessages, type Row } from './messages.ts'

const benches: Record<string, (say: (text: string) => void, scale: number) => Promise<Row[]>> = {
  crypto: benchCrypto,
  messages: benchMessages,
  mailboxes: benchMailboxStore,
  browser: benchBrowser
}

const names = process.argv.slice(2).filter(one => !one.startsWith('--'))
const isQuick = process.argv.includes('--quick')
for (const name of names) {
  if (benches[name] === undefined) {
    console.error(`No benchmark is called ${name}; there are: ${Object.keys(benches).join(', ')}`)
    process.exit(2)
  }
}
for (const [name, bench] of Object.entries(benches)) {
  if (names.length > 0 && !names.includes(name)) continue
  console.log(`\n${name} (Node ${process.versions.node}, ${availableParallelism()} cores)`)
  const rows = await bench(text => { process.stderr.write(`  … ${text}\n`) }, isQuick ? 0.1 : 1)
  const width = Math.max(...rows.map(row => row.name.length))
  for (const row of rows) console.log(`  ${row.name.padEnd(width)}  ${row.ratio.padStart(18)}   ${row.value}`)
}
