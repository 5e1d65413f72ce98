import type { Codec, DecodeOptions } from 'protons-runtime';
import type { Uint8ArrayList } from 'uint8arraylist';
export interface AccountRecord {
    name: string;
    inceptionSeed: Uint8Array;
    recoverySecret: Uint8Array;
    deviceId: Uint8Array;
    signingSeed: Uint8Array;
    exchangeSeed: Uint8Array;
    peerSeed: Uint8Array;
    manifest: Uint8Array;
    createdAt: number;
    announced: string[];
    relays: PeerRecord[];
    descriptorSequence: number;
    rotatedSeed: Uint8Array;
    formerManifests: Uint8Array[];
    foreignManifest: Uint8Array;
    foreignManifestAt: number;
}
export declare namespace AccountRecord {
    const codec: () => Codec<AccountRecord>;
    function encode(obj: Partial<AccountRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AccountRecord>): AccountRecord;
}
export interface PeerRecord {
    peerKey: Uint8Array;
    multiaddrs: string[];
}
export declare namespace PeerRecord {
    const codec: () => Codec<PeerRecord>;
    function encode(obj: Partial<PeerRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PeerRecord>): PeerRecord;
}
export interface MailboxRecord {
    peerKey: Uint8Array;
    ownerSeed: Uint8Array;
    closing: Uint8Array[];
    withdrawing: Uint8Array[];
}
export declare namespace MailboxRecord {
    const codec: () => Codec<MailboxRecord>;
    function encode(obj: Partial<MailboxRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<MailboxRecord>): MailboxRecord;
}
export interface InviteRecord {
    id: Uint8Array;
    secret: Uint8Array;
    reusable: boolean;
    request: boolean;
    expiresAt: number;
    privates: Uint8Array[];
    routes: PeerRecord[];
    byDevice: boolean;
    publishedAt: Uint8Array[];
    rotatedAt: number;
    contact: Uint8Array;
    replacedAt: number[];
}
export declare namespace InviteRecord {
    const codec: () => Codec<InviteRecord>;
    function encode(obj: Partial<InviteRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<InviteRecord>): InviteRecord;
}
export interface ContactRecord {
    account: Uint8Array;
    name: string;
    theirName: string;
    state: number;
    manifest: Uint8Array;
    routes: RouteRecord[];
    routesSequence: number;
    grants: GrantRecord[];
    sentUpdate: number;
    inviteSecret: Uint8Array;
    inviteRoutes: RouteRecord[];
    inviteExpiresAt: number;
    lookup: boolean;
    addedAt: number;
    failure: string;
    activeSession: Uint8Array;
    renewing: boolean;
    identity: number;
    verifiedAt: number;
    verifiedManifest: Uint8Array;
    presented: Uint8Array;
    presentedSession: Uint8Array;
    refusedManifest: Uint8Array;
    manifestChanged: boolean;
    sessionDevices: SessionDeviceRecord[];
    presentedUpdate: Uint8Array;
    presentedSeen: RangeRecord[];
    resetSecret: Uint8Array;
    renewal?: RenewalRecord;
    oneTimeInvite: Uint8Array;
}
export declare namespace ContactRecord {
    const codec: () => Codec<ContactRecord>;
    function encode(obj: Partial<ContactRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ContactRecord>): ContactRecord;
}
export interface SessionDeviceRecord {
    session: Uint8Array;
    exchangeKey: Uint8Array;
    beganAt: number;
    heardAt: number;
    weak: boolean;
    retired: boolean;
    renewal: boolean;
}
export declare namespace SessionDeviceRecord {
    const codec: () => Codec<SessionDeviceRecord>;
    function encode(obj: Partial<SessionDeviceRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SessionDeviceRecord>): SessionDeviceRecord;
}
export interface RenewalRecord {
    suspectedAt: number;
    triedAt: number;
    tries: number;
    confirmedAt: number;
    noticedAt: number;
    searching: boolean;
    byReset: boolean;
}
export declare namespace RenewalRecord {
    const codec: () => Codec<RenewalRecord>;
    function encode(obj: Partial<RenewalRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RenewalRecord>): RenewalRecord;
}
export interface RouteRecord {
    device: boolean;
    peerKey: Uint8Array;
    multiaddrs: string[];
    secret: Uint8Array;
}
export declare namespace RouteRecord {
    const codec: () => Codec<RouteRecord>;
    function encode(obj: Partial<RouteRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RouteRecord>): RouteRecord;
}
export interface GrantRecord {
    device: boolean;
    peerKey: Uint8Array;
    secret: Uint8Array;
    inherited: boolean;
}
export declare namespace GrantRecord {
    const codec: () => Codec<GrantRecord>;
    function encode(obj: Partial<GrantRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<GrantRecord>): GrantRecord;
}
export interface ConversationRecord {
    account: Uint8Array;
    counter: number;
    previous: Uint8Array;
    seen: RangeRecord[];
    readByPeer: number;
    readThrough: number;
    clockMs: number;
    clockLogical: number;
    heads: HeadRecord[];
    unread: number;
    receiptDue: boolean;
    lastMessageAt: number;
    outboxSequence: number;
    formerSentUpdate: number;
    formerRoutesSequence: number;
    theirLast?: PositionRecord;
    floor: number;
    voidFrom: number;
    taken: Uint8Array;
    takenPages: number;
    removedIds: Uint8Array;
    removedAt: number;
    theirFloor: number;
    awaited: Uint8Array;
}
export declare namespace ConversationRecord {
    const codec: () => Codec<ConversationRecord>;
    function encode(obj: Partial<ConversationRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ConversationRecord>): ConversationRecord;
}
export interface TakenRecord {
    page: number;
    nonces: Uint8Array;
}
export declare namespace TakenRecord {
    const codec: () => Codec<TakenRecord>;
    function encode(obj: Partial<TakenRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<TakenRecord>): TakenRecord;
}
export interface RangeRecord {
    first: number;
    last: number;
    chain: Uint8Array;
    previous: Uint8Array;
}
export declare namespace RangeRecord {
    const codec: () => Codec<RangeRecord>;
    function encode(obj: Partial<RangeRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RangeRecord>): RangeRecord;
}
export interface PositionRecord {
    ms: number;
    logical: number;
}
export declare namespace PositionRecord {
    const codec: () => Codec<PositionRecord>;
    function encode(obj: Partial<PositionRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PositionRecord>): PositionRecord;
}
export interface HeadRecord {
    id: Uint8Array;
    ms: number;
    logical: number;
    own: boolean;
}
export declare namespace HeadRecord {
    const codec: () => Codec<HeadRecord>;
    function encode(obj: Partial<HeadRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<HeadRecord>): HeadRecord;
}
export interface MessageRecord {
    id: Uint8Array;
    own: boolean;
    counter: number;
    kind: number;
    payload: Uint8Array;
    sentAt: number;
    receivedAt: number;
    late: boolean;
    way: number;
    removed: boolean;
    identityInDoubt: boolean;
}
export declare namespace MessageRecord {
    const codec: () => Codec<MessageRecord>;
    function encode(obj: Partial<MessageRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<MessageRecord>): MessageRecord;
}
export interface OutboxRecord {
    sequence: number;
    body: Uint8Array;
    inner: Uint8Array;
    createdAt: number;
    expiresAt: number;
    storedAt: StoredAtRecord[];
    session: Uint8Array;
}
export declare namespace OutboxRecord {
    const codec: () => Codec<OutboxRecord>;
    function encode(obj: Partial<OutboxRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<OutboxRecord>): OutboxRecord;
}
export interface StoredAtRecord {
    peerKey: Uint8Array;
    until: number;
    at: number;
}
export declare namespace StoredAtRecord {
    const codec: () => Codec<StoredAtRecord>;
    function encode(obj: Partial<StoredAtRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<StoredAtRecord>): StoredAtRecord;
}
export interface DeliveryRecord {
    first: number;
    last: number;
    state: number;
    way: number;
    storedBy: number;
    of: number;
    until: number;
    reason: string;
    at: number;
    ids: Uint8Array[];
    storedAt: StoredAtRecord[];
}
export declare namespace DeliveryRecord {
    const codec: () => Codec<DeliveryRecord>;
    function encode(obj: Partial<DeliveryRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<DeliveryRecord>): DeliveryRecord;
}
export interface AnnotationRecord {
    id: Uint8Array;
    own?: AnnotationByRecord;
    theirs?: AnnotationByRecord;
    taken: Uint8Array;
    removed: boolean;
}
export declare namespace AnnotationRecord {
    const codec: () => Codec<AnnotationRecord>;
    function encode(obj: Partial<AnnotationRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AnnotationRecord>): AnnotationRecord;
}
export interface AnnotationByRecord {
    emoji: string;
    emojiMs: number;
    emojiLogical: number;
    emojiId: Uint8Array;
    editCounter: number;
    text: string;
    editedAt: number;
    deleted: boolean;
}
export declare namespace AnnotationByRecord {
    const codec: () => Codec<AnnotationByRecord>;
    function encode(obj: Partial<AnnotationByRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AnnotationByRecord>): AnnotationByRecord;
}
export interface ReadMarkRecord {
    at: number;
}
export declare namespace ReadMarkRecord {
    const codec: () => Codec<ReadMarkRecord>;
    function encode(obj: Partial<ReadMarkRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ReadMarkRecord>): ReadMarkRecord;
}
export interface HandshakeRecord {
    tag: Uint8Array;
    prekeyId: Uint8Array;
}
export declare namespace HandshakeRecord {
    const codec: () => Codec<HandshakeRecord>;
    function encode(obj: Partial<HandshakeRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<HandshakeRecord>): HandshakeRecord;
}
