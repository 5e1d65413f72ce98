/**
 * Somebody with all that lies in the folder of a person, who sends what he likes to one of that person's
 * contacts: a hostile contact, or a copy of a device. And a look into what a folder holds.
 */
import { createHash } from 'node:crypto'
import { openBundle, unsealBundle, bundleLocation, resetRouteSecret } from '../../protocol/bundle.ts'
import { concat, toHex as hex } from '../../protocol/bytes.ts'
import { joinContents } from '../../protocol/body.ts'
import { deriveGrant, wrapEnvelope, wrapOverheadBytes } from '../../protocol/envelope.ts'
import { codeOf } from '../../protocol/errors.ts'
import { contentKinds } from '../../protocol/limits.ts'
import { decodeSession, encrypt, initiate, type Session } from '../../protocol/session.ts'
import type { Answer } from '../../protocol/wire/restante.js'
import { Content, Text } from '../../protocol/wire/restante.js'
import { AccountRecord, ContactRecord, ConversationRecord, InviteRecord } from '../../node/core/records.js'
import { openAccount, type Account } from '../../node/core/state.ts'
import type { Store } from '../../node/core/ports.ts'
import { openStore } from '../../node/store/store.ts'
import { MailboxClient } from './mailbox-client.ts'
import type { People } from './people.ts'
import type { Profile } from './small-world.ts'

export interface Folder {
  account: Account
  contacts: ContactRecord[]
  conversations: ConversationRecord[]
  invites: InviteRecord[]
  sessions: Session[]
}

/** What is in a folder at this moment, whether it is in use or not. */
export async function folderOf (people: People, profile: Profile): Promise<Folder> {
  return await withStore(people, await people.world.copyOf(profile), async store => {
    const { suite } = people.world
    const all = async <T>(table: Parameters<Store['scan']>[0], decode: (value: Uint8Array) => T): Promise<T[]> =>
      (await store.scan(table)).map(({ value }) => decode(value))
    const [account] = await all('meta', value => openAccount(suite, AccountRecord.decode(value)))
    return {
      account: account!,
      contacts: await all('contact', value => ContactRecord.decode(value)),
      conversations: await all('conversation', value => ConversationRecord.decode(value)),
      invites: await all('invite', value => InviteRecord.decode(value)),
      sessions: await all('session', value => decodeSession(suite, value))
    }
  })
}

/** Its sessions are gone, and all else is as it was. Nobody uses the folder meanwhile. */
export async function loseSessions (people: People, profile: Profile): Promise<void> {
  await withStore(people, profile, async store => {
    const keys = (await store.scan('session')).map(({ key }) => key)
    await store.batch(keys.map(key => ({ table: 'session' as const, key, value: undefined })), { durable: true })
  })
}

async function withStore<T> ({ world }: People, profile: Profile, use: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore({ ...profile, suite: world.suite, random: world.random, clock: world.clock, log: world.log })
  try {
    return await use(store)
  } finally {
    await store.close()
  }
}

export class Impostor {
  readonly #people: People
  readonly folder: Folder
  readonly contact: ContactRecord
  session: Session
  #counter: number
  #previous: Uint8Array

  /** Of the first contact in the folder, in the session that is in use there. */
  constructor (people: People, folder: Folder) {
    this.#people = people
    this.folder = folder
    this.contact = folder.contacts[0]!
    this.session = folder.sessions.find(session => hex(session.id) === hex(this.contact.activeSession))!
    this.#counter = folder.conversations[0]!.counter
    this.#previous = folder.conversations[0]!.previous
  }

  /** An inner with one text, which goes on where the folder ended. */
  text (text: string): Uint8Array {
    const { suite, random } = this.#people.world
    const content = Content.encode({
      id: random.bytes(16),
      counter: ++this.#counter,
      clockMs: Math.floor(this.#people.world.clock.now()),
      previous: this.#previous,
      kind: contentKinds.text,
      payload: Text.encode({ text })
    })
    this.#previous = createHash('sha256').update(concat(new TextEncoder().encode('restante/1/content/chain'), content)).digest().subarray(0, 16)
    const { session, inner } = encrypt(suite, random, this.session, joinContents([content]), 4096)
    this.session = session
    return inner
  }

  rubbish (): Uint8Array { return concat(Uint8Array.of(2), this.#people.world.random.bytes(1024 - wrapOverheadBytes - 1)) }

  /** Straight to the contact's device, in the contact's own wrap. Undefined, or the code of the refusal. */
  async give (inner: Uint8Array): Promise<{ answer?: Answer, code?: string }> {
    const route = this.contact.routes.find(({ device }) => device)!
    const grant = deriveGrant(this.#people.world.suite, route.secret)
    return await this.giveAt(grant.address, wrapEnvelope(this.#people.world.suite, grant, inner))
  }

  async giveAt (address: Uint8Array, envelope: Uint8Array): Promise<{ answer?: Answer, code?: string }> {
    return await this.#ask(this.contact.routes.find(({ device }) => device)!.peerKey, async client => await client.deposit({ address }, envelope))
  }

  /** The prekeys that the contact keeps for the person of this folder, as the contact's device hands them out; sealed. */
  async takePrekeys (peerKey = this.contact.routes.find(({ device }) => device)!.peerKey): Promise<{ signed?: Uint8Array, code?: string }> {
    const { suite } = this.#people.world
    const secret = resetRouteSecret(suite, this.contact.resetSecret, peerKey)
    const { answer, code } = await this.#ask(peerKey, async client =>
      await client.channel.request({ takePrekey: { location: bundleLocation(suite, secret) } }))
    return answer === undefined ? { code: code! } : { signed: unsealBundle(suite, secret, answer.value)! }
  }

  /** Another session, begun with these prekeys; it is the one in use from now on. */
  begin (signed: Uint8Array): void {
    const { suite, random, clock } = this.#people.world
    const { device, record } = this.folder.account
    const bundle = openBundle(suite, signed, { account: this.contact.account, now: clock.now() })
    this.session = initiate(suite, random, { device, manifest: record.manifest, bundle })
  }

  async #ask (peerKey: Uint8Array, ask: (client: MailboxClient) => Promise<Answer>): Promise<{ answer?: Answer, code?: string }> {
    const { clock } = this.#people.world
    const { clientKey, link } = await this.#people.world.dial(peerKey)
    const client = new MailboxClient({ stream: link.stream, clock, clientKey, relayKey: peerKey })
    try {
      await client.hello()
      return { answer: await ask(client) }
    } catch (error) {
      return { code: codeOf(error) }
    } finally {
      client.channel.close()
    }
  }
}
