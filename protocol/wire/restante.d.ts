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
    interface FrameNumberFieldEvent {
        field: '$.number';
        value: number;
    }
    interface FrameAnswerCodeFieldEvent {
        field: '$.answer.code';
        value: string;
    }
    interface FrameAnswerUntilFieldEvent {
        field: '$.answer.until';
        value: number;
    }
    interface FrameAnswerDuplicateFieldEvent {
        field: '$.answer.duplicate';
        value: boolean;
    }
    interface FrameAnswerHelloVersionFieldEvent {
        field: '$.answer.hello.version';
        value: number;
    }
    interface FrameAnswerHelloNonceFieldEvent {
        field: '$.answer.hello.nonce';
        value: Uint8Array;
    }
    interface FrameAnswerHelloRelayFieldEvent {
        field: '$.answer.hello.relay';
        value: boolean;
    }
    interface FrameAnswerHelloEnvelopeBytesMaxFieldEvent {
        field: '$.answer.hello.envelopeBytesMax';
        value: number;
    }
    interface FrameAnswerHelloRetentionMsFieldEvent {
        field: '$.answer.hello.retentionMs';
        value: number;
    }
    interface FrameAnswerHelloMailboxEnvelopesMaxFieldEvent {
        field: '$.answer.hello.mailboxEnvelopesMax';
        value: number;
    }
    interface FrameAnswerHelloMailboxBytesMaxFieldEvent {
        field: '$.answer.hello.mailboxBytesMax';
        value: number;
    }
    interface FrameAnswerHelloWorkBitsFieldEvent {
        field: '$.answer.hello.workBits';
        value: number;
    }
    interface FrameAnswerValueFieldEvent {
        field: '$.answer.value';
        value: Uint8Array;
    }
    interface FrameAnswerUsageEnvelopesFieldEvent {
        field: '$.answer.usage.envelopes';
        value: number;
    }
    interface FrameAnswerUsageBytesFieldEvent {
        field: '$.answer.usage.bytes';
        value: number;
    }
    interface FrameAnswerUsageEnvelopesMaxFieldEvent {
        field: '$.answer.usage.envelopesMax';
        value: number;
    }
    interface FrameAnswerUsageBytesMaxFieldEvent {
        field: '$.answer.usage.bytesMax';
        value: number;
    }
    interface FrameAnswerUsageAddressesFieldEvent {
        field: '$.answer.usage.addresses';
        value: number;
    }
    interface FrameAnswerRetryAfterMsFieldEvent {
        field: '$.answer.retryAfterMs';
        value: number;
    }
    interface FrameAnswerValuesFieldEvent {
        field: '$.answer.values[]';
        index: number;
        value: Uint8Array;
    }
    interface FrameHelloVersionsFieldEvent {
        field: '$.hello.versions[]';
        index: number;
        value: number;
    }
    interface FrameHelloNonceFieldEvent {
        field: '$.hello.nonce';
        value: Uint8Array;
    }
    interface FrameCreateMailboxProofOwnerFieldEvent {
        field: '$.createMailbox.proof.owner';
        value: Uint8Array;
    }
    interface FrameCreateMailboxProofSignatureFieldEvent {
        field: '$.createMailbox.proof.signature';
        value: Uint8Array;
    }
    interface FrameCreateMailboxWorkFieldEvent {
        field: '$.createMailbox.work';
        value: Uint8Array;
    }
    interface FrameOpenAddressMailboxFieldEvent {
        field: '$.openAddress.mailbox';
        value: Uint8Array;
    }
    interface FrameOpenAddressAddressHashFieldEvent {
        field: '$.openAddress.addressHash';
        value: Uint8Array;
    }
    interface FrameOpenAddressEnvelopesMaxFieldEvent {
        field: '$.openAddress.envelopesMax';
        value: number;
    }
    interface FrameOpenAddressExpiresAtFieldEvent {
        field: '$.openAddress.expiresAt';
        value: number;
    }
    interface FrameCloseAddressMailboxFieldEvent {
        field: '$.closeAddress.mailbox';
        value: Uint8Array;
    }
    interface FrameCloseAddressAddressHashFieldEvent {
        field: '$.closeAddress.addressHash';
        value: Uint8Array;
    }
    interface FrameSubscribeProofOwnerFieldEvent {
        field: '$.subscribe.proof.owner';
        value: Uint8Array;
    }
    interface FrameSubscribeProofSignatureFieldEvent {
        field: '$.subscribe.proof.signature';
        value: Uint8Array;
    }
    interface FrameSubscribeAfterFieldEvent {
        field: '$.subscribe.after';
        value: Uint8Array;
    }
    interface FrameSubscribeCreditFieldEvent {
        field: '$.subscribe.credit';
        value: number;
    }
    interface FramePushMailboxFieldEvent {
        field: '$.push.mailbox';
        value: Uint8Array;
    }
    interface FramePushEnvelopesCursorFieldEvent {
        field: '$.push.envelopes[].cursor';
        value: Uint8Array;
        index: number;
    }
    interface FramePushEnvelopesAddressHashFieldEvent {
        field: '$.push.envelopes[].addressHash';
        value: Uint8Array;
        index: number;
    }
    interface FramePushEnvelopesEnvelopeFieldEvent {
        field: '$.push.envelopes[].envelope';
        value: Uint8Array;
        index: number;
    }
    interface FramePushEnvelopesReceivedAtFieldEvent {
        field: '$.push.envelopes[].receivedAt';
        value: number;
        index: number;
    }
    interface FramePushDrainedFieldEvent {
        field: '$.push.drained';
        value: boolean;
    }
    interface FramePushRefusedSomeFieldEvent {
        field: '$.push.refusedSome';
        value: boolean;
    }
    interface FrameAckMailboxFieldEvent {
        field: '$.ack.mailbox';
        value: Uint8Array;
    }
    interface FrameAckThroughFieldEvent {
        field: '$.ack.through';
        value: Uint8Array;
    }
    interface FrameDepositAddressFieldEvent {
        field: '$.deposit.address';
        value: Uint8Array;
    }
    interface FrameDepositEnvelopeFieldEvent {
        field: '$.deposit.envelope';
        value: Uint8Array;
    }
    interface FrameUsageMailboxFieldEvent {
        field: '$.usage.mailbox';
        value: Uint8Array;
    }
    interface FramePublishBundleMailboxFieldEvent {
        field: '$.publishBundle.mailbox';
        value: Uint8Array;
    }
    interface FramePublishBundleLocationFieldEvent {
        field: '$.publishBundle.location';
        value: Uint8Array;
    }
    interface FramePublishBundleSealedFieldEvent {
        field: '$.publishBundle.sealed';
        value: Uint8Array;
    }
    interface FramePublishBundleOneTimeFieldEvent {
        field: '$.publishBundle.oneTime';
        value: boolean;
    }
    interface FramePublishBundleExpiresAtFieldEvent {
        field: '$.publishBundle.expiresAt';
        value: number;
    }
    interface FrameTakePrekeyLocationFieldEvent {
        field: '$.takePrekey.location';
        value: Uint8Array;
    }
    interface FramePublishDescriptorRecordFieldEvent {
        field: '$.publishDescriptor.record';
        value: Uint8Array;
    }
    interface FrameLookupSlotFieldEvent {
        field: '$.lookup.slot';
        value: Uint8Array;
    }
    interface FrameDeleteMailboxMailboxFieldEvent {
        field: '$.deleteMailbox.mailbox';
        value: Uint8Array;
    }
    function encode(obj: Partial<Frame>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Frame>): Frame;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Frame>): Generator<FrameNumberFieldEvent | FrameAnswerCodeFieldEvent | FrameAnswerUntilFieldEvent | FrameAnswerDuplicateFieldEvent | FrameAnswerHelloVersionFieldEvent | FrameAnswerHelloNonceFieldEvent | FrameAnswerHelloRelayFieldEvent | FrameAnswerHelloEnvelopeBytesMaxFieldEvent | FrameAnswerHelloRetentionMsFieldEvent | FrameAnswerHelloMailboxEnvelopesMaxFieldEvent | FrameAnswerHelloMailboxBytesMaxFieldEvent | FrameAnswerHelloWorkBitsFieldEvent | FrameAnswerValueFieldEvent | FrameAnswerUsageEnvelopesFieldEvent | FrameAnswerUsageBytesFieldEvent | FrameAnswerUsageEnvelopesMaxFieldEvent | FrameAnswerUsageBytesMaxFieldEvent | FrameAnswerUsageAddressesFieldEvent | FrameAnswerRetryAfterMsFieldEvent | FrameAnswerValuesFieldEvent | FrameHelloVersionsFieldEvent | FrameHelloNonceFieldEvent | FrameCreateMailboxProofOwnerFieldEvent | FrameCreateMailboxProofSignatureFieldEvent | FrameCreateMailboxWorkFieldEvent | FrameOpenAddressMailboxFieldEvent | FrameOpenAddressAddressHashFieldEvent | FrameOpenAddressEnvelopesMaxFieldEvent | FrameOpenAddressExpiresAtFieldEvent | FrameCloseAddressMailboxFieldEvent | FrameCloseAddressAddressHashFieldEvent | FrameSubscribeProofOwnerFieldEvent | FrameSubscribeProofSignatureFieldEvent | FrameSubscribeAfterFieldEvent | FrameSubscribeCreditFieldEvent | FramePushMailboxFieldEvent | FramePushEnvelopesCursorFieldEvent | FramePushEnvelopesAddressHashFieldEvent | FramePushEnvelopesEnvelopeFieldEvent | FramePushEnvelopesReceivedAtFieldEvent | FramePushDrainedFieldEvent | FramePushRefusedSomeFieldEvent | FrameAckMailboxFieldEvent | FrameAckThroughFieldEvent | FrameDepositAddressFieldEvent | FrameDepositEnvelopeFieldEvent | FrameUsageMailboxFieldEvent | FramePublishBundleMailboxFieldEvent | FramePublishBundleLocationFieldEvent | FramePublishBundleSealedFieldEvent | FramePublishBundleOneTimeFieldEvent | FramePublishBundleExpiresAtFieldEvent | FrameTakePrekeyLocationFieldEvent | FramePublishDescriptorRecordFieldEvent | FrameLookupSlotFieldEvent | FrameDeleteMailboxMailboxFieldEvent>;
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
    interface AnswerCodeFieldEvent {
        field: '$.code';
        value: string;
    }
    interface AnswerUntilFieldEvent {
        field: '$.until';
        value: number;
    }
    interface AnswerDuplicateFieldEvent {
        field: '$.duplicate';
        value: boolean;
    }
    interface AnswerHelloVersionFieldEvent {
        field: '$.hello.version';
        value: number;
    }
    interface AnswerHelloNonceFieldEvent {
        field: '$.hello.nonce';
        value: Uint8Array;
    }
    interface AnswerHelloRelayFieldEvent {
        field: '$.hello.relay';
        value: boolean;
    }
    interface AnswerHelloEnvelopeBytesMaxFieldEvent {
        field: '$.hello.envelopeBytesMax';
        value: number;
    }
    interface AnswerHelloRetentionMsFieldEvent {
        field: '$.hello.retentionMs';
        value: number;
    }
    interface AnswerHelloMailboxEnvelopesMaxFieldEvent {
        field: '$.hello.mailboxEnvelopesMax';
        value: number;
    }
    interface AnswerHelloMailboxBytesMaxFieldEvent {
        field: '$.hello.mailboxBytesMax';
        value: number;
    }
    interface AnswerHelloWorkBitsFieldEvent {
        field: '$.hello.workBits';
        value: number;
    }
    interface AnswerValueFieldEvent {
        field: '$.value';
        value: Uint8Array;
    }
    interface AnswerUsageEnvelopesFieldEvent {
        field: '$.usage.envelopes';
        value: number;
    }
    interface AnswerUsageBytesFieldEvent {
        field: '$.usage.bytes';
        value: number;
    }
    interface AnswerUsageEnvelopesMaxFieldEvent {
        field: '$.usage.envelopesMax';
        value: number;
    }
    interface AnswerUsageBytesMaxFieldEvent {
        field: '$.usage.bytesMax';
        value: number;
    }
    interface AnswerUsageAddressesFieldEvent {
        field: '$.usage.addresses';
        value: number;
    }
    interface AnswerRetryAfterMsFieldEvent {
        field: '$.retryAfterMs';
        value: number;
    }
    interface AnswerValuesFieldEvent {
        field: '$.values[]';
        index: number;
        value: Uint8Array;
    }
    function encode(obj: Partial<Answer>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Answer>): Answer;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Answer>): Generator<AnswerCodeFieldEvent | AnswerUntilFieldEvent | AnswerDuplicateFieldEvent | AnswerHelloVersionFieldEvent | AnswerHelloNonceFieldEvent | AnswerHelloRelayFieldEvent | AnswerHelloEnvelopeBytesMaxFieldEvent | AnswerHelloRetentionMsFieldEvent | AnswerHelloMailboxEnvelopesMaxFieldEvent | AnswerHelloMailboxBytesMaxFieldEvent | AnswerHelloWorkBitsFieldEvent | AnswerValueFieldEvent | AnswerUsageEnvelopesFieldEvent | AnswerUsageBytesFieldEvent | AnswerUsageEnvelopesMaxFieldEvent | AnswerUsageBytesMaxFieldEvent | AnswerUsageAddressesFieldEvent | AnswerRetryAfterMsFieldEvent | AnswerValuesFieldEvent>;
}
export interface Hello {
    versions: number[];
    nonce: Uint8Array;
}
export declare namespace Hello {
    const codec: () => Codec<Hello>;
    interface HelloVersionsFieldEvent {
        field: '$.versions[]';
        index: number;
        value: number;
    }
    interface HelloNonceFieldEvent {
        field: '$.nonce';
        value: Uint8Array;
    }
    function encode(obj: Partial<Hello>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Hello>): Hello;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Hello>): Generator<HelloVersionsFieldEvent | HelloNonceFieldEvent>;
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
    interface HelloAnswerVersionFieldEvent {
        field: '$.version';
        value: number;
    }
    interface HelloAnswerNonceFieldEvent {
        field: '$.nonce';
        value: Uint8Array;
    }
    interface HelloAnswerRelayFieldEvent {
        field: '$.relay';
        value: boolean;
    }
    interface HelloAnswerEnvelopeBytesMaxFieldEvent {
        field: '$.envelopeBytesMax';
        value: number;
    }
    interface HelloAnswerRetentionMsFieldEvent {
        field: '$.retentionMs';
        value: number;
    }
    interface HelloAnswerMailboxEnvelopesMaxFieldEvent {
        field: '$.mailboxEnvelopesMax';
        value: number;
    }
    interface HelloAnswerMailboxBytesMaxFieldEvent {
        field: '$.mailboxBytesMax';
        value: number;
    }
    interface HelloAnswerWorkBitsFieldEvent {
        field: '$.workBits';
        value: number;
    }
    function encode(obj: Partial<HelloAnswer>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<HelloAnswer>): HelloAnswer;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<HelloAnswer>): Generator<HelloAnswerVersionFieldEvent | HelloAnswerNonceFieldEvent | HelloAnswerRelayFieldEvent | HelloAnswerEnvelopeBytesMaxFieldEvent | HelloAnswerRetentionMsFieldEvent | HelloAnswerMailboxEnvelopesMaxFieldEvent | HelloAnswerMailboxBytesMaxFieldEvent | HelloAnswerWorkBitsFieldEvent>;
}
export interface OwnerProof {
    owner: Uint8Array;
    signature: Uint8Array;
}
export declare namespace OwnerProof {
    const codec: () => Codec<OwnerProof>;
    interface OwnerProofOwnerFieldEvent {
        field: '$.owner';
        value: Uint8Array;
    }
    interface OwnerProofSignatureFieldEvent {
        field: '$.signature';
        value: Uint8Array;
    }
    function encode(obj: Partial<OwnerProof>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<OwnerProof>): OwnerProof;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<OwnerProof>): Generator<OwnerProofOwnerFieldEvent | OwnerProofSignatureFieldEvent>;
}
export interface CreateMailbox {
    proof?: OwnerProof;
    work: Uint8Array;
}
export declare namespace CreateMailbox {
    const codec: () => Codec<CreateMailbox>;
    interface CreateMailboxProofOwnerFieldEvent {
        field: '$.proof.owner';
        value: Uint8Array;
    }
    interface CreateMailboxProofSignatureFieldEvent {
        field: '$.proof.signature';
        value: Uint8Array;
    }
    interface CreateMailboxWorkFieldEvent {
        field: '$.work';
        value: Uint8Array;
    }
    function encode(obj: Partial<CreateMailbox>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CreateMailbox>): CreateMailbox;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CreateMailbox>): Generator<CreateMailboxProofOwnerFieldEvent | CreateMailboxProofSignatureFieldEvent | CreateMailboxWorkFieldEvent>;
}
export interface OpenAddress {
    mailbox: Uint8Array;
    addressHash: Uint8Array;
    envelopesMax: number;
    expiresAt: number;
}
export declare namespace OpenAddress {
    const codec: () => Codec<OpenAddress>;
    interface OpenAddressMailboxFieldEvent {
        field: '$.mailbox';
        value: Uint8Array;
    }
    interface OpenAddressAddressHashFieldEvent {
        field: '$.addressHash';
        value: Uint8Array;
    }
    interface OpenAddressEnvelopesMaxFieldEvent {
        field: '$.envelopesMax';
        value: number;
    }
    interface OpenAddressExpiresAtFieldEvent {
        field: '$.expiresAt';
        value: number;
    }
    function encode(obj: Partial<OpenAddress>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<OpenAddress>): OpenAddress;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<OpenAddress>): Generator<OpenAddressMailboxFieldEvent | OpenAddressAddressHashFieldEvent | OpenAddressEnvelopesMaxFieldEvent | OpenAddressExpiresAtFieldEvent>;
}
export interface CloseAddress {
    mailbox: Uint8Array;
    addressHash: Uint8Array;
}
export declare namespace CloseAddress {
    const codec: () => Codec<CloseAddress>;
    interface CloseAddressMailboxFieldEvent {
        field: '$.mailbox';
        value: Uint8Array;
    }
    interface CloseAddressAddressHashFieldEvent {
        field: '$.addressHash';
        value: Uint8Array;
    }
    function encode(obj: Partial<CloseAddress>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CloseAddress>): CloseAddress;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CloseAddress>): Generator<CloseAddressMailboxFieldEvent | CloseAddressAddressHashFieldEvent>;
}
export interface Subscribe {
    proof?: OwnerProof;
    after: Uint8Array;
    credit: number;
}
export declare namespace Subscribe {
    const codec: () => Codec<Subscribe>;
    interface SubscribeProofOwnerFieldEvent {
        field: '$.proof.owner';
        value: Uint8Array;
    }
    interface SubscribeProofSignatureFieldEvent {
        field: '$.proof.signature';
        value: Uint8Array;
    }
    interface SubscribeAfterFieldEvent {
        field: '$.after';
        value: Uint8Array;
    }
    interface SubscribeCreditFieldEvent {
        field: '$.credit';
        value: number;
    }
    function encode(obj: Partial<Subscribe>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Subscribe>): Subscribe;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Subscribe>): Generator<SubscribeProofOwnerFieldEvent | SubscribeProofSignatureFieldEvent | SubscribeAfterFieldEvent | SubscribeCreditFieldEvent>;
}
export interface Push {
    mailbox: Uint8Array;
    envelopes: PushedEnvelope[];
    drained: boolean;
    refusedSome: boolean;
}
export declare namespace Push {
    const codec: () => Codec<Push>;
    interface PushMailboxFieldEvent {
        field: '$.mailbox';
        value: Uint8Array;
    }
    interface PushEnvelopesCursorFieldEvent {
        field: '$.envelopes[].cursor';
        value: Uint8Array;
        index: number;
    }
    interface PushEnvelopesAddressHashFieldEvent {
        field: '$.envelopes[].addressHash';
        value: Uint8Array;
        index: number;
    }
    interface PushEnvelopesEnvelopeFieldEvent {
        field: '$.envelopes[].envelope';
        value: Uint8Array;
        index: number;
    }
    interface PushEnvelopesReceivedAtFieldEvent {
        field: '$.envelopes[].receivedAt';
        value: number;
        index: number;
    }
    interface PushDrainedFieldEvent {
        field: '$.drained';
        value: boolean;
    }
    interface PushRefusedSomeFieldEvent {
        field: '$.refusedSome';
        value: boolean;
    }
    function encode(obj: Partial<Push>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Push>): Push;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Push>): Generator<PushMailboxFieldEvent | PushEnvelopesCursorFieldEvent | PushEnvelopesAddressHashFieldEvent | PushEnvelopesEnvelopeFieldEvent | PushEnvelopesReceivedAtFieldEvent | PushDrainedFieldEvent | PushRefusedSomeFieldEvent>;
}
export interface PushedEnvelope {
    cursor: Uint8Array;
    addressHash: Uint8Array;
    envelope: Uint8Array;
    receivedAt: number;
}
export declare namespace PushedEnvelope {
    const codec: () => Codec<PushedEnvelope>;
    interface PushedEnvelopeCursorFieldEvent {
        field: '$.cursor';
        value: Uint8Array;
    }
    interface PushedEnvelopeAddressHashFieldEvent {
        field: '$.addressHash';
        value: Uint8Array;
    }
    interface PushedEnvelopeEnvelopeFieldEvent {
        field: '$.envelope';
        value: Uint8Array;
    }
    interface PushedEnvelopeReceivedAtFieldEvent {
        field: '$.receivedAt';
        value: number;
    }
    function encode(obj: Partial<PushedEnvelope>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PushedEnvelope>): PushedEnvelope;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PushedEnvelope>): Generator<PushedEnvelopeCursorFieldEvent | PushedEnvelopeAddressHashFieldEvent | PushedEnvelopeEnvelopeFieldEvent | PushedEnvelopeReceivedAtFieldEvent>;
}
export interface Ack {
    mailbox: Uint8Array;
    through: Uint8Array;
}
export declare namespace Ack {
    const codec: () => Codec<Ack>;
    interface AckMailboxFieldEvent {
        field: '$.mailbox';
        value: Uint8Array;
    }
    interface AckThroughFieldEvent {
        field: '$.through';
        value: Uint8Array;
    }
    function encode(obj: Partial<Ack>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Ack>): Ack;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Ack>): Generator<AckMailboxFieldEvent | AckThroughFieldEvent>;
}
export interface Deposit {
    address: Uint8Array;
    envelope: Uint8Array;
}
export declare namespace Deposit {
    const codec: () => Codec<Deposit>;
    interface DepositAddressFieldEvent {
        field: '$.address';
        value: Uint8Array;
    }
    interface DepositEnvelopeFieldEvent {
        field: '$.envelope';
        value: Uint8Array;
    }
    function encode(obj: Partial<Deposit>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Deposit>): Deposit;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Deposit>): Generator<DepositAddressFieldEvent | DepositEnvelopeFieldEvent>;
}
export interface UsageRequest {
    mailbox: Uint8Array;
}
export declare namespace UsageRequest {
    const codec: () => Codec<UsageRequest>;
    interface UsageRequestMailboxFieldEvent {
        field: '$.mailbox';
        value: Uint8Array;
    }
    function encode(obj: Partial<UsageRequest>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<UsageRequest>): UsageRequest;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<UsageRequest>): Generator<UsageRequestMailboxFieldEvent>;
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
    interface UsageEnvelopesFieldEvent {
        field: '$.envelopes';
        value: number;
    }
    interface UsageBytesFieldEvent {
        field: '$.bytes';
        value: number;
    }
    interface UsageEnvelopesMaxFieldEvent {
        field: '$.envelopesMax';
        value: number;
    }
    interface UsageBytesMaxFieldEvent {
        field: '$.bytesMax';
        value: number;
    }
    interface UsageAddressesFieldEvent {
        field: '$.addresses';
        value: number;
    }
    function encode(obj: Partial<Usage>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Usage>): Usage;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Usage>): Generator<UsageEnvelopesFieldEvent | UsageBytesFieldEvent | UsageEnvelopesMaxFieldEvent | UsageBytesMaxFieldEvent | UsageAddressesFieldEvent>;
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
    interface PublishBundleMailboxFieldEvent {
        field: '$.mailbox';
        value: Uint8Array;
    }
    interface PublishBundleLocationFieldEvent {
        field: '$.location';
        value: Uint8Array;
    }
    interface PublishBundleSealedFieldEvent {
        field: '$.sealed';
        value: Uint8Array;
    }
    interface PublishBundleOneTimeFieldEvent {
        field: '$.oneTime';
        value: boolean;
    }
    interface PublishBundleExpiresAtFieldEvent {
        field: '$.expiresAt';
        value: number;
    }
    function encode(obj: Partial<PublishBundle>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PublishBundle>): PublishBundle;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PublishBundle>): Generator<PublishBundleMailboxFieldEvent | PublishBundleLocationFieldEvent | PublishBundleSealedFieldEvent | PublishBundleOneTimeFieldEvent | PublishBundleExpiresAtFieldEvent>;
}
export interface TakePrekey {
    location: Uint8Array;
}
export declare namespace TakePrekey {
    const codec: () => Codec<TakePrekey>;
    interface TakePrekeyLocationFieldEvent {
        field: '$.location';
        value: Uint8Array;
    }
    function encode(obj: Partial<TakePrekey>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<TakePrekey>): TakePrekey;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<TakePrekey>): Generator<TakePrekeyLocationFieldEvent>;
}
export interface PublishDescriptor {
    record: Uint8Array;
}
export declare namespace PublishDescriptor {
    const codec: () => Codec<PublishDescriptor>;
    interface PublishDescriptorRecordFieldEvent {
        field: '$.record';
        value: Uint8Array;
    }
    function encode(obj: Partial<PublishDescriptor>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PublishDescriptor>): PublishDescriptor;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PublishDescriptor>): Generator<PublishDescriptorRecordFieldEvent>;
}
export interface Lookup {
    slot: Uint8Array;
}
export declare namespace Lookup {
    const codec: () => Codec<Lookup>;
    interface LookupSlotFieldEvent {
        field: '$.slot';
        value: Uint8Array;
    }
    function encode(obj: Partial<Lookup>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Lookup>): Lookup;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Lookup>): Generator<LookupSlotFieldEvent>;
}
export interface Ping {
}
export declare namespace Ping {
    const codec: () => Codec<Ping>;
    function encode(obj: Partial<Ping>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Ping>): Ping;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Ping>): Generator<{}>;
}
export interface DeleteMailbox {
    mailbox: Uint8Array;
}
export declare namespace DeleteMailbox {
    const codec: () => Codec<DeleteMailbox>;
    interface DeleteMailboxMailboxFieldEvent {
        field: '$.mailbox';
        value: Uint8Array;
    }
    function encode(obj: Partial<DeleteMailbox>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<DeleteMailbox>): DeleteMailbox;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<DeleteMailbox>): Generator<DeleteMailboxMailboxFieldEvent>;
}
export interface Signed {
    payload: Uint8Array;
    signature: Uint8Array;
}
export declare namespace Signed {
    const codec: () => Codec<Signed>;
    interface SignedPayloadFieldEvent {
        field: '$.payload';
        value: Uint8Array;
    }
    interface SignedSignatureFieldEvent {
        field: '$.signature';
        value: Uint8Array;
    }
    function encode(obj: Partial<Signed>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Signed>): Signed;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Signed>): Generator<SignedPayloadFieldEvent | SignedSignatureFieldEvent>;
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
    interface ManifestVersionFieldEvent {
        field: '$.version';
        value: number;
    }
    interface ManifestAccountFieldEvent {
        field: '$.account';
        value: Uint8Array;
    }
    interface ManifestInceptionKeyFieldEvent {
        field: '$.inceptionKey';
        value: Uint8Array;
    }
    interface ManifestInceptionNextFieldEvent {
        field: '$.inceptionNext';
        value: Uint8Array;
    }
    interface ManifestSequenceFieldEvent {
        field: '$.sequence';
        value: number;
    }
    interface ManifestPreviousFieldEvent {
        field: '$.previous';
        value: Uint8Array;
    }
    interface ManifestAccountKeyFieldEvent {
        field: '$.accountKey';
        value: Uint8Array;
    }
    interface ManifestNextCommitmentFieldEvent {
        field: '$.nextCommitment';
        value: Uint8Array;
    }
    interface ManifestDevicesIdFieldEvent {
        field: '$.devices[].id';
        value: Uint8Array;
        index: number;
    }
    interface ManifestDevicesSigningKeyFieldEvent {
        field: '$.devices[].signingKey';
        value: Uint8Array;
        index: number;
    }
    interface ManifestDevicesExchangeKeyFieldEvent {
        field: '$.devices[].exchangeKey';
        value: Uint8Array;
        index: number;
    }
    interface ManifestDevicesPeerKeyFieldEvent {
        field: '$.devices[].peerKey';
        value: Uint8Array;
        index: number;
    }
    interface ManifestDevicesAddedAtFieldEvent {
        field: '$.devices[].addedAt';
        value: number;
        index: number;
    }
    interface ManifestRevokedFieldEvent {
        field: '$.revoked[]';
        index: number;
        value: Uint8Array;
    }
    interface ManifestCreatedAtFieldEvent {
        field: '$.createdAt';
        value: number;
    }
    function encode(obj: Partial<Manifest>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Manifest>): Manifest;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Manifest>): Generator<ManifestVersionFieldEvent | ManifestAccountFieldEvent | ManifestInceptionKeyFieldEvent | ManifestInceptionNextFieldEvent | ManifestSequenceFieldEvent | ManifestPreviousFieldEvent | ManifestAccountKeyFieldEvent | ManifestNextCommitmentFieldEvent | ManifestDevicesIdFieldEvent | ManifestDevicesSigningKeyFieldEvent | ManifestDevicesExchangeKeyFieldEvent | ManifestDevicesPeerKeyFieldEvent | ManifestDevicesAddedAtFieldEvent | ManifestRevokedFieldEvent | ManifestCreatedAtFieldEvent>;
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
    interface DeviceIdFieldEvent {
        field: '$.id';
        value: Uint8Array;
    }
    interface DeviceSigningKeyFieldEvent {
        field: '$.signingKey';
        value: Uint8Array;
    }
    interface DeviceExchangeKeyFieldEvent {
        field: '$.exchangeKey';
        value: Uint8Array;
    }
    interface DevicePeerKeyFieldEvent {
        field: '$.peerKey';
        value: Uint8Array;
    }
    interface DeviceAddedAtFieldEvent {
        field: '$.addedAt';
        value: number;
    }
    function encode(obj: Partial<Device>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Device>): Device;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Device>): Generator<DeviceIdFieldEvent | DeviceSigningKeyFieldEvent | DeviceExchangeKeyFieldEvent | DevicePeerKeyFieldEvent | DeviceAddedAtFieldEvent>;
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
    interface PrekeyBundleSuiteFieldEvent {
        field: '$.suite';
        value: number;
    }
    interface PrekeyBundleManifestFieldEvent {
        field: '$.manifest';
        value: Uint8Array;
    }
    interface PrekeyBundleDeviceFieldEvent {
        field: '$.device';
        value: Uint8Array;
    }
    interface PrekeyBundlePrekeyIdFieldEvent {
        field: '$.prekeyId';
        value: Uint8Array;
    }
    interface PrekeyBundlePrekeyFieldEvent {
        field: '$.prekey';
        value: Uint8Array;
    }
    interface PrekeyBundleKemPrekeyFieldEvent {
        field: '$.kemPrekey';
        value: Uint8Array;
    }
    interface PrekeyBundleOneTimePrekeyFieldEvent {
        field: '$.oneTimePrekey';
        value: Uint8Array;
    }
    interface PrekeyBundleExpiresAtFieldEvent {
        field: '$.expiresAt';
        value: number;
    }
    interface PrekeyBundleNameFieldEvent {
        field: '$.name';
        value: string;
    }
    function encode(obj: Partial<PrekeyBundle>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PrekeyBundle>): PrekeyBundle;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PrekeyBundle>): Generator<PrekeyBundleSuiteFieldEvent | PrekeyBundleManifestFieldEvent | PrekeyBundleDeviceFieldEvent | PrekeyBundlePrekeyIdFieldEvent | PrekeyBundlePrekeyFieldEvent | PrekeyBundleKemPrekeyFieldEvent | PrekeyBundleOneTimePrekeyFieldEvent | PrekeyBundleExpiresAtFieldEvent | PrekeyBundleNameFieldEvent>;
}
export interface Route {
    device: boolean;
    peerKey: Uint8Array;
    multiaddrs: string[];
    secret: Uint8Array;
}
export declare namespace Route {
    const codec: () => Codec<Route>;
    interface RouteDeviceFieldEvent {
        field: '$.device';
        value: boolean;
    }
    interface RoutePeerKeyFieldEvent {
        field: '$.peerKey';
        value: Uint8Array;
    }
    interface RouteMultiaddrsFieldEvent {
        field: '$.multiaddrs[]';
        index: number;
        value: string;
    }
    interface RouteSecretFieldEvent {
        field: '$.secret';
        value: Uint8Array;
    }
    function encode(obj: Partial<Route>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Route>): Route;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Route>): Generator<RouteDeviceFieldEvent | RoutePeerKeyFieldEvent | RouteMultiaddrsFieldEvent | RouteSecretFieldEvent>;
}
export interface InviteRoute {
    device: boolean;
    peerKey: Uint8Array;
    multiaddrs: Uint8Array[];
}
export declare namespace InviteRoute {
    const codec: () => Codec<InviteRoute>;
    interface InviteRouteDeviceFieldEvent {
        field: '$.device';
        value: boolean;
    }
    interface InviteRoutePeerKeyFieldEvent {
        field: '$.peerKey';
        value: Uint8Array;
    }
    interface InviteRouteMultiaddrsFieldEvent {
        field: '$.multiaddrs[]';
        index: number;
        value: Uint8Array;
    }
    function encode(obj: Partial<InviteRoute>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<InviteRoute>): InviteRoute;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<InviteRoute>): Generator<InviteRouteDeviceFieldEvent | InviteRoutePeerKeyFieldEvent | InviteRouteMultiaddrsFieldEvent>;
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
    interface InviteAccountFieldEvent {
        field: '$.account';
        value: Uint8Array;
    }
    interface InviteSecretFieldEvent {
        field: '$.secret';
        value: Uint8Array;
    }
    interface InviteRoutesDeviceFieldEvent {
        field: '$.routes[].device';
        value: boolean;
        index: number;
    }
    interface InviteRoutesPeerKeyFieldEvent {
        field: '$.routes[].peerKey';
        value: Uint8Array;
        index: number;
    }
    interface InviteRoutesMultiaddrsFieldEvent {
        field: '$.routes[].multiaddrs[]';
        index: number;
        value: Uint8Array;
    }
    interface InviteExpiresAtFieldEvent {
        field: '$.expiresAt';
        value: number;
    }
    interface InviteReusableFieldEvent {
        field: '$.reusable';
        value: boolean;
    }
    function encode(obj: Partial<Invite>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Invite>): Invite;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Invite>): Generator<InviteAccountFieldEvent | InviteSecretFieldEvent | InviteRoutesDeviceFieldEvent | InviteRoutesPeerKeyFieldEvent | InviteRoutesMultiaddrsFieldEvent | InviteExpiresAtFieldEvent | InviteReusableFieldEvent>;
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
    interface DescriptorRecordSlotFieldEvent {
        field: '$.slot';
        value: Uint8Array;
    }
    interface DescriptorRecordBlindedKeyFieldEvent {
        field: '$.blindedKey';
        value: Uint8Array;
    }
    interface DescriptorRecordPeriodFieldEvent {
        field: '$.period';
        value: number;
    }
    interface DescriptorRecordSequenceFieldEvent {
        field: '$.sequence';
        value: number;
    }
    interface DescriptorRecordExpiresAtFieldEvent {
        field: '$.expiresAt';
        value: number;
    }
    interface DescriptorRecordSealedFieldEvent {
        field: '$.sealed';
        value: Uint8Array;
    }
    interface DescriptorRecordSignatureFieldEvent {
        field: '$.signature';
        value: Uint8Array;
    }
    function encode(obj: Partial<DescriptorRecord>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<DescriptorRecord>): DescriptorRecord;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<DescriptorRecord>): Generator<DescriptorRecordSlotFieldEvent | DescriptorRecordBlindedKeyFieldEvent | DescriptorRecordPeriodFieldEvent | DescriptorRecordSequenceFieldEvent | DescriptorRecordExpiresAtFieldEvent | DescriptorRecordSealedFieldEvent | DescriptorRecordSignatureFieldEvent>;
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
    interface DescriptorInceptionKeyFieldEvent {
        field: '$.inceptionKey';
        value: Uint8Array;
    }
    interface DescriptorInceptionNextFieldEvent {
        field: '$.inceptionNext';
        value: Uint8Array;
    }
    interface DescriptorManifestHashFieldEvent {
        field: '$.manifestHash';
        value: Uint8Array;
    }
    interface DescriptorSecretFieldEvent {
        field: '$.secret';
        value: Uint8Array;
    }
    interface DescriptorRoutesDeviceFieldEvent {
        field: '$.routes[].device';
        value: boolean;
        index: number;
    }
    interface DescriptorRoutesPeerKeyFieldEvent {
        field: '$.routes[].peerKey';
        value: Uint8Array;
        index: number;
    }
    interface DescriptorRoutesMultiaddrsFieldEvent {
        field: '$.routes[].multiaddrs[]';
        index: number;
        value: Uint8Array;
    }
    function encode(obj: Partial<Descriptor>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Descriptor>): Descriptor;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Descriptor>): Generator<DescriptorInceptionKeyFieldEvent | DescriptorInceptionNextFieldEvent | DescriptorManifestHashFieldEvent | DescriptorSecretFieldEvent | DescriptorRoutesDeviceFieldEvent | DescriptorRoutesPeerKeyFieldEvent | DescriptorRoutesMultiaddrsFieldEvent>;
}
export interface Body {
    contents: Content[];
}
export declare namespace Body {
    const codec: () => Codec<Body>;
    interface BodyContentsIdFieldEvent {
        field: '$.contents[].id';
        value: Uint8Array;
        index: number;
    }
    interface BodyContentsCounterFieldEvent {
        field: '$.contents[].counter';
        value: number;
        index: number;
    }
    interface BodyContentsClockMsFieldEvent {
        field: '$.contents[].clockMs';
        value: number;
        index: number;
    }
    interface BodyContentsClockLogicalFieldEvent {
        field: '$.contents[].clockLogical';
        value: number;
        index: number;
    }
    interface BodyContentsSentAtFieldEvent {
        field: '$.contents[].sentAt';
        value: number;
        index: number;
    }
    interface BodyContentsParentsFieldEvent {
        field: '$.contents[].parents[]';
        index: number;
        value: Uint8Array;
    }
    interface BodyContentsPreviousFieldEvent {
        field: '$.contents[].previous';
        value: Uint8Array;
        index: number;
    }
    interface BodyContentsKindFieldEvent {
        field: '$.contents[].kind';
        value: number;
        index: number;
    }
    interface BodyContentsPayloadFieldEvent {
        field: '$.contents[].payload';
        value: Uint8Array;
        index: number;
    }
    interface BodyContentsConversationFieldEvent {
        field: '$.contents[].conversation';
        value: Uint8Array;
        index: number;
    }
    interface BodyContentsAgainFieldEvent {
        field: '$.contents[].again';
        value: boolean;
        index: number;
    }
    interface BodyContentsVoidFromFieldEvent {
        field: '$.contents[].voidFrom';
        value: number;
        index: number;
    }
    function encode(obj: Partial<Body>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Body>): Body;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Body>): Generator<BodyContentsIdFieldEvent | BodyContentsCounterFieldEvent | BodyContentsClockMsFieldEvent | BodyContentsClockLogicalFieldEvent | BodyContentsSentAtFieldEvent | BodyContentsParentsFieldEvent | BodyContentsPreviousFieldEvent | BodyContentsKindFieldEvent | BodyContentsPayloadFieldEvent | BodyContentsConversationFieldEvent | BodyContentsAgainFieldEvent | BodyContentsVoidFromFieldEvent>;
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
    interface ContentIdFieldEvent {
        field: '$.id';
        value: Uint8Array;
    }
    interface ContentCounterFieldEvent {
        field: '$.counter';
        value: number;
    }
    interface ContentClockMsFieldEvent {
        field: '$.clockMs';
        value: number;
    }
    interface ContentClockLogicalFieldEvent {
        field: '$.clockLogical';
        value: number;
    }
    interface ContentSentAtFieldEvent {
        field: '$.sentAt';
        value: number;
    }
    interface ContentParentsFieldEvent {
        field: '$.parents[]';
        index: number;
        value: Uint8Array;
    }
    interface ContentPreviousFieldEvent {
        field: '$.previous';
        value: Uint8Array;
    }
    interface ContentKindFieldEvent {
        field: '$.kind';
        value: number;
    }
    interface ContentPayloadFieldEvent {
        field: '$.payload';
        value: Uint8Array;
    }
    interface ContentConversationFieldEvent {
        field: '$.conversation';
        value: Uint8Array;
    }
    interface ContentAgainFieldEvent {
        field: '$.again';
        value: boolean;
    }
    interface ContentVoidFromFieldEvent {
        field: '$.voidFrom';
        value: number;
    }
    function encode(obj: Partial<Content>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Content>): Content;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Content>): Generator<ContentIdFieldEvent | ContentCounterFieldEvent | ContentClockMsFieldEvent | ContentClockLogicalFieldEvent | ContentSentAtFieldEvent | ContentParentsFieldEvent | ContentPreviousFieldEvent | ContentKindFieldEvent | ContentPayloadFieldEvent | ContentConversationFieldEvent | ContentAgainFieldEvent | ContentVoidFromFieldEvent>;
}
export interface Text {
    text: string;
}
export declare namespace Text {
    const codec: () => Codec<Text>;
    interface TextTextFieldEvent {
        field: '$.text';
        value: string;
    }
    function encode(obj: Partial<Text>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Text>): Text;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Text>): Generator<TextTextFieldEvent>;
}
export interface Receipt {
    delivered: CounterRange[];
    readThrough: number;
    chains: Uint8Array[];
}
export declare namespace Receipt {
    const codec: () => Codec<Receipt>;
    interface ReceiptDeliveredFirstFieldEvent {
        field: '$.delivered[].first';
        value: number;
        index: number;
    }
    interface ReceiptDeliveredLastFieldEvent {
        field: '$.delivered[].last';
        value: number;
        index: number;
    }
    interface ReceiptReadThroughFieldEvent {
        field: '$.readThrough';
        value: number;
    }
    interface ReceiptChainsFieldEvent {
        field: '$.chains[]';
        index: number;
        value: Uint8Array;
    }
    function encode(obj: Partial<Receipt>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Receipt>): Receipt;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Receipt>): Generator<ReceiptDeliveredFirstFieldEvent | ReceiptDeliveredLastFieldEvent | ReceiptReadThroughFieldEvent | ReceiptChainsFieldEvent>;
}
export interface CounterRange {
    first: number;
    last: number;
}
export declare namespace CounterRange {
    const codec: () => Codec<CounterRange>;
    interface CounterRangeFirstFieldEvent {
        field: '$.first';
        value: number;
    }
    interface CounterRangeLastFieldEvent {
        field: '$.last';
        value: number;
    }
    function encode(obj: Partial<CounterRange>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CounterRange>): CounterRange;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CounterRange>): Generator<CounterRangeFirstFieldEvent | CounterRangeLastFieldEvent>;
}
export interface Reply {
    to: Uint8Array;
    text: string;
}
export declare namespace Reply {
    const codec: () => Codec<Reply>;
    interface ReplyToFieldEvent {
        field: '$.to';
        value: Uint8Array;
    }
    interface ReplyTextFieldEvent {
        field: '$.text';
        value: string;
    }
    function encode(obj: Partial<Reply>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Reply>): Reply;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Reply>): Generator<ReplyToFieldEvent | ReplyTextFieldEvent>;
}
export interface Reaction {
    to: Uint8Array;
    emoji: string;
}
export declare namespace Reaction {
    const codec: () => Codec<Reaction>;
    interface ReactionToFieldEvent {
        field: '$.to';
        value: Uint8Array;
    }
    interface ReactionEmojiFieldEvent {
        field: '$.emoji';
        value: string;
    }
    function encode(obj: Partial<Reaction>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Reaction>): Reaction;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Reaction>): Generator<ReactionToFieldEvent | ReactionEmojiFieldEvent>;
}
export interface Edit {
    to: Uint8Array;
    text: string;
}
export declare namespace Edit {
    const codec: () => Codec<Edit>;
    interface EditToFieldEvent {
        field: '$.to';
        value: Uint8Array;
    }
    interface EditTextFieldEvent {
        field: '$.text';
        value: string;
    }
    function encode(obj: Partial<Edit>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Edit>): Edit;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Edit>): Generator<EditToFieldEvent | EditTextFieldEvent>;
}
export interface Deletion {
    to: Uint8Array;
}
export declare namespace Deletion {
    const codec: () => Codec<Deletion>;
    interface DeletionToFieldEvent {
        field: '$.to';
        value: Uint8Array;
    }
    function encode(obj: Partial<Deletion>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Deletion>): Deletion;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Deletion>): Generator<DeletionToFieldEvent>;
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
    interface ContactUpdateSequenceFieldEvent {
        field: '$.sequence';
        value: number;
    }
    interface ContactUpdateNameFieldEvent {
        field: '$.name';
        value: string;
    }
    interface ContactUpdateManifestFieldEvent {
        field: '$.manifest';
        value: Uint8Array;
    }
    interface ContactUpdateRoutesDeviceFieldEvent {
        field: '$.routes[].device';
        value: boolean;
        index: number;
    }
    interface ContactUpdateRoutesPeerKeyFieldEvent {
        field: '$.routes[].peerKey';
        value: Uint8Array;
        index: number;
    }
    interface ContactUpdateRoutesMultiaddrsFieldEvent {
        field: '$.routes[].multiaddrs[]';
        index: number;
        value: string;
    }
    interface ContactUpdateRoutesSecretFieldEvent {
        field: '$.routes[].secret';
        value: Uint8Array;
        index: number;
    }
    interface ContactUpdateYourManifestFieldEvent {
        field: '$.yourManifest';
        value: Uint8Array;
    }
    interface ContactUpdateResetSecretFieldEvent {
        field: '$.resetSecret';
        value: Uint8Array;
    }
    function encode(obj: Partial<ContactUpdate>): Uint8Array;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ContactUpdate>): ContactUpdate;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ContactUpdate>): Generator<ContactUpdateSequenceFieldEvent | ContactUpdateNameFieldEvent | ContactUpdateManifestFieldEvent | ContactUpdateRoutesDeviceFieldEvent | ContactUpdateRoutesPeerKeyFieldEvent | ContactUpdateRoutesMultiaddrsFieldEvent | ContactUpdateRoutesSecretFieldEvent | ContactUpdateYourManifestFieldEvent | ContactUpdateResetSecretFieldEvent>;
}
