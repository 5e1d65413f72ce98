/**
 * The peer in the tab that has the profile: database, key, store, engine and network put together, and the
 * methods of api.ts on them. Loaded by that tab only.
 */
import { StoreError, UsageError, codeOf } from '../../protocol/errors.ts'
import type { Log } from '../../protocol/ports.ts'
import { nobleSuite } from '../../protocol/suites/noble.ts'
import { openMessenger } from '../../node/core/messenger.ts'
import type { MessengerApi } from '../../node/core/api.ts'
import { openStore } from '../../node/store/store.ts'
import type { PeerEvent, PeerMethods, PeerStatus } from './api.ts'
import { deleteDatabase, openDatabase } from './database.ts'
import type { Database } from './database.ts'
import { createNotes } from './notes.ts'
import type { Notes } from './notes.ts'
import { changeProtection, createDataKey, databaseVault, openDataKey, readProtection } from './protection.ts'
import { browserClock, browserRandom } from './world.ts'

/** Not longer: a tab that closes is not asked whether it is done. */
const stopGraceMs = 300
const settingsName = 'settings'

interface Settings { isDirect: boolean, isPersisted: boolean | undefined }

export interface OwnerOptions {
  profile: string
  log: Log
  tell: (event: PeerEvent) => void
  /** The former owner's, where this tab had it from there: the passphrase is not asked for once more. */
  dataKey: Uint8Array | undefined
}

export class Owner {
  readonly methods: PeerMethods
  readonly #options: OwnerOptions
  readonly #status: PeerStatus = {
    phase: 'opening', protection: undefined, isDirect: true, isPersisted: undefined, failure: undefined
  }
  #database: Database | undefined
  #dataKey: Uint8Array | undefined
  #notes: Notes | undefined
  #messenger: MessengerApi | undefined

  constructor (options: OwnerOptions) {
    this.#options = options
    this.methods = this.#createMethods()
  }

  get status (): PeerStatus { return { ...this.#status } }

  /** For a tab that may have to take over. Undefined: locked, or there is none. */
  get dataKey (): Uint8Array | undefined { return this.#dataKey }

  /** Never rejects: what went wrong is the status. */
  async open (): Promise<void> {
    try {
      const database = await openDatabase(this.#options.profile, () => {
        this.#fail(new StoreError('STORE_FAILED', 'The browser\'s data of this page was deleted.'))
      })
      this.#database = database
      const settings = await database.value(settingsName) as Settings | undefined
      if (settings !== undefined) Object.assign(this.#status, settings)
      const protection = await readProtection(database)
      this.#status.protection = protection
      if (protection === undefined) this.#enter('welcome')
      else if (this.#options.dataKey !== undefined) await this.#openStore(this.#options.dataKey)
      else if (protection === 'passphrase') this.#enter('locked')
      else await this.#openStore(await openDataKey(database, undefined))
    } catch (error) {
      this.#fail(error)
    }
  }

  /** Lets what is under way end, for a moment. */
  async close (): Promise<void> {
    const messenger = this.#messenger
    this.#messenger = undefined
    await messenger?.stop(stopGraceMs)
    this.#database?.close()
  }

  async #openStore (dataKey: Uint8Array): Promise<void> {
    const database = this.#database!
    this.#dataKey = dataKey
    this.#notes = createNotes(database, dataKey)
    const messenger = await this.#openMessenger(database, dataKey)
    this.#messenger = messenger
    messenger.listen(notification => {
      if (notification.type === 'failed') this.#fail(new StoreError('STORE_FAILED', notification.message))
      else this.#options.tell(notification)
      if (notification.type === 'contact.state' && notification.state === 'accepted') void this.#askToPersist()
    })
    if (messenger.account() === undefined) this.#enter('welcome')
    else this.#run(messenger)
  }

  async #openMessenger (database: Database, dataKey: Uint8Array): Promise<MessengerApi> {
    const { log } = this.#options
    const ports = { suite: nobleSuite, random: browserRandom, clock: browserClock, log }
    const store = await openStore({ ...ports, level: database.level, vault: databaseVault(database), dataKey })
    const { isDirect } = this.#status
    try {
      return await openMessenger({
        ...ports,
        store,
        network: async (peerSeed) => {
          const { createTabNetwork } = await import('./network.ts')
          return await createTabNetwork({ peerSeed, isDirect, ...ports })
        }
      }, { isDirect })
    } catch (error) {
      await store.close()
      throw error
    }
  }

  /** What is kept can be read at once; the network comes behind. */
  #run (messenger: MessengerApi): void {
    this.#enter('running')
    messenger.start().catch((error: unknown) => {
      if (this.#messenger === messenger) this.#fail(error)
    })
  }

  #enter (phase: PeerStatus['phase']): void {
    this.#status.phase = phase
    this.#tellStatus()
  }

  #tellStatus (): void { this.#options.tell({ type: 'status', status: this.status }) }

  #fail (error: unknown): void {
    const code = codeOf(error)
    this.#options.log.error('peerFailed', { code })
    this.#status.failure = { code, message: error instanceof Error ? error.message : 'unknown' }
    this.#enter('failed')
  }

  async #saveSettings (): Promise<void> {
    const { isDirect, isPersisted } = this.#status
    await this.#database?.setValue(settingsName, { isDirect, isPersisted } satisfies Settings)
    this.#tellStatus()
  }

  /** Once there is something to lose: browsers ask the person, who would not know why before. */
  async #askToPersist (): Promise<void> {
    if (this.#status.isPersisted === true) return
    try {
      this.#status.isPersisted = await navigator.storage.persist()
      await this.#saveSettings()
    } catch (error) {
      this.#options.log.warn('persistFailed', { code: codeOf(error) })
    }
  }

  #engine (): MessengerApi {
    if (this.#status.phase === 'failed') {
      throw new StoreError('STORE_FAILED', this.#status.failure?.message)
    }
    if (this.#messenger === undefined) throw new UsageError('NO_ACCOUNT')
    return this.#messenger
  }

  /** Runs a call that changes what the screens show. */
  async #changing<T> (run: (engine: MessengerApi) => Promise<T>): Promise<T> {
    const result = await run(this.#engine())
    this.#options.tell({ type: 'changed' })
    return result
  }

  #createMethods (): PeerMethods {
    const engine = (): MessengerApi => this.#engine()
    return {
      status: async () => this.status,
      create: async options => { await this.#create(options) },
      unlock: async passphrase => {
        if (this.#status.phase !== 'locked') return
        await this.#openStore(await openDataKey(this.#database!, passphrase))
      },
      protect: async ({ from, to }) => {
        this.#status.protection = await changeProtection(this.#database!, from, to)
        this.#tellStatus()
      },
      setDirect: async isDirect => {
        const former = engine()
        this.#status.isDirect = isDirect
        this.#messenger = undefined
        await former.stop(stopGraceMs)
        await this.#saveSettings()
        await this.#openStore(this.#dataKey!)
      },
      draft: async contactId => await this.#notes?.read(`draft ${contactId}`) ?? '',
      setDraft: async (contactId, text) => { await this.#notes?.write(`draft ${contactId}`, text) },
      wake: async () => { this.#messenger?.wake() },
      deleteEverything: async () => {
        await this.close().catch(() => { /* It goes away, whatever state it is in. */ })
        await deleteDatabase(this.#options.profile)
      },

      account: async () => this.#messenger?.account(),
      recoveryPhrase: async () => await engine().recoveryPhrase(),
      forgetRecoveryPhrase: async phrase => { await this.#changing(one => one.forgetRecoveryPhrase(phrase)) },
      rotateKey: async phrase => await this.#changing(one => one.rotateKey(phrase)),
      createInvite: async options => await engine().createInvite(options),
      addContact: async options => {
        const added = await this.#changing(one => one.addContact(options))
        void this.#askToPersist()
        return added
      },
      contacts: async () => engine().contacts(),
      acceptContact: async contactId => { await this.#changing(one => one.acceptContact(contactId)) },
      blockContact: async contactId => { await this.#changing(one => one.blockContact(contactId)) },
      removeContact: async contactId => {
        await this.#notes?.write(`draft ${contactId}`, '')
        await this.#changing(one => one.removeContact(contactId))
      },
      safetyNumber: async contactId => await engine().safetyNumber(contactId),
      verifyContact: async (contactId, number) => { await this.#changing(one => one.verifyContact(contactId, number)) },
      acceptIdentity: async (contactId, identity) => { await this.#changing(one => one.acceptIdentity(contactId, identity)) },
      sendText: async options => await engine().sendText(options),
      messages: async options => await engine().messages(options),
      delivery: async messageId => await engine().delivery(messageId),
      markRead: async options => { await this.#changing(one => one.markRead(options)) },
      connections: async () => engine().connections()
    }
  }

  async #create ({ name, relays, passphrase }: Parameters<PeerMethods['create']>[0]): Promise<void> {
    if (this.#status.phase !== 'welcome') throw new UsageError('ACCOUNT_EXISTS')
    if (this.#messenger === undefined) {
      const dataKey = await createDataKey(this.#database!, passphrase)
      this.#status.protection = passphrase === undefined ? 'browser' : 'passphrase'
      await this.#openStore(dataKey)
    }
    const messenger = this.#engine()
    await messenger.createAccount({ name, relays })
    this.#run(messenger)
  }
}
