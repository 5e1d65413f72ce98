/** The contract against the store in memory. */
import { mailboxStoreContract } from '../../contracts/mailbox-store.ts'
import { memoryPlace } from './places.ts'

mailboxStoreContract('in memory', memoryPlace, 6000)
