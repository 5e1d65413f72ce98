/**
 * Runs the real command in a process of its own, and collects what it says.
 */
import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const entry = join(import.meta.dirname, '../../bin/restante.js')

export interface CommandEnd { code: number | null, signal: NodeJS.Signals | null, stdout: string, stderr: string }

export interface RunOptions {
  env?: NodeJS.ProcessEnv
  /** Standard input; by default it is empty. Undefined and `keepOpen`: it stays open. */
  input?: string
  keepOpen?: boolean
  /** Another program than the Node that runs the tests. */
  node?: string
}

export interface RunningCommand {
  readonly child: ChildProcessWithoutNullStreams
  readonly pid: number
  /** Resolves when the process has ended and all it said is here. */
  readonly end: Promise<CommandEnd>
  /** The next line of standard output; rejects where the process ends before one. */
  line: () => Promise<string>
}

/** The environment of a person who has set nothing of ours. */
function cleanEnvironment (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const foreign = Object.entries(process.env).filter(([name]) => !/^(RESTANTE_|FORCE_COLOR)/.test(name))
  return { ...Object.fromEntries(foreign), NO_COLOR: '1', ...env }
}

export function startCommand (argv: string[], options: RunOptions = {}): RunningCommand {
  const { env = {}, input, keepOpen = false, node = process.execPath } = options
  const child = spawn(node, [entry, ...argv], { env: cleanEnvironment(env), stdio: 'pipe' })
  const { pid } = child
  if (pid === undefined) throw new Error('the command was not started')
  const lines: string[] = []
  const waiting: Array<{ resolve: (line: string) => void, reject: (error: Error) => void }> = []
  let stdout = ''
  let stderr = ''
  let hasEnded = false
  child.stdin.on('error', () => {
    // The command may end before it has read all: its end is what the test looks at.
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => { stderr += text })
  child.stdout.setEncoding('utf8').on('data', (text: string) => { stdout += text })
  createInterface({ input: child.stdout }).on('line', (line) => {
    const next = waiting.shift()
    if (next === undefined) lines.push(line)
    else next.resolve(line)
  })
  if (input !== undefined) child.stdin.end(input)
  else if (!keepOpen) child.stdin.end()
  const end = new Promise<CommandEnd>((resolve) => {
    child.once('close', (code, signal) => {
      hasEnded = true
      for (const { reject } of waiting) reject(new Error(`the command ended (${signal ?? code}): ${stderr}`))
      resolve({ code, signal, stdout, stderr })
    })
  })
  return {
    child,
    pid,
    end,
    async line () {
      const next = lines.shift()
      if (next !== undefined) return next
      if (hasEnded) throw new Error(`the command has ended: ${stderr}`)
      return await new Promise((resolve, reject) => { waiting.push({ resolve, reject }) })
    }
  }
}

export async function runCommand (argv: string[], options: RunOptions = {}): Promise<CommandEnd> {
  return await startCommand(argv, options).end
}

/** Runs `run` with an empty folder, which is removed in any case. */
export async function withFolder (run: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'restante-test-'))
  try {
    await run(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}
