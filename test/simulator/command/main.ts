/**
 * What `restante simulate …` may call. The options are those of node/host/program.ts.
 */
export { ScenarioError, showProblem } from '../scenario/problems.ts'
export { compare } from './compare.ts'
export { explain } from './explain.ts'
export { explore, exploreOnly } from './explore.ts'
export { parseSetting, replay, run } from './run.ts'
export { scenarios } from './scenarios.ts'
export { shrink } from './shrink.ts'
export type { Surroundings } from './surroundings.ts'
export { sweep } from './sweep.ts'
