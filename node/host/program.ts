/**
 * The command's tree: names, arguments and options, and nothing that costs time to load. What a
 * command does is in commands/, imported when it runs.
 */
import { Argument, Command, InvalidArgumentError, Option } from '@commander-js/extra-typings'
import { UsageError } from '../../protocol/errors.ts'
import { accountRelaysMax } from '../../protocol/limits.ts'

export interface CommonOptions {
  profile?: string
  json?: boolean
  quiet?: boolean
  passphraseFile?: string
  listen?: string[]
  direct?: boolean
}

/** The relay's host has exit codes of its own; they are the same six. */
type Finish = (code: number) => void

const collect = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value]

function collectRelay (value: string, before: string[] | undefined): string[] {
  const relays = collect(value, before)
  if (relays.length > accountRelaysMax) throw new InvalidArgumentError(`At most ${accountRelaysMax}.`)
  return relays
}

function number (value: string, min: number, max: number): number {
  const parsed = Number(value)
  if (value.trim() === '' || !Number.isFinite(parsed) || parsed < min || parsed > max) {
    throw new InvalidArgumentError(`A number from ${min} to ${max}.`)
  }
  return parsed
}

function whole (value: string, min: number, max: number): number {
  const parsed = number(value, min, max)
  if (!Number.isInteger(parsed)) throw new InvalidArgumentError('A whole number.')
  return parsed
}

/** `1,2,5` */
function numbers (list: string): number[] {
  return list.split(',').map(value => whole(value, 0, 1e6))
}

/** Commander's own refusal would repeat them, and they may be the phrase. */
function refuseWords (args: string[]): void {
  if (args.length > 0) throw new UsageError('USAGE', 'The words are never arguments: use a prompt, or --phrase-file.')
}

const secondsMax = 366 * 86_400
const unitSeconds: Record<string, number> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 }

/** `90`, `90s`, `15m`, `12h`, `7d`: in seconds. */
function duration (value: string): number {
  const match = /^(\d{1,9})([smhd]?)$/.exec(value)
  const seconds = match === null ? NaN : Number(match[1]) * (unitSeconds[match[2] ?? ''] ?? NaN)
  if (!(seconds >= 1 && seconds <= secondsMax)) {
    throw new InvalidArgumentError('Seconds, or with s, m, h or d, at most a year: 90, 15m, 12h, 7d.')
  }
  return seconds
}

/** `version`: of this program. `finish` gets the exit code of the command that ran. */
export function createProgram (version: string, finish: Finish) {
  const program = new Command('restante')
    .description('A peer-assisted messenger: straight when both are online, by a blind relay when not.')
    .version(version, '-V, --version')
    .option('--profile <dir>', 'folder of the account (env RESTANTE_PROFILE)')
    .option('--json', 'one JSON object a line on standard output, logs on standard error')
    .option('--quiet', 'results only')
    .option('--passphrase-file <file>', 'file with the profile\'s passphrase (env RESTANTE_PASSPHRASE)')
    .option('--listen <multiaddr>', 'where to take connections; repeatable (env RESTANTE_LISTEN)', collect)
    .option('--no-direct', 'by relays only: contacts don\'t learn your IP address (env RESTANTE_DIRECT=no)')
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(restante --help shows what there is)')

  program.command('relay')
    .description('run a relay: it keeps sealed messages for people who are away, and can read none')
    .option('--data <dir>', 'folder of the relay')
    .option('--peer <multiaddr>', 'another relay to find more through; repeatable', collect)
    .option('--announce <multiaddr>', 'an address under which others reach this relay; repeatable', collect)
    .option('--retention <days>', 'how long a message is kept', (value: string) => number(value, 0.01, 3650))
    .option('--mailbox-bytes <bytes>', 'room of one mailbox',
      (value: string) => whole(value, 65_536, 2 ** 50))
    .option('--web [address]', 'serve the messenger for browsers as well: a port, or HOST:PORT (127.0.0.1:4004)')
    .action(async (_options, command) => {
      const { relay } = await import('./commands/relay.ts')
      finish(await relay(command.optsWithGlobals()))
    })

  program.command('init')
    .description('create an account in the profile')
    .requiredOption('--name <name>', 'your name, as those whom you invite will see it')
    .option('--relay <multiaddr>', `a relay that keeps your messages; up to ${accountRelaysMax}`,
      collectRelay)
    .action(async (_options, command) => {
      const { init } = await import('./commands/account.ts')
      finish(await init(command.optsWithGlobals()))
    })

  const account = program.command('account')
    .description('show the account of the profile')
    .action(async (_options, command) => {
      const { account } = await import('./commands/account.ts')
      finish(await account(command.optsWithGlobals()))
    })

  account.command('phrase')
    .description('show the 24 words that take the account back after its key was stolen')
    .option('--written-down', 'give them back instead: the profile forgets them')
    .option('--phrase-file <file>', 'file with the words; - is standard input; without it a terminal asks')
    .allowExcessArguments()
    .action(async (_options, command) => {
      refuseWords(command.args)
      const { phrase } = await import('./commands/recovery.ts')
      finish(await phrase(command.optsWithGlobals()))
    })

  account.command('rotate-key')
    .description('replace a stolen account key by the one that the 24 words give')
    .option('--phrase-file <file>', 'file with the words; - is standard input; without it a terminal asks')
    .allowExcessArguments()
    .action(async (_options, command) => {
      refuseWords(command.args)
      const { rotateKey } = await import('./commands/recovery.ts')
      finish(await rotateKey(command.optsWithGlobals()))
    })

  program.command('passphrase')
    .description('set, change or remove the passphrase of the profile, which nothing else may have open')
    .option('--new-file <file>', 'file with the new passphrase (env RESTANTE_NEW_PASSPHRASE)')
    .addOption(new Option('--remove', 'take it away: the key then lies in the folder unprotected')
      .conflicts('newFile'))
    .action(async (_options, command) => {
      const { passphrase } = await import('./commands/passphrase.ts')
      finish(await passphrase(command.optsWithGlobals()))
    })

  program.command('invite')
    .description('print a link with which somebody can add you; it works once unless --reusable')
    .option('--reusable', 'anyone who has the link can use it, again and again')
    .option('--expires <duration>', 'how long it works: 90, 15m, 12h, 7d', duration)
    .action(async (_options, command) => {
      const { invite } = await import('./commands/contacts.ts')
      finish(await invite(command.optsWithGlobals()))
    })

  program.command('add')
    .description('add a contact by an invite or an account id; - reads it from standard input')
    .argument('<invite>')
    .option('--name <name>', 'what to call the contact')
    .action(async (link, _options, command) => {
      const { add } = await import('./commands/contacts.ts')
      finish(await add(link, command.optsWithGlobals()))
    })

  program.command('contacts')
    .description('list the contacts')
    .action(async (_options, command) => {
      const { contacts } = await import('./commands/contacts.ts')
      finish(await contacts(command.optsWithGlobals()))
    })

  for (const [name, description] of [
    ['accept', 'accept somebody who wrote to you first'],
    ['block', 'take nothing more from a contact'],
    ['remove', 'remove a contact and the conversation']
  ] as const) {
    program.command(name)
      .description(description)
      .argument('<contact>', 'name or id')
      .action(async (contact, _options, command) => {
        const { decide } = await import('./commands/contacts.ts')
        finish(await decide(name, contact, command.optsWithGlobals()))
      })
  }

  program.command('safety-number')
    .description('show what to compare with a contact, to know that nobody stands between')
    .argument('<contact>', 'name or id')
    .action(async (contact, _options, command) => {
      const { safetyNumber } = await import('./commands/verify.ts')
      finish(await safetyNumber(contact, command.optsWithGlobals()))
    })

  program.command('verify')
    .description('mark a contact as verified, if the number is the one that the contact sees')
    .argument('<contact>', 'name or id')
    .argument('[number]', '60 digits, or what was scanned; - reads it; without it a terminal asks')
    .action(async (contact, given, _options, command) => {
      const { verify } = await import('./commands/verify.ts')
      finish(await verify(contact, given, command.optsWithGlobals()))
    })

  program.command('accept-identity')
    .description('decide about a contact whose identity somebody contradicts; nothing is sent before')
    .argument('<contact>', 'name or id')
    .addArgument(new Argument('<identity>', 'which one is the contact\'s')
      .choices(['known', 'presented'] as const))
    .action(async (contact, identity, _options, command) => {
      const { acceptIdentity } = await import('./commands/verify.ts')
      finish(await acceptIdentity(contact, identity, command.optsWithGlobals()))
    })

  program.command('send')
    .description('send a message')
    .argument('<contact>', 'name or id')
    .argument('[text]', 'the message; - (or nothing, where it is piped) reads it from standard input')
    .addOption(new Option('--wait <state>', 'wait until it is').choices(['stored', 'delivered'] as const)
      .default('stored' as const))
    .option('--timeout <seconds>', 'for so long', (value: string) => number(value, 0, secondsMax), 30)
    .action(async (contact, text, _options, command) => {
      const { send } = await import('./commands/send.ts')
      finish(await send(contact, text, command.optsWithGlobals()))
    })

  program.command('history')
    .description('show a conversation')
    .argument('<contact>', 'name or id')
    .option('--limit <number>', 'the last so many messages',
      (value: string) => whole(value, 1, 1_000_000), 50)
    .option('--before <messageId>', 'those before this message')
    .action(async (contact, _options, command) => {
      const { history } = await import('./commands/history.ts')
      finish(await history(contact, command.optsWithGlobals()))
    })

  program.command('watch')
    .description('print what happens until stopped')
    .action(async (_options, command) => {
      const { watch } = await import('./commands/watch.ts')
      finish(await watch(command.optsWithGlobals()))
    })

  program.command('chat')
    .description('talk with a contact, line by line')
    .argument('<contact>', 'name or id')
    .option('--timeout <seconds>', 'at the end of piped input, wait so long for what is under way',
      (value: string) => number(value, 0, secondsMax), 30)
    .action(async (contact, _options, command) => {
      const { chat } = await import('./commands/chat.ts')
      finish(await chat(contact, command.optsWithGlobals()))
    })

  program.command('connections')
    .description('show relays and contacts that this profile is connected to')
    .option('--timeout <seconds>', 'wait so long for connections',
      (value: string) => number(value, 0, 3600), 5)
    .action(async (_options, command) => {
      const { connections } = await import('./commands/connections.ts')
      finish(await connections(command.optsWithGlobals()))
    })

  program.command('doctor')
    .description('check the runtime, the profile and the network')
    .action(async (_options, command) => {
      const { doctor } = await import('./commands/doctor.ts')
      finish(await doctor(command.optsWithGlobals()))
    })

  program.command('rpc')
    .description('JSON-RPC 2.0 on standard input and output, for programs (docs/rpc.md)')
    .action(async (_options, command) => {
      const { rpc } = await import('./commands/rpc.ts')
      finish(await rpc(command.optsWithGlobals()))
    })

  program.command('daemon')
    .description('stay online, and let the other commands work through a socket in the profile')
    .action(async (_options, command) => {
      const { daemon } = await import('./commands/daemon.ts')
      finish(await daemon(command.optsWithGlobals()))
    })

  program.command('demo')
    .description('try it: a relay, a contact that echoes, and a chat with it, all on this machine')
    .action(async (_options, command) => {
      const { demo } = await import('./commands/demo.ts')
      finish(await demo(command.optsWithGlobals()))
    })

  const simulate = program.command('simulate')
    .description('the laboratory: the real code in a world that a seed gives, with faults from a scenario file')

  const scaled = ['--scale <factor>', 'so many times the people and messages of the file', (value: string) => number(value, 1e-4, 100)] as const

  simulate.command('run')
    .description('play a scenario once; ends with 1 where an expectation is not met')
    .argument('<file>', 'a scenario, or the name of one that comes with the program')
    .option('--seed <number>', 'which of its worlds; default: the file\'s, or 1', (value: string) => whole(value, 0, 2 ** 32 - 1))
    .option('--out <dir>', 'write report.html, history.jsonl, metrics.csv and repro.json there')
    .option(...scaled)
    .option('--set <field=value>', 'another value than the file\'s, such as loss=0.01; repeatable', collect)
    .addOption(new Option('--world <world>', 'where: simulated, or with real programs over loopback or in network namespaces')
      .choices(['simulated', 'libp2p', 'netns'] as const).default('simulated' as const))
    .option('--shorten <factor>', 'with real programs: all times of the file so many times shorter', (value: string) => number(value, 1, 1e6))
    .action(async (file, _options, command) => {
      const { simulateRun } = await import('./commands/simulate.ts')
      finish(await simulateRun(file, { ...command.optsWithGlobals(), version }))
    })

  simulate.command('sweep')
    .description('play many seeds and values, and compare them')
    .argument('<file>', 'a scenario, or the name of one that comes with the program')
    .requiredOption('--seeds <from..to>', 'such as 1..100')
    .option('--grid <field=values>', 'values to try, such as loss=0,0.01,0.1; repeatable: every combination', collect)
    .option('--jobs <number>', 'runs at a time; default: one for each core', (value: string) => whole(value, 1, 256))
    .option('--out <dir>', 'write the results and a report there, and all of what failed')
    .option(...scaled)
    .action(async (file, _options, command) => {
      const { simulateSweep } = await import('./commands/simulate.ts')
      finish(await simulateSweep(file, { ...command.optsWithGlobals(), version }))
    })

  simulate.command('explore')
    .description('random schedules of faults, until time is over; ends with 1 where an invariant was violated')
    .option('--minutes <number>', 'how long; default: 5', (value: string) => number(value, 0.01, 1e6))
    .option('--seed <number>', 'the first of the seeds; default: one by chance', (value: string) => whole(value, 1, 2 ** 31 - 1))
    .option('--jobs <number>', 'schedules at a time; default: one for each core', (value: string) => whole(value, 1, 256))
    .option('--only <seed>', 'this one schedule again', (value: string) => whole(value, 1, 2 ** 31 - 1))
    .option('--without-faults <numbers>', 'with --only: leaves these out, such as 1,2', numbers)
    .option('--without-sends <numbers>', 'with --only: leaves these messages out', numbers)
    .action(async (_options, command) => {
      const { simulateExplore } = await import('./commands/simulate.ts')
      finish(await simulateExplore({ ...command.optsWithGlobals(), version }))
    })

  simulate.command('replay')
    .description('play a run again from its repro.json, and say whether it is the same')
    .argument('<repro>', 'a repro.json, or the folder of a run')
    .option('--out <dir>', 'write report.html and the rest there')
    .action(async (file, _options, command) => {
      const { simulateReplay } = await import('./commands/simulate.ts')
      finish(await simulateReplay(file, { ...command.optsWithGlobals(), version }))
    })

  simulate.command('shrink')
    .description('find the smallest timeline, world and workload of a failed run that still fail')
    .argument('<repro>', 'a repro.json, or the folder of a run')
    .option('--out <dir>', 'where to write what is left; default: shrunk, beside the file')
    .option('--tries <number>', 'runs at most; default: 500', (value: string) => whole(value, 1, 1_000_000))
    .action(async (file, _options, command) => {
      const { simulateShrink } = await import('./commands/simulate.ts')
      finish(await simulateShrink(file, { ...command.optsWithGlobals(), version }))
    })

  simulate.command('compare')
    .description('how two runs or two sweeps differ, with confidence intervals')
    .argument('<a>', 'folder of a run or a sweep')
    .argument('<b>', 'another one')
    .option('--out <dir>', 'write comparison.html there')
    .action(async (a, b, _options, command) => {
      const { simulateCompare } = await import('./commands/simulate.ts')
      finish(await simulateCompare(a, b, { ...command.optsWithGlobals(), version }))
    })

  simulate.command('explain')
    .description('the story of one message of a run')
    .argument('<run>', 'folder of a run')
    .argument('<message>', 'its number, as in history.jsonl and the report')
    .action(async (folder, message, _options, command) => {
      const { simulateExplain } = await import('./commands/simulate.ts')
      finish(await simulateExplain(folder, message, { ...command.optsWithGlobals(), version }))
    })

  simulate.command('scenarios')
    .description('list the scenarios that come with the program')
    .action(async (_options, command) => {
      const { simulateScenarios } = await import('./commands/simulate.ts')
      finish(await simulateScenarios({ ...command.optsWithGlobals(), version }))
    })

  return program
}
