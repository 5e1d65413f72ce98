/**
 * Writes the picture of test/simulator/README.md. A test holds the file against what this gives.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { partitionPicture } from '../simulator/report/partition-picture.ts'

writeFileSync(join(import.meta.dirname, '../simulator/partitions.svg'), partitionPicture())
