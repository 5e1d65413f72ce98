/**
 * What every mailbox store must do, as a suite that each implementation runs. Semantics:
 * relay/core/ports.ts (MailboxStore). What only a disk can get wrong (kill, power cut, lock) is in
 * test/relay/store/.
 */
import { TestBed, type CreatePlace } from './mailbox-store-bed.ts'
import { describeDeposits } from './mailbox-store-deposits.ts'
import { describeRecords } from './mailbox-store-records.ts'
import { describeRoom } from './mailbox-store-room.ts'
import { describeTime } from './mailbox-store-time.ts'

/** Runs the suite against what `create` gives. `drainCount`: envelopes of the large backlog. */
export function mailboxStoreContract (name: string, create: CreatePlace, drainCount = 20_000): void {
  describe(`the mailbox store contract: ${name}`, () => {
    const bed = new TestBed(create)
    afterEach(async () => { await bed.end() })

    describeDeposits(bed)
    describeRoom(bed, drainCount)
    describeTime(bed)
    describeRecords(bed)
  })
}
