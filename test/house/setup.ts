/**
 * Loaded before every test file: one seed for all property tests of a run.
 *
 * The seed is fresh for each run, so that runs explore, and comes from `RESTANTE_SEED` where that
 * is set, so that a failure repeats. The reporter prints it when something failed.
 */
import { randomInt } from 'node:crypto'
import { configureGlobal } from 'fast-check'

const given = Number(process.env.RESTANTE_SEED)
const seed = Number.isSafeInteger(given) && given > 0 ? given : randomInt(1, 2 ** 31)

// Children of a test (a relay, a node that is killed) take part in the same run.
process.env.RESTANTE_SEED = String(seed)
configureGlobal({ seed })
