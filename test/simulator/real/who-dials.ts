/**
 * Which of some processes has the socket that is bound to a port of 127.0.0.1, as /proc tells it (Linux): all
 * dials come from one address here, and addresses travel from person to person, so neither says who it is.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

const loopback = '0100007F'

export const canTellWhoDials = process.platform === 'linux'

/** `pids`: by name. Undefined: none of them, or it is closed already. */
export function ownerOfPort (port: number, pids: ReadonlyMap<string, number>): string | undefined {
  const inode = inodeOf(port)
  if (inode === undefined) return undefined
  const wanted = `socket:[${inode}]`
  for (const [name, pid] of pids) if (hasOpen(pid, wanted)) return name
  return undefined
}

function inodeOf (port: number): string | undefined {
  const local = `${loopback}:${port.toString(16).toUpperCase().padStart(4, '0')}`
  for (const line of readFileSync('/proc/net/tcp', 'latin1').split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/)
    // Without an inode it is nobody's any more.
    if (fields[1] === local && fields[9] !== '0') return fields[9]
  }
  return undefined
}

function hasOpen (pid: number, wanted: string): boolean {
  let files: string[]
  try {
    files = readdirSync(`/proc/${pid}/fd`)
  } catch {
    return false // It has ended meanwhile.
  }
  return files.some(file => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${file}`) === wanted
    } catch {
      return false // Closed meanwhile.
    }
  })
}
