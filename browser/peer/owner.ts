/**
 * The peer in the tab that has the profile: database, key, store, engine and network put together, and the
 * methods of api.ts on them. Loaded by that tab only.
 */
import { StoreError, UsageError, codeOf } from '../../protocol/errors.ts'
import type { Log } from '../../protocol/ports.ts'
import { nobleSuite } from '../../protocol/suites/noble.ts'
import { selfTested } from '../../protocol/suites/self-test.ts'
import { openMessenger } from '../../node/core/messenger.ts'
import type { MessengerApi } from '../../node/core/api.ts'
import { openStore } from '../../node/store/store.ts'
import type { PeerEvent, PeerMethods, PeerStatus } from './api.ts'
import { deleteDatabase, noRoom, openDatabase } from './database.ts'
import type { Database } from './database.ts'
import { createNotes } from './notes.ts'
import type { Notes } from './notes.ts'
import { changeProtection, createDataKey, databaseVault, openDataKey, readProtection } from './protection.ts'
import { browserClock, browserRandom } from './world.ts'

/** Not longer: a tab that closes is not asked whether it is done. */
const stopGraceMs = 300
/** How often it is tried whether there is room again. */
const roomTryMs = 10_000
const settingsName = 'settings'

interface Settings { isDirect: boolean, stun?: string | undefined, isPersisted: boolean | undefined }

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
    phase: 'opening', protection: undefined, isDirect: true, stun: undefined, isPersisted: undefined, failure: undefined
  }
  #database: Database | undefined
  #dataKey: Uint8Array | undefined
  #notes: Notes | undefined
  #messenger: MessengerApi | undefined
  #roomTimer: ReturnType<typeof setTimeout> | undefined
  /** Pending while the engine begins anew. */
  #reopened = Promise.resolve()
  /** Pending while a setting is changed that the engine begins anew for. */
  #changed = Promise.resolve()

  constructor (options: OwnerOptions) {
    this.#options = options
    this.methods = this.#whenReopened(this.#createMethods())
  }

  get status (): PeerStatus { return { ...this.#status } }

  /** For a tab that may have to take over. Undefined: locked, or there is none. */
  get dataKey (): Uint8Array | undefined { return this.#dataKey }

  /** Never rejects: what went wrong is the status. */
  async open (): Promise<void> {
    try {
      selfTested(nobleSuite)
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
    clearTimeout(this.#roomTimer)
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
    else if (this.#status.phase !== 'full') this.#run(messenger)
  }

  async #openMessenger (database: Database, dataKey: Uint8Array): Promise<MessengerApi> {
    const { log } = this.#options
    const ports = { suite: nobleSuite, random: browserRandom, clock: browserClock, log }
    const store = await openStore({ ...ports, level: database.level, vault: databaseVault(database), dataKey })
    const { isDirect, stun } = this.#status
    try {
      return await openMessenger({
        ...ports,
        store,
        network: async (peerSeed) => {
          const { createTabNetwork } = await import('./network.ts')
          return await createTabNetwork({ peerSeed, isDirect, stun, ...ports })
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
    if (this.#database?.isFull === true && this.#messenger !== undefined) {
      if (this.#status.phase !== 'full') void this.#waitForRoom()
      return
    }
    const code = codeOf(error)
    this.#options.log.error('peerFailed', { code })
    this.#status.failure = { code, message: error instanceof Error ? error.message : 'unknown' }
    this.#enter('failed')
  }

  /**
   * No room: what is in memory is ahead of the disk, so the engine is opened anew, to be read from. It does not
   * get at the network: what it can't keep stays with the relay, and with whoever sent it.
   */
  async #waitForRoom (): Promise<void> {
    this.#options.log.warn('storeFull')
    this.#enter('full')
    try {
      await this.#reopen(0)
      this.#options.tell({ type: 'moved' })
    } catch (error) {
      this.#options.log.warn('reopenFailed', { code: codeOf(error) })
    }
    this.#roomTimer = setTimeout(() => { void this.#tryRoom() }, roomTryMs)
  }

  async #tryRoom (): Promise<boolean> {
    if (this.#status.phase !== 'full') return true
    clearTimeout(this.#roomTimer)
    if (!await this.#database!.hasRoom()) {
      this.#roomTimer = setTimeout(() => { void this.#tryRoom() }, roomTryMs)
      return false
    }
    this.#enter('running')
    try {
      await this.#reopen(0)
      this.#options.tell({ type: 'moved' })
    } catch (error) {
      this.#fail(error)
    }
    return this.#status.phase as PeerStatus['phase'] === 'running'
  }

  /** The engine begins anew, and what is asked of it meanwhile waits. */
  async #reopen (graceMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#reopened = promise
    const former = this.#messenger
    this.#messenger = undefined
    try {
      await former?.stop(graceMs).catch(() => { /* It had failed. */ })
      await this.#openStore(this.#dataKey!)
    } finally {
      resolve()
    }
  }

  async #saveSettings (): Promise<void> {
    const { isDirect, stun, isPersisted } = this.#status
    await this.#database?.setValue(settingsName, { isDirect, stun, isPersisted } satisfies Settings)
    this.#tellStatus()
  }

  async #begunAnewWith (changed: Partial<Settings>): Promise<void> {
    // One after another: two that stop the same engine would open two on one store.
    const before = this.#changed
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#changed = promise
    await before
    try {
      this.#writable()
      Object.assign(this.#status, changed)
      await this.#saveSettings()
      await this.#reopen(stopGraceMs)
    } catch (error) {
      if (this.#messenger === undefined && this.#status.phase === 'running') this.#fail(error)
      throw error
    } finally {
      resolve()
    }
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
    if (this.#messenger === undefined) throw this.#status.phase === 'full' ? noRoom() : new UsageError('NO_ACCOUNT')
    return this.#messenger
  }

  /** For what writes. */
  #writable (): MessengerApi {
    if (this.#status.phase === 'full') throw noRoom()
    return this.#engine()
  }

  /** Runs a call that changes what the screens show. */
  async #changing<T> (run: (engine: MessengerApi) => Promise<T>): Promise<T> {
    const result = await run(this.#writable())
    this.#options.tell({ type: 'changed' })
    return result
  }

  /** While the engine begins anew there is no account for a moment: that would be an answer, and a wrong one. */
  #whenReopened (methods: PeerMethods): PeerMethods {
    const waiting = Object.entries(methods).map(([name, method]) => [name, async (...given: unknown[]) => {
      if (name !== 'status') await this.#reopened
      return await (method as (...given: unknown[]) => Promise<unknown>)(...given)
    }])
    return Object.fromEntries(waiting) as PeerMethods
  }

  #createMethods (): PeerMethods {
    const engine = (): MessengerApi => this.#engine()
    const writable = (): MessengerApi => this.#writable()
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
      setDirect: async isDirect => { await this.#begunAnewWith({ isDirect }) },
      setStun: async stun => {
        if (stun !== undefined && !isStunServer(stun)) throw new UsageError('USAGE', 'A STUN server is stun:host or stun:host:port.')
        await this.#begunAnewWith({ stun })
      },
      draft: async contactId => await this.#notes?.read(`draft ${contactId}`) ?? '',
      setDraft: async (contactId, text) => { await this.#notes?.write(`draft ${contactId}`, text) },
      tryRoom: async () => await this.#tryRoom(),
      wake: async () => { this.#messenger?.wake() },
      deleteEverything: async () => {
        await this.close().catch(() => { /* It goes away, whatever state it is in. */ })
        await deleteDatabase(this.#options.profile)
      },

      account: async () => this.#messenger?.account(),
      recoveryPhrase: async () => await engine().recoveryPhrase(),
      forgetRecoveryPhrase: async phrase => { await this.#changing(one => one.forgetRecoveryPhrase(phrase)) },
      rotateKey: async phrase => await this.#changing(one => one.rotateKey(phrase)),
      createInvite: async options => await writable().createInvite(options),
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
      sendText: async options => await writable().sendText(options),
      typing: async options => { await writable().typing(options) },
      react: async options => { await writable().react(options) },
      edit: async options => { await writable().edit(options) },
      deleteMessage: async options => { await writable().deleteMessage(options) },
      details: async messageId => await engine().details(messageId),
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

/** RFC 7064; whether a browser takes it is what the browser says. */
function isStunServer (url: string): boolean {
  if (!/^stuns?:/i.test(url)) return false
  try {
    new RTCPeerConnection({ iceServers: [{ urls: url }] }).close()
    return true
  } catch {
    return false
  }
}
