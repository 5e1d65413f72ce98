/**
 * `npm run docs`: writes the documents that are printed from tables of the code.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rpcDocument } from '../tools/rpc-document.ts'
import { errorsDocument } from './errors-document.ts'
import { root } from './files.ts'
import { machinesDocument } from './machines-document.ts'

const documents = {
  'docs/errors.md': errorsDocument,
  'docs/rpc.md': rpcDocument,
  'docs/state-machines.md': machinesDocument
}

for (const [path, print] of Object.entries(documents)) writeFileSync(join(root, path), print())
