import type { Codec, DecodeOptions } from 'protons-runtime';
import type { Uint8ArrayList } from 'uint8arraylist';
export interface Frame {
    number: number;
    answer?: Answer;
    hello?: Hello;
    createMailbox?: CreateMailbox;
    openAddress?: OpenAddress;
    closeAddress?: CloseAddress;
    subscribe?: Subscribe;
    push?: Push;
    ack?: Ack;
    deposit?: Deposit;
    usage?: UsageRequest;
    publishBundle?: PublishBundle;
    takePrekey?: TakePrekey;
    publishDescriptor?: PublishDescriptor;
    lookup?: Lookup;
    ping?: Ping;
    deleteMailbox?: DeleteMailbox;
}
export declare namespace Frame {
    const codec: () => Codec<Frame>;
    function encode(obj: Partial<Frame>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Frame>): Frame;
}
export interface Answer {
    code: string;
    until: number;
    duplicate: boolean;
    hello?: HelloAnswer;
    value: Uint8Array;
    usage?: Usage;
    retryAfterMs: number;
    values: Uint8Array[];
}
export declare namespace Answer {
    const codec: () => Codec<Answer>;
    function encode(obj: Partial<Answer>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Answer>): Answer;
}
export interface Hello {
    versions: number[];
    nonce: Uint8Array;
}
export declare namespace Hello {
    const codec: () => Codec<Hello>;
    function encode(obj: Partial<Hello>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Hello>): Hello;
}
export interface HelloAnswer {
    version: number;
    nonce: Uint8Array;
    relay: boolean;
    envelopeBytesMax: number;
    retentionMs: number;
    mailboxEnvelopesMax: number;
    mailboxBytesMax: number;
    workBits: number;
}
export declare namespace HelloAnswer {
    const codec: () => Codec<HelloAnswer>;
    function encode(obj: Partial<HelloAnswer>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<HelloAnswer>): HelloAnswer;
}
export interface OwnerProof {
    owner: Uint8Array;
    signature: Uint8Array;
}
export declare namespace OwnerProof {
    const codec: () => Codec<OwnerProof>;
    function encode(obj: Partial<OwnerProof>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<OwnerProof>): OwnerProof;
}
export interface CreateMailbox {
    proof?: OwnerProof;
    work: Uint8Array;
}
export declare namespace CreateMailbox {
    const codec: () => Codec<CreateMailbox>;
    function encode(obj: Partial<CreateMailbox>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CreateMailbox>): CreateMailbox;
}
export interface OpenAddress {
    mailbox: Uint8Array;
    addressHash: Uint8Array;
    envelopesMax: number;
    expiresAt: number;
}
export declare namespace OpenAddress {
    const codec: () => Codec<OpenAddress>;
    function encode(obj: Partial<OpenAddress>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<OpenAddress>): OpenAddress;
}
export interface CloseAddress {
    mailbox: Uint8Array;
    addressHash: Uint8Array;
}
export declare namespace CloseAddress {
    const codec: () => Codec<CloseAddress>;
    function encode(obj: Partial<CloseAddress>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CloseAddress>): CloseAddress;
}
export interface Subscribe {
    proof?: OwnerProof;
    after: Uint8Array;
    credit: number;
}
export declare namespace Subscribe {
    const codec: () => Codec<Subscribe>;
    function encode(obj: Partial<Subscribe>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Subscribe>): Subscribe;
}
export interface Push {
    mailbox: Uint8Array;
    envelopes: PushedEnvelope[];
    drained: boolean;
    refusedSome: boolean;
}
export declare namespace Push {
    const codec: () => Codec<Push>;
    function encode(obj: Partial<Push>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Push>): Push;
}
export interface PushedEnvelope {
    cursor: Uint8Array;
    addressHash: Uint8Array;
    envelope: Uint8Array;
    receivedAt: number;
}
export declare namespace PushedEnvelope {
    const codec: () => Codec<PushedEnvelope>;
    function encode(obj: Partial<PushedEnvelope>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PushedEnvelope>): PushedEnvelope;
}
export interface Ack {
    mailbox: Uint8Array;
    through: Uint8Array;
}
export declare namespace Ack {
    const codec: () => Codec<Ack>;
    function encode(obj: Partial<Ack>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Ack>): Ack;
}
export interface Deposit {
    address: Uint8Array;
    envelope: Uint8Array;
}
export declare namespace Deposit {
    const codec: () => Codec<Deposit>;
    function encode(obj: Partial<Deposit>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Deposit>): Deposit;
}
export interface UsageRequest {
    mailbox: Uint8Array;
}
export declare namespace UsageRequest {
    const codec: () => Codec<UsageRequest>;
    function encode(obj: Partial<UsageRequest>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<UsageRequest>): UsageRequest;
}
export interface Usage {
    envelopes: number;
    bytes: number;
    envelopesMax: number;
    bytesMax: number;
    addresses: number;
}
export declare namespace Usage {
    const codec: () => Codec<Usage>;
    function encode(obj: Partial<Usage>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Usage>): Usage;
}
export interface PublishBundle {
    mailbox: Uint8Array;
    location: Uint8Array;
    sealed: Uint8Array;
    oneTime: boolean;
    expiresAt: number;
}
export declare namespace PublishBundle {
    const codec: () => Codec<PublishBundle>;
    function encode(obj: Partial<PublishBundle>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PublishBundle>): PublishBundle;
}
export interface TakePrekey {
    location: Uint8Array;
}
export declare namespace TakePrekey {
    const codec: () => Codec<TakePrekey>;
    function encode(obj: Partial<TakePrekey>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<TakePrekey>): TakePrekey;
}
export interface PublishDescriptor {
    record: Uint8Array;
}
export declare namespace PublishDescriptor {
    const codec: () => Codec<PublishDescriptor>;
    function encode(obj: Partial<PublishDescriptor>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PublishDescriptor>): PublishDescriptor;
}
export interface Lookup {
    slot: Uint8Array;
}
export declare namespace Lookup {
    const codec: () => Codec<Lookup>;
    function encode(obj: Partial<Lookup>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Lookup>): Lookup;
}
export interface Ping {
}
export declare namespace Ping {
    const codec: () => Codec<Ping>;
    function encode(obj: Partial<Ping>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Ping>): Ping;
}
export interface DeleteMailbox {
    mailbox: Uint8Array;
}
export declare namespace DeleteMailbox {
    const codec: () => Codec<DeleteMailbox>;
    function encode(obj: Partial<DeleteMailbox>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<DeleteMailbox>): DeleteMailbox;
}
export interface Signed {
    payload: Uint8Array;
    signature: Uint8Array;
}
export declare namespace Signed {
    const codec: () => Codec<Signed>;
    function encode(obj: Partial<Signed>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Signed>): Signed;
}
export interface Manifest {
    version: number;
    account: Uint8Array;
    inceptionKey: Uint8Array;
    inceptionNext: Uint8Array;
    sequence: number;
    previous: Uint8Array;
    accountKey: Uint8Array;
    nextCommitment: Uint8Array;
    devices: Device[];
    revoked: Uint8Array[];
    createdAt: number;
}
export declare namespace Manifest {
    const codec: () => Codec<Manifest>;
    function encode(obj: Partial<Manifest>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Manifest>): Manifest;
}
export interface Device {
    id: Uint8Array;
    signingKey: Uint8Array;
    exchangeKey: Uint8Array;
    peerKey: Uint8Array;
    addedAt: number;
}
export declare namespace Device {
    const codec: () => Codec<Device>;
    function encode(obj: Partial<Device>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Device>): Device;
}
export interface PrekeyBundle {
    suite: number;
    manifest: Uint8Array;
    device: Uint8Array;
    prekeyId: Uint8Array;
    prekey: Uint8Array;
    kemPrekey: Uint8Array;
    oneTimePrekey: Uint8Array;
    expiresAt: number;
    name: string;
}
export declare namespace PrekeyBundle {
    const codec: () => Codec<PrekeyBundle>;
    function encode(obj: Partial<PrekeyBundle>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PrekeyBundle>): PrekeyBundle;
}
export interface Route {
    device: boolean;
    peerKey: Uint8Array;
    multiaddrs: string[];
    secret: Uint8Array;
}
export declare namespace Route {
    const codec: () => Codec<Route>;
    function encode(obj: Partial<Route>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Route>): Route;
}
export interface InviteRoute {
    device: boolean;
    peerKey: Uint8Array;
    multiaddrs: Uint8Array[];
}
export declare namespace InviteRoute {
    const codec: () => Codec<InviteRoute>;
    function encode(obj: Partial<InviteRoute>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<InviteRoute>): InviteRoute;
}
export interface Invite {
    account: Uint8Array;
    secret: Uint8Array;
    routes: InviteRoute[];
    expiresAt: number;
    reusable: boolean;
}
export declare namespace Invite {
    const codec: () => Codec<Invite>;
    function encode(obj: Partial<Invite>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Invite>): Invite;
}
export interface DescriptorRecord {
    slot: Uint8Array;
    blindedKey: Uint8Array;
    period: number;
    sequence: number;
    expiresAt: number;
    sealed: Uint8Array;
    signature: Uint8Array;
}
export declare namespace DescriptorRecord {
    const codec: () => Codec<DescriptorRecord>;
    function encode(obj: Partial<DescriptorRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<DescriptorRecord>): DescriptorRecord;
}
export interface Descriptor {
    inceptionKey: Uint8Array;
    inceptionNext: Uint8Array;
    manifestHash: Uint8Array;
    secret: Uint8Array;
    routes: InviteRoute[];
}
export declare namespace Descriptor {
    const codec: () => Codec<Descriptor>;
    function encode(obj: Partial<Descriptor>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Descriptor>): Descriptor;
}
export interface Body {
    contents: Content[];
}
export declare namespace Body {
    const codec: () => Codec<Body>;
    function encode(obj: Partial<Body>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Body>): Body;
}
export interface Content {
    id: Uint8Array;
    counter: number;
    clockMs: number;
    clockLogical: number;
    sentAt: number;
    parents: Uint8Array[];
    previous: Uint8Array;
    kind: number;
    payload: Uint8Array;
    conversation: Uint8Array;
    again: boolean;
    voidFrom: number;
}
export declare namespace Content {
    const codec: () => Codec<Content>;
    function encode(obj: Partial<Content>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Content>): Content;
}
export interface Text {
    text: string;
}
export declare namespace Text {
    const codec: () => Codec<Text>;
    function encode(obj: Partial<Text>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Text>): Text;
}
export interface Receipt {
    delivered: CounterRange[];
    readThrough: number;
    chains: Uint8Array[];
}
export declare namespace Receipt {
    const codec: () => Codec<Receipt>;
    function encode(obj: Partial<Receipt>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Receipt>): Receipt;
}
export interface CounterRange {
    first: number;
    last: number;
}
export declare namespace CounterRange {
    const codec: () => Codec<CounterRange>;
    function encode(obj: Partial<CounterRange>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CounterRange>): CounterRange;
}
export interface Reply {
    to: Uint8Array;
    text: string;
}
export declare namespace Reply {
    const codec: () => Codec<Reply>;
    function encode(obj: Partial<Reply>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Reply>): Reply;
}
export interface Reaction {
    to: Uint8Array;
    emoji: string;
}
export declare namespace Reaction {
    const codec: () => Codec<Reaction>;
    function encode(obj: Partial<Reaction>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Reaction>): Reaction;
}
export interface Edit {
    to: Uint8Array;
    text: string;
}
export declare namespace Edit {
    const codec: () => Codec<Edit>;
    function encode(obj: Partial<Edit>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Edit>): Edit;
}
export interface Deletion {
    to: Uint8Array;
}
export declare namespace Deletion {
    const codec: () => Codec<Deletion>;
    function encode(obj: Partial<Deletion>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Deletion>): Deletion;
}
export interface Typing {
    ended: boolean;
}
export declare namespace Typing {
    const codec: () => Codec<Typing>;
    function encode(obj: Partial<Typing>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Typing>): Typing;
}
export interface ContactUpdate {
    sequence: number;
    name: string;
    manifest: Uint8Array;
    routes: Route[];
    yourManifest: Uint8Array;
    resetSecret: Uint8Array;
}
export declare namespace ContactUpdate {
    const codec: () => Codec<ContactUpdate>;
    function encode(obj: Partial<ContactUpdate>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ContactUpdate>): ContactUpdate;
}
