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
    interface AccountRecordNameFieldEvent {
        field: '$.name';
        value: string;
    }
    interface AccountRecordInceptionSeedFieldEvent {
        field: '$.inceptionSeed';
        value: Uint8Array;
    }
    interface AccountRecordRecoverySecretFieldEvent {
        field: '$.recoverySecret';
        value: Uint8Array;
    }
    interface AccountRecordDeviceIdFieldEvent {
        field: '$.deviceId';
        value: Uint8Array;
    }
    interface AccountRecordSigningSeedFieldEvent {
        field: '$.signingSeed';
        value: Uint8Array;
    }
    interface AccountRecordExchangeSeedFieldEvent {
        field: '$.exchangeSeed';
        value: Uint8Array;
    }
    interface AccountRecordPeerSeedFieldEvent {
        field: '$.peerSeed';
        value: Uint8Array;
    }
    interface AccountRecordManifestFieldEvent {
        field: '$.manifest';
        value: Uint8Array;
    }
    interface AccountRecordCreatedAtFieldEvent {
        field: '$.createdAt';
        value: number;
    }
    interface AccountRecordAnnouncedFieldEvent {
        field: '$.announced[]';
        index: number;
        value: string;
    }
    interface AccountRecordRelaysPeerKeyFieldEvent {
        field: '$.relays[].peerKey';
        value: Uint8Array;
        index: number;
    }
    interface AccountRecordRelaysMultiaddrsFieldEvent {
        field: '$.relays[].multiaddrs[]';
        index: number;
        value: string;
    }
    interface AccountRecordDescriptorSequenceFieldEvent {
        field: '$.descriptorSequence';
        value: number;
    }
    interface AccountRecordRotatedSeedFieldEvent {
        field: '$.rotatedSeed';
        value: Uint8Array;
    }
    interface AccountRecordFormerManifestsFieldEvent {
        field: '$.formerManifests[]';
        index: number;
        value: Uint8Array;
    }
    interface AccountRecordForeignManifestFieldEvent {
        field: '$.foreignManifest';
        value: Uint8Array;
    }
    interface AccountRecordForeignManifestAtFieldEvent {
        field: '$.foreignManifestAt';
        value: number;
    }
    function encode(obj: Partial<AccountRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AccountRecord>): AccountRecord;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AccountRecord>): Generator<AccountRecordNameFieldEvent | AccountRecordInceptionSeedFieldEvent | AccountRecordRecoverySecretFieldEvent | AccountRecordDeviceIdFieldEvent | AccountRecordSigningSeedFieldEvent | AccountRecordExchangeSeedFieldEvent | AccountRecordPeerSeedFieldEvent | AccountRecordManifestFieldEvent | AccountRecordCreatedAtFieldEvent | AccountRecordAnnouncedFieldEvent | AccountRecordRelaysPeerKeyFieldEvent | AccountRecordRelaysMultiaddrsFieldEvent | AccountRecordDescriptorSequenceFieldEvent | AccountRecordRotatedSeedFieldEvent | AccountRecordFormerManifestsFieldEvent | AccountRecordForeignManifestFieldEvent | AccountRecordForeignManifestAtFieldEvent>;
}
export interface PeerRecord {
    peerKey: Uint8Array;
    multiaddrs: string[];
}
export declare namespace PeerRecord {
    const codec: () => Codec<PeerRecord>;
    interface PeerRecordPeerKeyFieldEvent {
        field: '$.peerKey';
        value: Uint8Array;
    }
    interface PeerRecordMultiaddrsFieldEvent {
        field: '$.multiaddrs[]';
        index: number;
        value: string;
    }
    function encode(obj: Partial<PeerRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PeerRecord>): PeerRecord;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PeerRecord>): Generator<PeerRecordPeerKeyFieldEvent | PeerRecordMultiaddrsFieldEvent>;
}
export interface MailboxRecord {
    peerKey: Uint8Array;
    ownerSeed: Uint8Array;
    closing: Uint8Array[];
    withdrawing: Uint8Array[];
}
export declare namespace MailboxRecord {
    const codec: () => Codec<MailboxRecord>;
    interface MailboxRecordPeerKeyFieldEvent {
        field: '$.peerKey';
        value: Uint8Array;
    }
    interface MailboxRecordOwnerSeedFieldEvent {
        field: '$.ownerSeed';
        value: Uint8Array;
    }
    interface MailboxRecordClosingFieldEvent {
        field: '$.closing[]';
        index: number;
        value: Uint8Array;
    }
    interface MailboxRecordWithdrawingFieldEvent {
        field: '$.withdrawing[]';
        index: number;
        value: Uint8Array;
    }
    function encode(obj: Partial<MailboxRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<MailboxRecord>): MailboxRecord;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<MailboxRecord>): Generator<MailboxRecordPeerKeyFieldEvent | MailboxRecordOwnerSeedFieldEvent | MailboxRecordClosingFieldEvent | MailboxRecordWithdrawingFieldEvent>;
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
    interface InviteRecordIdFieldEvent {
        field: '$.id';
        value: Uint8Array;
    }
    interface InviteRecordSecretFieldEvent {
        field: '$.secret';
        value: Uint8Array;
    }
    interface InviteRecordReusableFieldEvent {
        field: '$.reusable';
        value: boolean;
    }
    interface InviteRecordRequestFieldEvent {
        field: '$.request';
        value: boolean;
    }
    interface InviteRecordExpiresAtFieldEvent {
        field: '$.expiresAt';
        value: number;
    }
    interface InviteRecordPrivatesFieldEvent {
        field: '$.privates[]';
        index: number;
        value: Uint8Array;
    }
    interface InviteRecordRoutesPeerKeyFieldEvent {
        field: '$.routes[].peerKey';
        value: Uint8Array;
        index: number;
    }
    interface InviteRecordRoutesMultiaddrsFieldEvent {
        field: '$.routes[].multiaddrs[]';
        index: number;
        value: string;
    }
    interface InviteRecordByDeviceFieldEvent {
        field: '$.byDevice';
        value: boolean;
    }
    interface InviteRecordPublishedAtFieldEvent {
        field: '$.publishedAt[]';
        index: number;
        value: Uint8Array;
    }
    interface InviteRecordRotatedAtFieldEvent {
        field: '$.rotatedAt';
        value: number;
    }
    interface InviteRecordContactFieldEvent {
        field: '$.contact';
        value: Uint8Array;
    }
    interface InviteRecordReplacedAtFieldEvent {
        field: '$.replacedAt[]';
        index: number;
        value: number;
    }
    function encode(obj: Partial<InviteRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<InviteRecord>): InviteRecord;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<InviteRecord>): Generator<InviteRecordIdFieldEvent | InviteRecordSecretFieldEvent | InviteRecordReusableFieldEvent | InviteRecordRequestFieldEvent | InviteRecordExpiresAtFieldEvent | InviteRecordPrivatesFieldEvent | InviteRecordRoutesPeerKeyFieldEvent | InviteRecordRoutesMultiaddrsFieldEvent | InviteRecordByDeviceFieldEvent | InviteRecordPublishedAtFieldEvent | InviteRecordRotatedAtFieldEvent | InviteRecordContactFieldEvent | InviteRecordReplacedAtFieldEvent>;
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
    interface ContactRecordAccountFieldEvent {
        field: '$.account';
        value: Uint8Array;
    }
    interface ContactRecordNameFieldEvent {
        field: '$.name';
        value: string;
    }
    interface ContactRecordTheirNameFieldEvent {
        field: '$.theirName';
        value: string;
    }
    interface ContactRecordStateFieldEvent {
        field: '$.state';
        value: number;
    }
    interface ContactRecordManifestFieldEvent {
        field: '$.manifest';
        value: Uint8Array;
    }
    interface ContactRecordRoutesDeviceFieldEvent {
        field: '$.routes[].device';
        value: boolean;
        index: number;
    }
    interface ContactRecordRoutesPeerKeyFieldEvent {
        field: '$.routes[].peerKey';
        value: Uint8Array;
        index: number;
    }
    interface ContactRecordRoutesMultiaddrsFieldEvent {
        field: '$.routes[].multiaddrs[]';
        index: number;
        value: string;
    }
    interface ContactRecordRoutesSecretFieldEvent {
        field: '$.routes[].secret';
        value: Uint8Array;
        index: number;
    }
    interface ContactRecordRoutesSequenceFieldEvent {
        field: '$.routesSequence';
        value: number;
    }
    interface ContactRecordGrantsDeviceFieldEvent {
        field: '$.grants[].device';
        value: boolean;
        index: number;
    }
    interface ContactRecordGrantsPeerKeyFieldEvent {
        field: '$.grants[].peerKey';
        value: Uint8Array;
        index: number;
    }
    interface ContactRecordGrantsSecretFieldEvent {
        field: '$.grants[].secret';
        value: Uint8Array;
        index: number;
    }
    interface ContactRecordGrantsInheritedFieldEvent {
        field: '$.grants[].inherited';
        value: boolean;
        index: number;
    }
    interface ContactRecordSentUpdateFieldEvent {
        field: '$.sentUpdate';
        value: number;
    }
    interface ContactRecordInviteSecretFieldEvent {
        field: '$.inviteSecret';
        value: Uint8Array;
    }
    interface ContactRecordInviteRoutesDeviceFieldEvent {
        field: '$.inviteRoutes[].device';
        value: boolean;
        index: number;
    }
    interface ContactRecordInviteRoutesPeerKeyFieldEvent {
        field: '$.inviteRoutes[].peerKey';
        value: Uint8Array;
        index: number;
    }
    interface ContactRecordInviteRoutesMultiaddrsFieldEvent {
        field: '$.inviteRoutes[].multiaddrs[]';
        index: number;
        value: string;
    }
    interface ContactRecordInviteRoutesSecretFieldEvent {
        field: '$.inviteRoutes[].secret';
        value: Uint8Array;
        index: number;
    }
    interface ContactRecordInviteExpiresAtFieldEvent {
        field: '$.inviteExpiresAt';
        value: number;
    }
    interface ContactRecordLookupFieldEvent {
        field: '$.lookup';
        value: boolean;
    }
    interface ContactRecordAddedAtFieldEvent {
        field: '$.addedAt';
        value: number;
    }
    interface ContactRecordFailureFieldEvent {
        field: '$.failure';
        value: string;
    }
    interface ContactRecordActiveSessionFieldEvent {
        field: '$.activeSession';
        value: Uint8Array;
    }
    interface ContactRecordRenewingFieldEvent {
        field: '$.renewing';
        value: boolean;
    }
    interface ContactRecordIdentityFieldEvent {
        field: '$.identity';
        value: number;
    }
    interface ContactRecordVerifiedAtFieldEvent {
        field: '$.verifiedAt';
        value: number;
    }
    interface ContactRecordVerifiedManifestFieldEvent {
        field: '$.verifiedManifest';
        value: Uint8Array;
    }
    interface ContactRecordPresentedFieldEvent {
        field: '$.presented';
        value: Uint8Array;
    }
    interface ContactRecordPresentedSessionFieldEvent {
        field: '$.presentedSession';
        value: Uint8Array;
    }
    interface ContactRecordRefusedManifestFieldEvent {
        field: '$.refusedManifest';
        value: Uint8Array;
    }
    interface ContactRecordManifestChangedFieldEvent {
        field: '$.manifestChanged';
        value: boolean;
    }
    interface ContactRecordSessionDevicesSessionFieldEvent {
        field: '$.sessionDevices[].session';
        value: Uint8Array;
        index: number;
    }
    interface ContactRecordSessionDevicesExchangeKeyFieldEvent {
        field: '$.sessionDevices[].exchangeKey';
        value: Uint8Array;
        index: number;
    }
    interface ContactRecordSessionDevicesBeganAtFieldEvent {
        field: '$.sessionDevices[].beganAt';
        value: number;
        index: number;
    }
    interface ContactRecordSessionDevicesHeardAtFieldEvent {
        field: '$.sessionDevices[].heardAt';
        value: number;
        index: number;
    }
    interface ContactRecordSessionDevicesWeakFieldEvent {
        field: '$.sessionDevices[].weak';
        value: boolean;
        index: number;
    }
    interface ContactRecordSessionDevicesRetiredFieldEvent {
        field: '$.sessionDevices[].retired';
        value: boolean;
        index: number;
    }
    interface ContactRecordSessionDevicesRenewalFieldEvent {
        field: '$.sessionDevices[].renewal';
        value: boolean;
        index: number;
    }
    interface ContactRecordPresentedUpdateFieldEvent {
        field: '$.presentedUpdate';
        value: Uint8Array;
    }
    interface ContactRecordPresentedSeenFirstFieldEvent {
        field: '$.presentedSeen[].first';
        value: number;
        index: number;
    }
    interface ContactRecordPresentedSeenLastFieldEvent {
        field: '$.presentedSeen[].last';
        value: number;
        index: number;
    }
    interface ContactRecordPresentedSeenChainFieldEvent {
        field: '$.presentedSeen[].chain';
        value: Uint8Array;
        index: number;
    }
    interface ContactRecordPresentedSeenPreviousFieldEvent {
        field: '$.presentedSeen[].previous';
        value: Uint8Array;
        index: number;
    }
    interface ContactRecordResetSecretFieldEvent {
        field: '$.resetSecret';
        value: Uint8Array;
    }
    interface ContactRecordRenewalSuspectedAtFieldEvent {
        field: '$.renewal.suspectedAt';
        value: number;
    }
    interface ContactRecordRenewalTriedAtFieldEvent {
        field: '$.renewal.triedAt';
        value: number;
    }
    interface ContactRecordRenewalTriesFieldEvent {
        field: '$.renewal.tries';
        value: number;
    }
    interface ContactRecordRenewalConfirmedAtFieldEvent {
        field: '$.renewal.confirmedAt';
        value: number;
    }
    interface ContactRecordRenewalNoticedAtFieldEvent {
        field: '$.renewal.noticedAt';
        value: number;
    }
    interface ContactRecordRenewalSearchingFieldEvent {
        field: '$.renewal.searching';
        value: boolean;
    }
    interface ContactRecordRenewalByResetFieldEvent {
        field: '$.renewal.byReset';
        value: boolean;
    }
    interface ContactRecordOneTimeInviteFieldEvent {
        field: '$.oneTimeInvite';
        value: Uint8Array;
    }
    function encode(obj: Partial<ContactRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ContactRecord>): ContactRecord;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ContactRecord>): Generator<ContactRecordAccountFieldEvent | ContactRecordNameFieldEvent | ContactRecordTheirNameFieldEvent | ContactRecordStateFieldEvent | ContactRecordManifestFieldEvent | ContactRecordRoutesDeviceFieldEvent | ContactRecordRoutesPeerKeyFieldEvent | ContactRecordRoutesMultiaddrsFieldEvent | ContactRecordRoutesSecretFieldEvent | ContactRecordRoutesSequenceFieldEvent | ContactRecordGrantsDeviceFieldEvent | ContactRecordGrantsPeerKeyFieldEvent | ContactRecordGrantsSecretFieldEvent | ContactRecordGrantsInheritedFieldEvent | ContactRecordSentUpdateFieldEvent | ContactRecordInviteSecretFieldEvent | ContactRecordInviteRoutesDeviceFieldEvent | ContactRecordInviteRoutesPeerKeyFieldEvent | ContactRecordInviteRoutesMultiaddrsFieldEvent | ContactRecordInviteRoutesSecretFieldEvent | ContactRecordInviteExpiresAtFieldEvent | ContactRecordLookupFieldEvent | ContactRecordAddedAtFieldEvent | ContactRecordFailureFieldEvent | ContactRecordActiveSessionFieldEvent | ContactRecordRenewingFieldEvent | ContactRecordIdentityFieldEvent | ContactRecordVerifiedAtFieldEvent | ContactRecordVerifiedManifestFieldEvent | ContactRecordPresentedFieldEvent | ContactRecordPresentedSessionFieldEvent | ContactRecordRefusedManifestFieldEvent | ContactRecordManifestChangedFieldEvent | ContactRecordSessionDevicesSessionFieldEvent | ContactRecordSessionDevicesExchangeKeyFieldEvent | ContactRecordSessionDevicesBeganAtFieldEvent | ContactRecordSessionDevicesHeardAtFieldEvent | ContactRecordSessionDevicesWeakFieldEvent | ContactRecordSessionDevicesRetiredFieldEvent | ContactRecordSessionDevicesRenewalFieldEvent | ContactRecordPresentedUpdateFieldEvent | ContactRecordPresentedSeenFirstFieldEvent | ContactRecordPresentedSeenLastFieldEvent | ContactRecordPresentedSeenChainFieldEvent | ContactRecordPresentedSeenPreviousFieldEvent | ContactRecordResetSecretFieldEvent | ContactRecordRenewalSuspectedAtFieldEvent | ContactRecordRenewalTriedAtFieldEvent | ContactRecordRenewalTriesFieldEvent | ContactRecordRenewalConfirmedAtFieldEvent | ContactRecordRenewalNoticedAtFieldEvent | ContactRecordRenewalSearchingFieldEvent | ContactRecordRenewalByResetFieldEvent | ContactRecordOneTimeInviteFieldEvent>;
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
    interface SessionDeviceRecordSessionFieldEvent {
        field: '$.session';
        value: Uint8Array;
    }
    interface SessionDeviceRecordExchangeKeyFieldEvent {
        field: '$.exchangeKey';
        value: Uint8Array;
    }
    interface SessionDeviceRecordBeganAtFieldEvent {
        field: '$.beganAt';
        value: number;
    }
    interface SessionDeviceRecordHeardAtFieldEvent {
        field: '$.heardAt';
        value: number;
    }
    interface SessionDeviceRecordWeakFieldEvent {
        field: '$.weak';
        value: boolean;
    }
    interface SessionDeviceRecordRetiredFieldEvent {
        field: '$.retired';
        value: boolean;
    }
    interface SessionDeviceRecordRenewalFieldEvent {
        field: '$.renewal';
        value: boolean;
    }
    function encode(obj: Partial<SessionDeviceRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SessionDeviceRecord>): SessionDeviceRecord;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SessionDeviceRecord>): Generator<SessionDeviceRecordSessionFieldEvent | SessionDeviceRecordExchangeKeyFieldEvent | SessionDeviceRecordBeganAtFieldEvent | SessionDeviceRecordHeardAtFieldEvent | SessionDeviceRecordWeakFieldEvent | SessionDeviceRecordRetiredFieldEvent | SessionDeviceRecordRenewalFieldEvent>;
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
    interface RenewalRecordSuspectedAtFieldEvent {
        field: '$.suspectedAt';
        value: number;
    }
    interface RenewalRecordTriedAtFieldEvent {
        field: '$.triedAt';
        value: number;
    }
    interface RenewalRecordTriesFieldEvent {
        field: '$.tries';
        value: number;
    }
    interface RenewalRecordConfirmedAtFieldEvent {
        field: '$.confirmedAt';
        value: number;
    }
    interface RenewalRecordNoticedAtFieldEvent {
        field: '$.noticedAt';
        value: number;
    }
    interface RenewalRecordSearchingFieldEvent {
        field: '$.searching';
        value: boolean;
    }
    interface RenewalRecordByResetFieldEvent {
        field: '$.byReset';
        value: boolean;
    }
    function encode(obj: Partial<RenewalRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RenewalRecord>): RenewalRecord;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RenewalRecord>): Generator<RenewalRecordSuspectedAtFieldEvent | RenewalRecordTriedAtFieldEvent | RenewalRecordTriesFieldEvent | RenewalRecordConfirmedAtFieldEvent | RenewalRecordNoticedAtFieldEvent | RenewalRecordSearchingFieldEvent | RenewalRecordByResetFieldEvent>;
}
export interface RouteRecord {
    device: boolean;
    peerKey: Uint8Array;
    multiaddrs: string[];
    secret: Uint8Array;
}
export declare namespace RouteRecord {
    const codec: () => Codec<RouteRecord>;
    interface RouteRecordDeviceFieldEvent {
        field: '$.device';
        value: boolean;
    }
    interface RouteRecordPeerKeyFieldEvent {
        field: '$.peerKey';
        value: Uint8Array;
    }
    interface RouteRecordMultiaddrsFieldEvent {
        field: '$.multiaddrs[]';
        index: number;
        value: string;
    }
    interface RouteRecordSecretFieldEvent {
        field: '$.secret';
        value: Uint8Array;
    }
    function encode(obj: Partial<RouteRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RouteRecord>): RouteRecord;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RouteRecord>): Generator<RouteRecordDeviceFieldEvent | RouteRecordPeerKeyFieldEvent | RouteRecordMultiaddrsFieldEvent | RouteRecordSecretFieldEvent>;
}
export interface GrantRecord {
    device: boolean;
    peerKey: Uint8Array;
    secret: Uint8Array;
    inherited: boolean;
}
export declare namespace GrantRecord {
    const codec: () => Codec<GrantRecord>;
    interface GrantRecordDeviceFieldEvent {
        field: '$.device';
        value: boolean;
    }
    interface GrantRecordPeerKeyFieldEvent {
        field: '$.peerKey';
        value: Uint8Array;
    }
    interface GrantRecordSecretFieldEvent {
        field: '$.secret';
        value: Uint8Array;
    }
    interface GrantRecordInheritedFieldEvent {
        field: '$.inherited';
        value: boolean;
    }
    function encode(obj: Partial<GrantRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<GrantRecord>): GrantRecord;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<GrantRecord>): Generator<GrantRecordDeviceFieldEvent | GrantRecordPeerKeyFieldEvent | GrantRecordSecretFieldEvent | GrantRecordInheritedFieldEvent>;
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
    interface ConversationRecordAccountFieldEvent {
        field: '$.account';
        value: Uint8Array;
    }
    interface ConversationRecordCounterFieldEvent {
        field: '$.counter';
        value: number;
    }
    interface ConversationRecordPreviousFieldEvent {
        field: '$.previous';
        value: Uint8Array;
    }
    interface ConversationRecordSeenFirstFieldEvent {
        field: '$.seen[].first';
        value: number;
        index: number;
    }
    interface ConversationRecordSeenLastFieldEvent {
        field: '$.seen[].last';
        value: number;
        index: number;
    }
    interface ConversationRecordSeenChainFieldEvent {
        field: '$.seen[].chain';
        value: Uint8Array;
        index: number;
    }
    interface ConversationRecordSeenPreviousFieldEvent {
        field: '$.seen[].previous';
        value: Uint8Array;
        index: number;
    }
    interface ConversationRecordReadByPeerFieldEvent {
        field: '$.readByPeer';
        value: number;
    }
    interface ConversationRecordReadThroughFieldEvent {
        field: '$.readThrough';
        value: number;
    }
    interface ConversationRecordClockMsFieldEvent {
        field: '$.clockMs';
        value: number;
    }
    interface ConversationRecordClockLogicalFieldEvent {
        field: '$.clockLogical';
        value: number;
    }
    interface ConversationRecordHeadsIdFieldEvent {
        field: '$.heads[].id';
        value: Uint8Array;
        index: number;
    }
    interface ConversationRecordHeadsMsFieldEvent {
        field: '$.heads[].ms';
        value: number;
        index: number;
    }
    interface ConversationRecordHeadsLogicalFieldEvent {
        field: '$.heads[].logical';
        value: number;
        index: number;
    }
    interface ConversationRecordHeadsOwnFieldEvent {
        field: '$.heads[].own';
        value: boolean;
        index: number;
    }
    interface ConversationRecordUnreadFieldEvent {
        field: '$.unread';
        value: number;
    }
    interface ConversationRecordReceiptDueFieldEvent {
        field: '$.receiptDue';
        value: boolean;
    }
    interface ConversationRecordLastMessageAtFieldEvent {
        field: '$.lastMessageAt';
        value: number;
    }
    interface ConversationRecordOutboxSequenceFieldEvent {
        field: '$.outboxSequence';
        value: number;
    }
    interface ConversationRecordFormerSentUpdateFieldEvent {
        field: '$.formerSentUpdate';
        value: number;
    }
    interface ConversationRecordFormerRoutesSequenceFieldEvent {
        field: '$.formerRoutesSequence';
        value: number;
    }
    interface ConversationRecordTheirLastMsFieldEvent {
        field: '$.theirLast.ms';
        value: number;
    }
    interface ConversationRecordTheirLastLogicalFieldEvent {
        field: '$.theirLast.logical';
        value: number;
    }
    interface ConversationRecordFloorFieldEvent {
        field: '$.floor';
        value: number;
    }
    interface ConversationRecordVoidFromFieldEvent {
        field: '$.voidFrom';
        value: number;
    }
    interface ConversationRecordTakenFieldEvent {
        field: '$.taken';
        value: Uint8Array;
    }
    interface ConversationRecordTakenPagesFieldEvent {
        field: '$.takenPages';
        value: number;
    }
    interface ConversationRecordRemovedIdsFieldEvent {
        field: '$.removedIds';
        value: Uint8Array;
    }
    interface ConversationRecordRemovedAtFieldEvent {
        field: '$.removedAt';
        value: number;
    }
    interface ConversationRecordTheirFloorFieldEvent {
        field: '$.theirFloor';
        value: number;
    }
    interface ConversationRecordAwaitedFieldEvent {
        field: '$.awaited';
        value: Uint8Array;
    }
    function encode(obj: Partial<ConversationRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ConversationRecord>): ConversationRecord;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ConversationRecord>): Generator<ConversationRecordAccountFieldEvent | ConversationRecordCounterFieldEvent | ConversationRecordPreviousFieldEvent | ConversationRecordSeenFirstFieldEvent | ConversationRecordSeenLastFieldEvent | ConversationRecordSeenChainFieldEvent | ConversationRecordSeenPreviousFieldEvent | ConversationRecordReadByPeerFieldEvent | ConversationRecordReadThroughFieldEvent | ConversationRecordClockMsFieldEvent | ConversationRecordClockLogicalFieldEvent | ConversationRecordHeadsIdFieldEvent | ConversationRecordHeadsMsFieldEvent | ConversationRecordHeadsLogicalFieldEvent | ConversationRecordHeadsOwnFieldEvent | ConversationRecordUnreadFieldEvent | ConversationRecordReceiptDueFieldEvent | ConversationRecordLastMessageAtFieldEvent | ConversationRecordOutboxSequenceFieldEvent | ConversationRecordFormerSentUpdateFieldEvent | ConversationRecordFormerRoutesSequenceFieldEvent | ConversationRecordTheirLastMsFieldEvent | ConversationRecordTheirLastLogicalFieldEvent | ConversationRecordFloorFieldEvent | ConversationRecordVoidFromFieldEvent | ConversationRecordTakenFieldEvent | ConversationRecordTakenPagesFieldEvent | ConversationRecordRemovedIdsFieldEvent | ConversationRecordRemovedAtFieldEvent | ConversationRecordTheirFloorFieldEvent | ConversationRecordAwaitedFieldEvent>;
}
export interface TakenRecord {
    page: number;
    nonces: Uint8Array;
}
export declare namespace TakenRecord {
    const codec: () => Codec<TakenRecord>;
    interface TakenRecordPageFieldEvent {
        field: '$.page';
        value: number;
    }
    interface TakenRecordNoncesFieldEvent {
        field: '$.nonces';
        value: Uint8Array;
    }
    function encode(obj: Partial<TakenRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<TakenRecord>): TakenRecord;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<TakenRecord>): Generator<TakenRecordPageFieldEvent | TakenRecordNoncesFieldEvent>;
}
export interface RangeRecord {
    first: number;
    last: number;
    chain: Uint8Array;
    previous: Uint8Array;
}
export declare namespace RangeRecord {
    const codec: () => Codec<RangeRecord>;
    interface RangeRecordFirstFieldEvent {
        field: '$.first';
        value: number;
    }
    interface RangeRecordLastFieldEvent {
        field: '$.last';
        value: number;
    }
    interface RangeRecordChainFieldEvent {
        field: '$.chain';
        value: Uint8Array;
    }
    interface RangeRecordPreviousFieldEvent {
        field: '$.previous';
        value: Uint8Array;
    }
    function encode(obj: Partial<RangeRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RangeRecord>): RangeRecord;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RangeRecord>): Generator<RangeRecordFirstFieldEvent | RangeRecordLastFieldEvent | RangeRecordChainFieldEvent | RangeRecordPreviousFieldEvent>;
}
export interface PositionRecord {
    ms: number;
    logical: number;
}
export declare namespace PositionRecord {
    const codec: () => Codec<PositionRecord>;
    interface PositionRecordMsFieldEvent {
        field: '$.ms';
        value: number;
    }
    interface PositionRecordLogicalFieldEvent {
        field: '$.logical';
        value: number;
    }
    function encode(obj: Partial<PositionRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PositionRecord>): PositionRecord;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PositionRecord>): Generator<PositionRecordMsFieldEvent | PositionRecordLogicalFieldEvent>;
}
export interface HeadRecord {
    id: Uint8Array;
    ms: number;
    logical: number;
    own: boolean;
}
export declare namespace HeadRecord {
    const codec: () => Codec<HeadRecord>;
    interface HeadRecordIdFieldEvent {
        field: '$.id';
        value: Uint8Array;
    }
    interface HeadRecordMsFieldEvent {
        field: '$.ms';
        value: number;
    }
    interface HeadRecordLogicalFieldEvent {
        field: '$.logical';
        value: number;
    }
    interface HeadRecordOwnFieldEvent {
        field: '$.own';
        value: boolean;
    }
    function encode(obj: Partial<HeadRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<HeadRecord>): HeadRecord;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<HeadRecord>): Generator<HeadRecordIdFieldEvent | HeadRecordMsFieldEvent | HeadRecordLogicalFieldEvent | HeadRecordOwnFieldEvent>;
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
    interface MessageRecordIdFieldEvent {
        field: '$.id';
        value: Uint8Array;
    }
    interface MessageRecordOwnFieldEvent {
        field: '$.own';
        value: boolean;
    }
    interface MessageRecordCounterFieldEvent {
        field: '$.counter';
        value: number;
    }
    interface MessageRecordKindFieldEvent {
        field: '$.kind';
        value: number;
    }
    interface MessageRecordPayloadFieldEvent {
        field: '$.payload';
        value: Uint8Array;
    }
    interface MessageRecordSentAtFieldEvent {
        field: '$.sentAt';
        value: number;
    }
    interface MessageRecordReceivedAtFieldEvent {
        field: '$.receivedAt';
        value: number;
    }
    interface MessageRecordLateFieldEvent {
        field: '$.late';
        value: boolean;
    }
    interface MessageRecordWayFieldEvent {
        field: '$.way';
        value: number;
    }
    interface MessageRecordRemovedFieldEvent {
        field: '$.removed';
        value: boolean;
    }
    interface MessageRecordIdentityInDoubtFieldEvent {
        field: '$.identityInDoubt';
        value: boolean;
    }
    function encode(obj: Partial<MessageRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<MessageRecord>): MessageRecord;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<MessageRecord>): Generator<MessageRecordIdFieldEvent | MessageRecordOwnFieldEvent | MessageRecordCounterFieldEvent | MessageRecordKindFieldEvent | MessageRecordPayloadFieldEvent | MessageRecordSentAtFieldEvent | MessageRecordReceivedAtFieldEvent | MessageRecordLateFieldEvent | MessageRecordWayFieldEvent | MessageRecordRemovedFieldEvent | MessageRecordIdentityInDoubtFieldEvent>;
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
    interface OutboxRecordSequenceFieldEvent {
        field: '$.sequence';
        value: number;
    }
    interface OutboxRecordBodyFieldEvent {
        field: '$.body';
        value: Uint8Array;
    }
    interface OutboxRecordInnerFieldEvent {
        field: '$.inner';
        value: Uint8Array;
    }
    interface OutboxRecordCreatedAtFieldEvent {
        field: '$.createdAt';
        value: number;
    }
    interface OutboxRecordExpiresAtFieldEvent {
        field: '$.expiresAt';
        value: number;
    }
    interface OutboxRecordStoredAtPeerKeyFieldEvent {
        field: '$.storedAt[].peerKey';
        value: Uint8Array;
        index: number;
    }
    interface OutboxRecordStoredAtUntilFieldEvent {
        field: '$.storedAt[].until';
        value: number;
        index: number;
    }
    interface OutboxRecordStoredAtAtFieldEvent {
        field: '$.storedAt[].at';
        value: number;
        index: number;
    }
    interface OutboxRecordSessionFieldEvent {
        field: '$.session';
        value: Uint8Array;
    }
    function encode(obj: Partial<OutboxRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<OutboxRecord>): OutboxRecord;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<OutboxRecord>): Generator<OutboxRecordSequenceFieldEvent | OutboxRecordBodyFieldEvent | OutboxRecordInnerFieldEvent | OutboxRecordCreatedAtFieldEvent | OutboxRecordExpiresAtFieldEvent | OutboxRecordStoredAtPeerKeyFieldEvent | OutboxRecordStoredAtUntilFieldEvent | OutboxRecordStoredAtAtFieldEvent | OutboxRecordSessionFieldEvent>;
}
export interface StoredAtRecord {
    peerKey: Uint8Array;
    until: number;
    at: number;
}
export declare namespace StoredAtRecord {
    const codec: () => Codec<StoredAtRecord>;
    interface StoredAtRecordPeerKeyFieldEvent {
        field: '$.peerKey';
        value: Uint8Array;
    }
    interface StoredAtRecordUntilFieldEvent {
        field: '$.until';
        value: number;
    }
    interface StoredAtRecordAtFieldEvent {
        field: '$.at';
        value: number;
    }
    function encode(obj: Partial<StoredAtRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<StoredAtRecord>): StoredAtRecord;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<StoredAtRecord>): Generator<StoredAtRecordPeerKeyFieldEvent | StoredAtRecordUntilFieldEvent | StoredAtRecordAtFieldEvent>;
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
    interface DeliveryRecordFirstFieldEvent {
        field: '$.first';
        value: number;
    }
    interface DeliveryRecordLastFieldEvent {
        field: '$.last';
        value: number;
    }
    interface DeliveryRecordStateFieldEvent {
        field: '$.state';
        value: number;
    }
    interface DeliveryRecordWayFieldEvent {
        field: '$.way';
        value: number;
    }
    interface DeliveryRecordStoredByFieldEvent {
        field: '$.storedBy';
        value: number;
    }
    interface DeliveryRecordOfFieldEvent {
        field: '$.of';
        value: number;
    }
    interface DeliveryRecordUntilFieldEvent {
        field: '$.until';
        value: number;
    }
    interface DeliveryRecordReasonFieldEvent {
        field: '$.reason';
        value: string;
    }
    interface DeliveryRecordAtFieldEvent {
        field: '$.at';
        value: number;
    }
    interface DeliveryRecordIdsFieldEvent {
        field: '$.ids[]';
        index: number;
        value: Uint8Array;
    }
    interface DeliveryRecordStoredAtPeerKeyFieldEvent {
        field: '$.storedAt[].peerKey';
        value: Uint8Array;
        index: number;
    }
    interface DeliveryRecordStoredAtUntilFieldEvent {
        field: '$.storedAt[].until';
        value: number;
        index: number;
    }
    interface DeliveryRecordStoredAtAtFieldEvent {
        field: '$.storedAt[].at';
        value: number;
        index: number;
    }
    function encode(obj: Partial<DeliveryRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<DeliveryRecord>): DeliveryRecord;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<DeliveryRecord>): Generator<DeliveryRecordFirstFieldEvent | DeliveryRecordLastFieldEvent | DeliveryRecordStateFieldEvent | DeliveryRecordWayFieldEvent | DeliveryRecordStoredByFieldEvent | DeliveryRecordOfFieldEvent | DeliveryRecordUntilFieldEvent | DeliveryRecordReasonFieldEvent | DeliveryRecordAtFieldEvent | DeliveryRecordIdsFieldEvent | DeliveryRecordStoredAtPeerKeyFieldEvent | DeliveryRecordStoredAtUntilFieldEvent | DeliveryRecordStoredAtAtFieldEvent>;
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
    interface AnnotationRecordIdFieldEvent {
        field: '$.id';
        value: Uint8Array;
    }
    interface AnnotationRecordOwnEmojiFieldEvent {
        field: '$.own.emoji';
        value: string;
    }
    interface AnnotationRecordOwnEmojiMsFieldEvent {
        field: '$.own.emojiMs';
        value: number;
    }
    interface AnnotationRecordOwnEmojiLogicalFieldEvent {
        field: '$.own.emojiLogical';
        value: number;
    }
    interface AnnotationRecordOwnEmojiIdFieldEvent {
        field: '$.own.emojiId';
        value: Uint8Array;
    }
    interface AnnotationRecordOwnEditCounterFieldEvent {
        field: '$.own.editCounter';
        value: number;
    }
    interface AnnotationRecordOwnTextFieldEvent {
        field: '$.own.text';
        value: string;
    }
    interface AnnotationRecordOwnEditedAtFieldEvent {
        field: '$.own.editedAt';
        value: number;
    }
    interface AnnotationRecordOwnDeletedFieldEvent {
        field: '$.own.deleted';
        value: boolean;
    }
    interface AnnotationRecordTheirsEmojiFieldEvent {
        field: '$.theirs.emoji';
        value: string;
    }
    interface AnnotationRecordTheirsEmojiMsFieldEvent {
        field: '$.theirs.emojiMs';
        value: number;
    }
    interface AnnotationRecordTheirsEmojiLogicalFieldEvent {
        field: '$.theirs.emojiLogical';
        value: number;
    }
    interface AnnotationRecordTheirsEmojiIdFieldEvent {
        field: '$.theirs.emojiId';
        value: Uint8Array;
    }
    interface AnnotationRecordTheirsEditCounterFieldEvent {
        field: '$.theirs.editCounter';
        value: number;
    }
    interface AnnotationRecordTheirsTextFieldEvent {
        field: '$.theirs.text';
        value: string;
    }
    interface AnnotationRecordTheirsEditedAtFieldEvent {
        field: '$.theirs.editedAt';
        value: number;
    }
    interface AnnotationRecordTheirsDeletedFieldEvent {
        field: '$.theirs.deleted';
        value: boolean;
    }
    interface AnnotationRecordTakenFieldEvent {
        field: '$.taken';
        value: Uint8Array;
    }
    interface AnnotationRecordRemovedFieldEvent {
        field: '$.removed';
        value: boolean;
    }
    function encode(obj: Partial<AnnotationRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AnnotationRecord>): AnnotationRecord;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AnnotationRecord>): Generator<AnnotationRecordIdFieldEvent | AnnotationRecordOwnEmojiFieldEvent | AnnotationRecordOwnEmojiMsFieldEvent | AnnotationRecordOwnEmojiLogicalFieldEvent | AnnotationRecordOwnEmojiIdFieldEvent | AnnotationRecordOwnEditCounterFieldEvent | AnnotationRecordOwnTextFieldEvent | AnnotationRecordOwnEditedAtFieldEvent | AnnotationRecordOwnDeletedFieldEvent | AnnotationRecordTheirsEmojiFieldEvent | AnnotationRecordTheirsEmojiMsFieldEvent | AnnotationRecordTheirsEmojiLogicalFieldEvent | AnnotationRecordTheirsEmojiIdFieldEvent | AnnotationRecordTheirsEditCounterFieldEvent | AnnotationRecordTheirsTextFieldEvent | AnnotationRecordTheirsEditedAtFieldEvent | AnnotationRecordTheirsDeletedFieldEvent | AnnotationRecordTakenFieldEvent | AnnotationRecordRemovedFieldEvent>;
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
    interface AnnotationByRecordEmojiFieldEvent {
        field: '$.emoji';
        value: string;
    }
    interface AnnotationByRecordEmojiMsFieldEvent {
        field: '$.emojiMs';
        value: number;
    }
    interface AnnotationByRecordEmojiLogicalFieldEvent {
        field: '$.emojiLogical';
        value: number;
    }
    interface AnnotationByRecordEmojiIdFieldEvent {
        field: '$.emojiId';
        value: Uint8Array;
    }
    interface AnnotationByRecordEditCounterFieldEvent {
        field: '$.editCounter';
        value: number;
    }
    interface AnnotationByRecordTextFieldEvent {
        field: '$.text';
        value: string;
    }
    interface AnnotationByRecordEditedAtFieldEvent {
        field: '$.editedAt';
        value: number;
    }
    interface AnnotationByRecordDeletedFieldEvent {
        field: '$.deleted';
        value: boolean;
    }
    function encode(obj: Partial<AnnotationByRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AnnotationByRecord>): AnnotationByRecord;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AnnotationByRecord>): Generator<AnnotationByRecordEmojiFieldEvent | AnnotationByRecordEmojiMsFieldEvent | AnnotationByRecordEmojiLogicalFieldEvent | AnnotationByRecordEmojiIdFieldEvent | AnnotationByRecordEditCounterFieldEvent | AnnotationByRecordTextFieldEvent | AnnotationByRecordEditedAtFieldEvent | AnnotationByRecordDeletedFieldEvent>;
}
export interface ReadMarkRecord {
    at: number;
}
export declare namespace ReadMarkRecord {
    const codec: () => Codec<ReadMarkRecord>;
    interface ReadMarkRecordAtFieldEvent {
        field: '$.at';
        value: number;
    }
    function encode(obj: Partial<ReadMarkRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ReadMarkRecord>): ReadMarkRecord;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ReadMarkRecord>): Generator<ReadMarkRecordAtFieldEvent>;
}
export interface HandshakeRecord {
    tag: Uint8Array;
    prekeyId: Uint8Array;
}
export declare namespace HandshakeRecord {
    const codec: () => Codec<HandshakeRecord>;
    interface HandshakeRecordTagFieldEvent {
        field: '$.tag';
        value: Uint8Array;
    }
    interface HandshakeRecordPrekeyIdFieldEvent {
        field: '$.prekeyId';
        value: Uint8Array;
    }
    function encode(obj: Partial<HandshakeRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<HandshakeRecord>): HandshakeRecord;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<HandshakeRecord>): Generator<HandshakeRecordTagFieldEvent | HandshakeRecordPrekeyIdFieldEvent>;
}
