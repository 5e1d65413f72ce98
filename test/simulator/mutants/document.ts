/**
 * What the planted bugs prove, as a page: README.md of this folder, written by `npm run mutants -- --write`.
 * The schedules and the seed in it are of the version that wrote it; its test holds everything else against the code.
 */
import { invariants } from '../check/checkers.ts'
import type { Invariant } from '../check/history.ts'
import { faultKinds } from '../run/plan.ts'
import type { Mutant } from './mutants.ts'

/** What a hunt found, as far as the page tells it. */
export interface Found { mutant: Mutant, by: Invariant, schedules: number }

const names = (mutants: readonly Mutant[]): string => mutants.map(({ name }) => `\`${name}\``).join(', ')

export function mutantsDocument (found: readonly Found[]): string {
  const mutants = found.map(({ mutant }) => mutant)
  const rows = found.map(({ mutant: { name, what, fault, schedulesMax }, by, schedules }) =>
    `| \`${name}\` | ${what} | ${by} | ${fault ?? ''} | ${schedules} | ${schedulesMax} |`)
  const faults = faultKinds.map(kind => `| \`${kind}\` | ${names(mutants.filter(({ fault }) => fault === kind))} |`)
  const checkers = (Object.entries(invariants) as Array<[Invariant, string]>).map(([invariant, meaning]) => {
    const alone = mutants.filter(({ killedBy }) => killedBy.length === 1 && killedBy[0] === invariant)
    const among = found.filter(one => one.by === invariant && !alone.includes(one.mutant)).map(({ mutant }) => mutant)
    return `| ${invariant} | ${meaning} | ${names(alone)} | ${names(among)} |`
  })
  return `# Planted bugs

What a laboratory finds is worth what it would not miss. Each of these bugs is planted by changing a passage of
the product while it is loaded, nothing of it is on disk, and the schedules of the laboratory must find it, where the
program as it is passes the very same schedule. A checker or a kind of fault counts only where it finds one.

\`npm run mutants\` hunts them all, from seed 1, and ends with 1 where one survives or where a checker finds
something in the program as it is. \`npm run mutants -- --write\` writes this page.

| bug | what is wrong | found by | fault | schedules | at most |
|---|---|---|---|---|---|
${rows.join('\n')}

*fault*: it is found where this kind of fault comes, and not in the same schedule without it. *schedules*: how many were played
until it was found, from seed 1, with the version that wrote this page; *at most*: how many it may take in any.

## Kinds of faults

| fault | bugs that it shows |
|---|---|
${faults.join('\n')}

## Checkers

| invariant | what it says | finds alone | finds first |
|---|---|---|---|
${checkers.join('\n')}
`
}

/** Reads the rows back that mutantsDocument wrote. Throws where one is of no mutant. */
export function foundIn (document: string, mutants: readonly Mutant[]): Found[] {
  const rows = document.matchAll(/^\| `([a-z-]+)` \| .* \| (I\d+) \| [a-z-]* \| (\d+) \| \d+ \|$/gm)
  return [...rows].map(([, name, by, schedules]) => {
    const mutant = mutants.find(one => one.name === name)
    if (mutant === undefined) throw new Error(`There is no planted bug ${name}.`)
    return { mutant, by: by as Invariant, schedules: Number(schedules) }
  })
}
