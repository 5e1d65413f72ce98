/**
 * The account key of this profile: its recovery phrase, its rotation, and the discovery that somebody
 * else signs with it. What contacts make of it is theirs (verification.ts).
 */
import { equal } from '../../protocol/bytes.ts'
import { RestanteError, UsageError } from '../../protocol/errors.ts'
import { openManifest, type VerifiedManifest } from '../../protocol/manifest.ts'
import type { Clock, Log } from '../../protocol/ports.ts'
import { formatRecoveryPhrase, parseRecoveryPhrase, rotateAccountKey } from '../../protocol/recovery.ts'
import type { CryptoSuite } from '../../protocol/suite.ts'
import type { Ledger } from './ledger.ts'
import type { Notices } from './notices.ts'
import type { AccountRecord } from './records.js'
import type { Account, State } from './state.ts'

export interface AccountKeysPorts { clock: Clock, log: Log, suite: CryptoSuite }

const none = new Uint8Array(0)

export class OwnKeys {
  readonly #state: State
  readonly #ledger: Ledger
  readonly #ports: AccountKeysPorts
  readonly #notices: Notices

  constructor (state: State, ledger: Ledger, ports: AccountKeysPorts, notices: Notices) {
    this.#state = state
    this.#ledger = ledger
    this.#ports = ports
    this.#notices = notices
  }

  /** UsageError PHRASE_FORGOTTEN where it is not here any more. */
  phrase (): string {
    const { recoverySecret } = this.#account().record
    if (recoverySecret.length === 0) throw new UsageError('PHRASE_FORGOTTEN')
    return formatRecoveryPhrase(recoverySecret)
  }

  /**
   * Inside a step: the owner has the phrase elsewhere. From now on the device does not hold what would
   * let its thief take the account for good. UsageError PHRASE_INVALID, PHRASE_WRONG, PHRASE_FORGOTTEN.
   */
  forgetPhrase (phrase: string): void {
    const given = parseRecoveryPhrase(phrase)
    const { recoverySecret } = this.#account().record
    if (recoverySecret.length === 0) throw new UsageError('PHRASE_FORGOTTEN')
    if (!equal(given, recoverySecret)) throw new UsageError('PHRASE_WRONG')
    this.#change({ recoverySecret: none })
  }

  /** Inside a step. UsageError PHRASE_INVALID, PHRASE_WRONG, KEY_ROTATED. */
  rotate (phrase: string): void {
    const { suite, clock } = this.#ports
    const recoverySecret = parseRecoveryPhrase(phrase)
    const current = this.#manifest()
    const { manifest, key } = rotateAccountKey(suite, { current, recoverySecret, now: Math.floor(clock.now()) })
    this.#change({
      manifest,
      rotatedSeed: key.exportSeed(),
      // Who gives the phrase has it elsewhere.
      recoverySecret: none,
      formerManifests: [...this.#account().record.formerManifests, current.hash],
      foreignManifest: none,
      foreignManifestAt: 0
    })
  }

  /**
   * Inside a step: a contact shows which manifest it takes for this account's. One that is signed by
   * this account's key and was not made here proves that the key is in other hands.
   */
  shown (signed: Uint8Array): void {
    if (signed.length === 0) return
    const { record, account } = this.#account()
    let shown: VerifiedManifest
    try {
      shown = openManifest(this.#ports.suite, signed.slice())
    } catch (error) {
      if (!(error instanceof RestanteError)) throw error
      // Proves nothing: anybody can send bytes.
      this.#ports.log.info('shown-manifest-refused', { code: error.code })
      return
    }
    const own = this.#manifest()
    if (!equal(shown.account, account) || equal(shown.hash, own.hash)) return
    if (record.formerManifests.some(hash => equal(hash, shown.hash))) return
    // By a key that was replaced meanwhile: the rotation was the answer to it.
    if (record.foreignManifestAt > 0 || !equal(shown.accountKey, own.accountKey)) return
    const at = this.#ports.clock.now()
    this.#ports.log.warn('foreign-manifest')
    this.#change({ foreignManifest: shown.signed, foreignManifestAt: at })
    this.#ledger.effect(() => { this.#notices.tell({ type: 'account.foreignManifest', at }) })
  }

  #manifest (): VerifiedManifest { return openManifest(this.#ports.suite, this.#account().record.manifest) }

  #change (changes: Partial<AccountRecord>): void {
    const account = this.#account()
    this.#state.accounts.put('account', { ...account, record: { ...account.record, ...changes } })
  }

  #account (): Account {
    const account = this.#state.account
    if (account === undefined) throw new UsageError('NO_ACCOUNT')
    return account
  }
}
