/** A contact's record: how one begins, and small questions to it. What changes it is in contacts.ts. */
import { multiaddrCharactersMax } from '../../protocol/peer-address.ts'
import type { ContactRecord, RouteRecord } from './records.js'

/** Of a contact for whose prekeys nobody is asked. */
export const notSearched = { inviteSecret: new Uint8Array(0), inviteRoutes: [], lookup: false, renewing: false }

/** The name that the owner gave, or else the one that the contact gives itself. */
export function shownName (record: ContactRecord): string {
  return record.name === '' ? record.theirName : record.name
}

export function newContact (account: Uint8Array, now: number): ContactRecord {
  return {
    account,
    name: '',
    theirName: '',
    state: 0,
    manifest: new Uint8Array(0),
    routes: [],
    routesSequence: 0,
    grants: [],
    sentUpdate: 0,
    inviteSecret: new Uint8Array(0),
    inviteRoutes: [],
    inviteExpiresAt: 0,
    lookup: false,
    addedAt: now,
    failure: '',
    activeSession: new Uint8Array(0),
    renewing: false,
    identity: 0,
    verifiedAt: 0,
    verifiedManifest: new Uint8Array(0),
    presented: new Uint8Array(0),
    presentedSession: new Uint8Array(0),
    refusedManifest: new Uint8Array(0),
    manifestChanged: false,
    sessionDevices: [],
    presentedUpdate: new Uint8Array(0),
    presentedSeen: [],
    resetSecret: new Uint8Array(0),
    oneTimeInvite: new Uint8Array(0)
  }
}

/** Stored exact; how it is shown is the screen's to make safe. */
export function cleanName (name: string): string { return name.slice(0, 256) }

export function isUsableRoute (route: RouteRecord): boolean {
  return route.peerKey.length === 32 && route.secret.length === 32 &&
    route.multiaddrs.every(address => address.length <= multiaddrCharactersMax)
}
