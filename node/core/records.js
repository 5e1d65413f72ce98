import { decodeMessage, encodeMessage, MaxLengthError, message } from 'protons-runtime';
import { alloc as uint8ArrayAlloc } from 'uint8arrays/alloc';
export var AccountRecord;
(function (AccountRecord) {
    let _codec;
    AccountRecord.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.name != null && obj.name !== '')) {
                    w.uint32(10);
                    w.string(obj.name);
                }
                if ((obj.inceptionSeed != null && obj.inceptionSeed.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.inceptionSeed);
                }
                if ((obj.recoverySecret != null && obj.recoverySecret.byteLength > 0)) {
                    w.uint32(26);
                    w.bytes(obj.recoverySecret);
                }
                if ((obj.deviceId != null && obj.deviceId.byteLength > 0)) {
                    w.uint32(34);
                    w.bytes(obj.deviceId);
                }
                if ((obj.signingSeed != null && obj.signingSeed.byteLength > 0)) {
                    w.uint32(42);
                    w.bytes(obj.signingSeed);
                }
                if ((obj.exchangeSeed != null && obj.exchangeSeed.byteLength > 0)) {
                    w.uint32(50);
                    w.bytes(obj.exchangeSeed);
                }
                if ((obj.peerSeed != null && obj.peerSeed.byteLength > 0)) {
                    w.uint32(58);
                    w.bytes(obj.peerSeed);
                }
                if ((obj.manifest != null && obj.manifest.byteLength > 0)) {
                    w.uint32(66);
                    w.bytes(obj.manifest);
                }
                if ((obj.createdAt != null && obj.createdAt !== 0)) {
                    w.uint32(72);
                    w.uint64Number(obj.createdAt);
                }
                if (obj.announced != null && obj.announced.length > 0) {
                    for (const value of obj.announced) {
                        w.uint32(90);
                        w.string(value);
                    }
                }
                if (obj.relays != null && obj.relays.length > 0) {
                    for (const value of obj.relays) {
                        w.uint32(98);
                        PeerRecord.codec().encode(value, w);
                    }
                }
                if ((obj.descriptorSequence != null && obj.descriptorSequence !== 0)) {
                    w.uint32(104);
                    w.uint64Number(obj.descriptorSequence);
                }
                if ((obj.rotatedSeed != null && obj.rotatedSeed.byteLength > 0)) {
                    w.uint32(242);
                    w.bytes(obj.rotatedSeed);
                }
                if (obj.formerManifests != null && obj.formerManifests.length > 0) {
                    for (const value of obj.formerManifests) {
                        w.uint32(250);
                        w.bytes(value);
                    }
                }
                if ((obj.foreignManifest != null && obj.foreignManifest.byteLength > 0)) {
                    w.uint32(258);
                    w.bytes(obj.foreignManifest);
                }
                if ((obj.foreignManifestAt != null && obj.foreignManifestAt !== 0)) {
                    w.uint32(264);
                    w.uint64Number(obj.foreignManifestAt);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    name: '',
                    inceptionSeed: uint8ArrayAlloc(0),
                    recoverySecret: uint8ArrayAlloc(0),
                    deviceId: uint8ArrayAlloc(0),
                    signingSeed: uint8ArrayAlloc(0),
                    exchangeSeed: uint8ArrayAlloc(0),
                    peerSeed: uint8ArrayAlloc(0),
                    manifest: uint8ArrayAlloc(0),
                    createdAt: 0,
                    announced: [],
                    relays: [],
                    descriptorSequence: 0,
                    rotatedSeed: uint8ArrayAlloc(0),
                    formerManifests: [],
                    foreignManifest: uint8ArrayAlloc(0),
                    foreignManifestAt: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 1');
                            obj.name = reader.string();
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 2');
                            obj.inceptionSeed = reader.bytes();
                            break;
                        }
                        case 3: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 3');
                            obj.recoverySecret = reader.bytes();
                            break;
                        }
                        case 4: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 4');
                            obj.deviceId = reader.bytes();
                            break;
                        }
                        case 5: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 5');
                            obj.signingSeed = reader.bytes();
                            break;
                        }
                        case 6: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 6');
                            obj.exchangeSeed = reader.bytes();
                            break;
                        }
                        case 7: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 7');
                            obj.peerSeed = reader.bytes();
                            break;
                        }
                        case 8: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 8');
                            obj.manifest = reader.bytes();
                            break;
                        }
                        case 9: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 9');
                            obj.createdAt = reader.uint64Number();
                            break;
                        }
                        case 11: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 11');
                            if (opts.limits?.announced != null && obj.announced.length === opts.limits.announced) {
                                throw new MaxLengthError('Decode error - repeated field "announced" had too many elements');
                            }
                            obj.announced.push(reader.string());
                            break;
                        }
                        case 12: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 12');
                            if (opts.limits?.relays != null && obj.relays.length === opts.limits.relays) {
                                throw new MaxLengthError('Decode error - repeated field "relays" had too many elements');
                            }
                            obj.relays.push(PeerRecord.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.relays$
                            }));
                            break;
                        }
                        case 13: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 13');
                            obj.descriptorSequence = reader.uint64Number();
                            break;
                        }
                        case 30: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 30');
                            obj.rotatedSeed = reader.bytes();
                            break;
                        }
                        case 31: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 31');
                            if (opts.limits?.formerManifests != null && obj.formerManifests.length === opts.limits.formerManifests) {
                                throw new MaxLengthError('Decode error - repeated field "formerManifests" had too many elements');
                            }
                            obj.formerManifests.push(reader.bytes());
                            break;
                        }
                        case 32: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 32');
                            obj.foreignManifest = reader.bytes();
                            break;
                        }
                        case 33: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 33');
                            obj.foreignManifestAt = reader.uint64Number();
                            break;
                        }
                        default: {
                            if (tag < 8) throw new RangeError('a field 0');
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                if (reader.pos !== end) throw new RangeError('a field ends outside its message');
                return obj;
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, AccountRecord.codec());
    }
    AccountRecord.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, AccountRecord.codec(), opts);
    }
    AccountRecord.decode = decode;
})(AccountRecord || (AccountRecord = {}));
export var PeerRecord;
(function (PeerRecord) {
    let _codec;
    PeerRecord.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.peerKey != null && obj.peerKey.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.peerKey);
                }
                if (obj.multiaddrs != null && obj.multiaddrs.length > 0) {
                    for (const value of obj.multiaddrs) {
                        w.uint32(18);
                        w.string(value);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    peerKey: uint8ArrayAlloc(0),
                    multiaddrs: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 1');
                            obj.peerKey = reader.bytes();
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 2');
                            if (opts.limits?.multiaddrs != null && obj.multiaddrs.length === opts.limits.multiaddrs) {
                                throw new MaxLengthError('Decode error - repeated field "multiaddrs" had too many elements');
                            }
                            obj.multiaddrs.push(reader.string());
                            break;
                        }
                        default: {
                            if (tag < 8) throw new RangeError('a field 0');
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                if (reader.pos !== end) throw new RangeError('a field ends outside its message');
                return obj;
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, PeerRecord.codec());
    }
    PeerRecord.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, PeerRecord.codec(), opts);
    }
    PeerRecord.decode = decode;
})(PeerRecord || (PeerRecord = {}));
export var MailboxRecord;
(function (MailboxRecord) {
    let _codec;
    MailboxRecord.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.peerKey != null && obj.peerKey.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.peerKey);
                }
                if ((obj.ownerSeed != null && obj.ownerSeed.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.ownerSeed);
                }
                if (obj.closing != null && obj.closing.length > 0) {
                    for (const value of obj.closing) {
                        w.uint32(26);
                        w.bytes(value);
                    }
                }
                if (obj.withdrawing != null && obj.withdrawing.length > 0) {
                    for (const value of obj.withdrawing) {
                        w.uint32(34);
                        w.bytes(value);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    peerKey: uint8ArrayAlloc(0),
                    ownerSeed: uint8ArrayAlloc(0),
                    closing: [],
                    withdrawing: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 1');
                            obj.peerKey = reader.bytes();
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 2');
                            obj.ownerSeed = reader.bytes();
                            break;
                        }
                        case 3: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 3');
                            if (opts.limits?.closing != null && obj.closing.length === opts.limits.closing) {
                                throw new MaxLengthError('Decode error - repeated field "closing" had too many elements');
                            }
                            obj.closing.push(reader.bytes());
                            break;
                        }
                        case 4: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 4');
                            if (opts.limits?.withdrawing != null && obj.withdrawing.length === opts.limits.withdrawing) {
                                throw new MaxLengthError('Decode error - repeated field "withdrawing" had too many elements');
                            }
                            obj.withdrawing.push(reader.bytes());
                            break;
                        }
                        default: {
                            if (tag < 8) throw new RangeError('a field 0');
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                if (reader.pos !== end) throw new RangeError('a field ends outside its message');
                return obj;
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, MailboxRecord.codec());
    }
    MailboxRecord.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, MailboxRecord.codec(), opts);
    }
    MailboxRecord.decode = decode;
})(MailboxRecord || (MailboxRecord = {}));
export var InviteRecord;
(function (InviteRecord) {
    let _codec;
    InviteRecord.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.id != null && obj.id.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.id);
                }
                if ((obj.secret != null && obj.secret.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.secret);
                }
                if ((obj.reusable != null && obj.reusable !== false)) {
                    w.uint32(24);
                    w.bool(obj.reusable);
                }
                if ((obj.request != null && obj.request !== false)) {
                    w.uint32(32);
                    w.bool(obj.request);
                }
                if ((obj.expiresAt != null && obj.expiresAt !== 0)) {
                    w.uint32(40);
                    w.uint64Number(obj.expiresAt);
                }
                if (obj.privates != null && obj.privates.length > 0) {
                    for (const value of obj.privates) {
                        w.uint32(50);
                        w.bytes(value);
                    }
                }
                if (obj.routes != null && obj.routes.length > 0) {
                    for (const value of obj.routes) {
                        w.uint32(58);
                        PeerRecord.codec().encode(value, w);
                    }
                }
                if ((obj.byDevice != null && obj.byDevice !== false)) {
                    w.uint32(64);
                    w.bool(obj.byDevice);
                }
                if (obj.publishedAt != null && obj.publishedAt.length > 0) {
                    for (const value of obj.publishedAt) {
                        w.uint32(74);
                        w.bytes(value);
                    }
                }
                if ((obj.rotatedAt != null && obj.rotatedAt !== 0)) {
                    w.uint32(80);
                    w.uint64Number(obj.rotatedAt);
                }
                if ((obj.contact != null && obj.contact.byteLength > 0)) {
                    w.uint32(90);
                    w.bytes(obj.contact);
                }
                if (obj.replacedAt != null && obj.replacedAt.length > 0) {
                    for (const value of obj.replacedAt) {
                        w.uint32(96);
                        w.uint64Number(value);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    id: uint8ArrayAlloc(0),
                    secret: uint8ArrayAlloc(0),
                    reusable: false,
                    request: false,
                    expiresAt: 0,
                    privates: [],
                    routes: [],
                    byDevice: false,
                    publishedAt: [],
                    rotatedAt: 0,
                    contact: uint8ArrayAlloc(0),
                    replacedAt: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 1');
                            obj.id = reader.bytes();
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 2');
                            obj.secret = reader.bytes();
                            break;
                        }
                        case 3: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 3');
                            obj.reusable = reader.bool();
                            break;
                        }
                        case 4: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 4');
                            obj.request = reader.bool();
                            break;
                        }
                        case 5: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 5');
                            obj.expiresAt = reader.uint64Number();
                            break;
                        }
                        case 6: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 6');
                            if (opts.limits?.privates != null && obj.privates.length === opts.limits.privates) {
                                throw new MaxLengthError('Decode error - repeated field "privates" had too many elements');
                            }
                            obj.privates.push(reader.bytes());
                            break;
                        }
                        case 7: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 7');
                            if (opts.limits?.routes != null && obj.routes.length === opts.limits.routes) {
                                throw new MaxLengthError('Decode error - repeated field "routes" had too many elements');
                            }
                            obj.routes.push(PeerRecord.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.routes$
                            }));
                            break;
                        }
                        case 8: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 8');
                            obj.byDevice = reader.bool();
                            break;
                        }
                        case 9: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 9');
                            if (opts.limits?.publishedAt != null && obj.publishedAt.length === opts.limits.publishedAt) {
                                throw new MaxLengthError('Decode error - repeated field "publishedAt" had too many elements');
                            }
                            obj.publishedAt.push(reader.bytes());
                            break;
                        }
                        case 10: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 10');
                            obj.rotatedAt = reader.uint64Number();
                            break;
                        }
                        case 11: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 11');
                            obj.contact = reader.bytes();
                            break;
                        }
                        case 12: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 12');
                            if (opts.limits?.replacedAt != null && obj.replacedAt.length === opts.limits.replacedAt) {
                                throw new MaxLengthError('Decode error - repeated field "replacedAt" had too many elements');
                            }
                            obj.replacedAt.push(reader.uint64Number());
                            break;
                        }
                        default: {
                            if (tag < 8) throw new RangeError('a field 0');
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                if (reader.pos !== end) throw new RangeError('a field ends outside its message');
                return obj;
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, InviteRecord.codec());
    }
    InviteRecord.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, InviteRecord.codec(), opts);
    }
    InviteRecord.decode = decode;
})(InviteRecord || (InviteRecord = {}));
export var ContactRecord;
(function (ContactRecord) {
    let _codec;
    ContactRecord.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.account != null && obj.account.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.account);
                }
                if ((obj.name != null && obj.name !== '')) {
                    w.uint32(18);
                    w.string(obj.name);
                }
                if ((obj.theirName != null && obj.theirName !== '')) {
                    w.uint32(26);
                    w.string(obj.theirName);
                }
                if ((obj.state != null && obj.state !== 0)) {
                    w.uint32(32);
                    w.uint32(obj.state);
                }
                if ((obj.manifest != null && obj.manifest.byteLength > 0)) {
                    w.uint32(42);
                    w.bytes(obj.manifest);
                }
                if (obj.routes != null && obj.routes.length > 0) {
                    for (const value of obj.routes) {
                        w.uint32(50);
                        RouteRecord.codec().encode(value, w);
                    }
                }
                if ((obj.routesSequence != null && obj.routesSequence !== 0)) {
                    w.uint32(56);
                    w.uint64Number(obj.routesSequence);
                }
                if (obj.grants != null && obj.grants.length > 0) {
                    for (const value of obj.grants) {
                        w.uint32(66);
                        GrantRecord.codec().encode(value, w);
                    }
                }
                if ((obj.sentUpdate != null && obj.sentUpdate !== 0)) {
                    w.uint32(72);
                    w.uint64Number(obj.sentUpdate);
                }
                if ((obj.inviteSecret != null && obj.inviteSecret.byteLength > 0)) {
                    w.uint32(82);
                    w.bytes(obj.inviteSecret);
                }
                if (obj.inviteRoutes != null && obj.inviteRoutes.length > 0) {
                    for (const value of obj.inviteRoutes) {
                        w.uint32(90);
                        RouteRecord.codec().encode(value, w);
                    }
                }
                if ((obj.inviteExpiresAt != null && obj.inviteExpiresAt !== 0)) {
                    w.uint32(96);
                    w.uint64Number(obj.inviteExpiresAt);
                }
                if ((obj.lookup != null && obj.lookup !== false)) {
                    w.uint32(104);
                    w.bool(obj.lookup);
                }
                if ((obj.addedAt != null && obj.addedAt !== 0)) {
                    w.uint32(112);
                    w.uint64Number(obj.addedAt);
                }
                if ((obj.failure != null && obj.failure !== '')) {
                    w.uint32(122);
                    w.string(obj.failure);
                }
                if ((obj.activeSession != null && obj.activeSession.byteLength > 0)) {
                    w.uint32(130);
                    w.bytes(obj.activeSession);
                }
                if ((obj.renewing != null && obj.renewing !== false)) {
                    w.uint32(136);
                    w.bool(obj.renewing);
                }
                if ((obj.identity != null && obj.identity !== 0)) {
                    w.uint32(240);
                    w.uint32(obj.identity);
                }
                if ((obj.verifiedAt != null && obj.verifiedAt !== 0)) {
                    w.uint32(248);
                    w.uint64Number(obj.verifiedAt);
                }
                if ((obj.verifiedManifest != null && obj.verifiedManifest.byteLength > 0)) {
                    w.uint32(258);
                    w.bytes(obj.verifiedManifest);
                }
                if ((obj.presented != null && obj.presented.byteLength > 0)) {
                    w.uint32(266);
                    w.bytes(obj.presented);
                }
                if ((obj.presentedSession != null && obj.presentedSession.byteLength > 0)) {
                    w.uint32(274);
                    w.bytes(obj.presentedSession);
                }
                if ((obj.refusedManifest != null && obj.refusedManifest.byteLength > 0)) {
                    w.uint32(282);
                    w.bytes(obj.refusedManifest);
                }
                if ((obj.manifestChanged != null && obj.manifestChanged !== false)) {
                    w.uint32(288);
                    w.bool(obj.manifestChanged);
                }
                if (obj.sessionDevices != null && obj.sessionDevices.length > 0) {
                    for (const value of obj.sessionDevices) {
                        w.uint32(298);
                        SessionDeviceRecord.codec().encode(value, w);
                    }
                }
                if ((obj.presentedUpdate != null && obj.presentedUpdate.byteLength > 0)) {
                    w.uint32(306);
                    w.bytes(obj.presentedUpdate);
                }
                if (obj.presentedSeen != null && obj.presentedSeen.length > 0) {
                    for (const value of obj.presentedSeen) {
                        w.uint32(314);
                        RangeRecord.codec().encode(value, w);
                    }
                }
                if ((obj.resetSecret != null && obj.resetSecret.byteLength > 0)) {
                    w.uint32(322);
                    w.bytes(obj.resetSecret);
                }
                if (obj.renewal != null) {
                    w.uint32(330);
                    RenewalRecord.codec().encode(obj.renewal, w);
                }
                if ((obj.oneTimeInvite != null && obj.oneTimeInvite.byteLength > 0)) {
                    w.uint32(338);
                    w.bytes(obj.oneTimeInvite);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    account: uint8ArrayAlloc(0),
                    name: '',
                    theirName: '',
                    state: 0,
                    manifest: uint8ArrayAlloc(0),
                    routes: [],
                    routesSequence: 0,
                    grants: [],
                    sentUpdate: 0,
                    inviteSecret: uint8ArrayAlloc(0),
                    inviteRoutes: [],
                    inviteExpiresAt: 0,
                    lookup: false,
                    addedAt: 0,
                    failure: '',
                    activeSession: uint8ArrayAlloc(0),
                    renewing: false,
                    identity: 0,
                    verifiedAt: 0,
                    verifiedManifest: uint8ArrayAlloc(0),
                    presented: uint8ArrayAlloc(0),
                    presentedSession: uint8ArrayAlloc(0),
                    refusedManifest: uint8ArrayAlloc(0),
                    manifestChanged: false,
                    sessionDevices: [],
                    presentedUpdate: uint8ArrayAlloc(0),
                    presentedSeen: [],
                    resetSecret: uint8ArrayAlloc(0),
                    oneTimeInvite: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 1');
                            obj.account = reader.bytes();
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 2');
                            obj.name = reader.string();
                            break;
                        }
                        case 3: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 3');
                            obj.theirName = reader.string();
                            break;
                        }
                        case 4: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 4');
                            obj.state = reader.uint32();
                            break;
                        }
                        case 5: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 5');
                            obj.manifest = reader.bytes();
                            break;
                        }
                        case 6: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 6');
                            if (opts.limits?.routes != null && obj.routes.length === opts.limits.routes) {
                                throw new MaxLengthError('Decode error - repeated field "routes" had too many elements');
                            }
                            obj.routes.push(RouteRecord.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.routes$
                            }));
                            break;
                        }
                        case 7: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 7');
                            obj.routesSequence = reader.uint64Number();
                            break;
                        }
                        case 8: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 8');
                            if (opts.limits?.grants != null && obj.grants.length === opts.limits.grants) {
                                throw new MaxLengthError('Decode error - repeated field "grants" had too many elements');
                            }
                            obj.grants.push(GrantRecord.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.grants$
                            }));
                            break;
                        }
                        case 9: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 9');
                            obj.sentUpdate = reader.uint64Number();
                            break;
                        }
                        case 10: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 10');
                            obj.inviteSecret = reader.bytes();
                            break;
                        }
                        case 11: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 11');
                            if (opts.limits?.inviteRoutes != null && obj.inviteRoutes.length === opts.limits.inviteRoutes) {
                                throw new MaxLengthError('Decode error - repeated field "inviteRoutes" had too many elements');
                            }
                            obj.inviteRoutes.push(RouteRecord.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.inviteRoutes$
                            }));
                            break;
                        }
                        case 12: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 12');
                            obj.inviteExpiresAt = reader.uint64Number();
                            break;
                        }
                        case 13: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 13');
                            obj.lookup = reader.bool();
                            break;
                        }
                        case 14: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 14');
                            obj.addedAt = reader.uint64Number();
                            break;
                        }
                        case 15: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 15');
                            obj.failure = reader.string();
                            break;
                        }
                        case 16: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 16');
                            obj.activeSession = reader.bytes();
                            break;
                        }
                        case 17: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 17');
                            obj.renewing = reader.bool();
                            break;
                        }
                        case 30: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 30');
                            obj.identity = reader.uint32();
                            break;
                        }
                        case 31: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 31');
                            obj.verifiedAt = reader.uint64Number();
                            break;
                        }
                        case 32: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 32');
                            obj.verifiedManifest = reader.bytes();
                            break;
                        }
                        case 33: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 33');
                            obj.presented = reader.bytes();
                            break;
                        }
                        case 34: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 34');
                            obj.presentedSession = reader.bytes();
                            break;
                        }
                        case 35: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 35');
                            obj.refusedManifest = reader.bytes();
                            break;
                        }
                        case 36: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 36');
                            obj.manifestChanged = reader.bool();
                            break;
                        }
                        case 37: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 37');
                            if (opts.limits?.sessionDevices != null && obj.sessionDevices.length === opts.limits.sessionDevices) {
                                throw new MaxLengthError('Decode error - repeated field "sessionDevices" had too many elements');
                            }
                            obj.sessionDevices.push(SessionDeviceRecord.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.sessionDevices$
                            }));
                            break;
                        }
                        case 38: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 38');
                            obj.presentedUpdate = reader.bytes();
                            break;
                        }
                        case 39: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 39');
                            if (opts.limits?.presentedSeen != null && obj.presentedSeen.length === opts.limits.presentedSeen) {
                                throw new MaxLengthError('Decode error - repeated field "presentedSeen" had too many elements');
                            }
                            obj.presentedSeen.push(RangeRecord.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.presentedSeen$
                            }));
                            break;
                        }
                        case 40: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 40');
                            obj.resetSecret = reader.bytes();
                            break;
                        }
                        case 41: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 41');
                            obj.renewal = RenewalRecord.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.renewal
                            });
                            break;
                        }
                        case 42: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 42');
                            obj.oneTimeInvite = reader.bytes();
                            break;
                        }
                        default: {
                            if (tag < 8) throw new RangeError('a field 0');
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                if (reader.pos !== end) throw new RangeError('a field ends outside its message');
                return obj;
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, ContactRecord.codec());
    }
    ContactRecord.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, ContactRecord.codec(), opts);
    }
    ContactRecord.decode = decode;
})(ContactRecord || (ContactRecord = {}));
export var SessionDeviceRecord;
(function (SessionDeviceRecord) {
    let _codec;
    SessionDeviceRecord.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.session != null && obj.session.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.session);
                }
                if ((obj.exchangeKey != null && obj.exchangeKey.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.exchangeKey);
                }
                if ((obj.beganAt != null && obj.beganAt !== 0)) {
                    w.uint32(24);
                    w.uint64Number(obj.beganAt);
                }
                if ((obj.heardAt != null && obj.heardAt !== 0)) {
                    w.uint32(32);
                    w.uint64Number(obj.heardAt);
                }
                if ((obj.weak != null && obj.weak !== false)) {
                    w.uint32(40);
                    w.bool(obj.weak);
                }
                if ((obj.retired != null && obj.retired !== false)) {
                    w.uint32(48);
                    w.bool(obj.retired);
                }
                if ((obj.renewal != null && obj.renewal !== false)) {
                    w.uint32(56);
                    w.bool(obj.renewal);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    session: uint8ArrayAlloc(0),
                    exchangeKey: uint8ArrayAlloc(0),
                    beganAt: 0,
                    heardAt: 0,
                    weak: false,
                    retired: false,
                    renewal: false
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 1');
                            obj.session = reader.bytes();
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 2');
                            obj.exchangeKey = reader.bytes();
                            break;
                        }
                        case 3: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 3');
                            obj.beganAt = reader.uint64Number();
                            break;
                        }
                        case 4: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 4');
                            obj.heardAt = reader.uint64Number();
                            break;
                        }
                        case 5: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 5');
                            obj.weak = reader.bool();
                            break;
                        }
                        case 6: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 6');
                            obj.retired = reader.bool();
                            break;
                        }
                        case 7: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 7');
                            obj.renewal = reader.bool();
                            break;
                        }
                        default: {
                            if (tag < 8) throw new RangeError('a field 0');
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                if (reader.pos !== end) throw new RangeError('a field ends outside its message');
                return obj;
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, SessionDeviceRecord.codec());
    }
    SessionDeviceRecord.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, SessionDeviceRecord.codec(), opts);
    }
    SessionDeviceRecord.decode = decode;
})(SessionDeviceRecord || (SessionDeviceRecord = {}));
export var RenewalRecord;
(function (RenewalRecord) {
    let _codec;
    RenewalRecord.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.suspectedAt != null && obj.suspectedAt !== 0)) {
                    w.uint32(8);
                    w.uint64Number(obj.suspectedAt);
                }
                if ((obj.triedAt != null && obj.triedAt !== 0)) {
                    w.uint32(16);
                    w.uint64Number(obj.triedAt);
                }
                if ((obj.tries != null && obj.tries !== 0)) {
                    w.uint32(24);
                    w.uint32(obj.tries);
                }
                if ((obj.confirmedAt != null && obj.confirmedAt !== 0)) {
                    w.uint32(32);
                    w.uint64Number(obj.confirmedAt);
                }
                if ((obj.noticedAt != null && obj.noticedAt !== 0)) {
                    w.uint32(40);
                    w.uint64Number(obj.noticedAt);
                }
                if ((obj.searching != null && obj.searching !== false)) {
                    w.uint32(48);
                    w.bool(obj.searching);
                }
                if ((obj.byReset != null && obj.byReset !== false)) {
                    w.uint32(56);
                    w.bool(obj.byReset);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    suspectedAt: 0,
                    triedAt: 0,
                    tries: 0,
                    confirmedAt: 0,
                    noticedAt: 0,
                    searching: false,
                    byReset: false
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 1');
                            obj.suspectedAt = reader.uint64Number();
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 2');
                            obj.triedAt = reader.uint64Number();
                            break;
                        }
                        case 3: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 3');
                            obj.tries = reader.uint32();
                            break;
                        }
                        case 4: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 4');
                            obj.confirmedAt = reader.uint64Number();
                            break;
                        }
                        case 5: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 5');
                            obj.noticedAt = reader.uint64Number();
                            break;
                        }
                        case 6: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 6');
                            obj.searching = reader.bool();
                            break;
                        }
                        case 7: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 7');
                            obj.byReset = reader.bool();
                            break;
                        }
                        default: {
                            if (tag < 8) throw new RangeError('a field 0');
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                if (reader.pos !== end) throw new RangeError('a field ends outside its message');
                return obj;
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, RenewalRecord.codec());
    }
    RenewalRecord.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, RenewalRecord.codec(), opts);
    }
    RenewalRecord.decode = decode;
})(RenewalRecord || (RenewalRecord = {}));
export var RouteRecord;
(function (RouteRecord) {
    let _codec;
    RouteRecord.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.device != null && obj.device !== false)) {
                    w.uint32(8);
                    w.bool(obj.device);
                }
                if ((obj.peerKey != null && obj.peerKey.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.peerKey);
                }
                if (obj.multiaddrs != null && obj.multiaddrs.length > 0) {
                    for (const value of obj.multiaddrs) {
                        w.uint32(26);
                        w.string(value);
                    }
                }
                if ((obj.secret != null && obj.secret.byteLength > 0)) {
                    w.uint32(34);
                    w.bytes(obj.secret);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    device: false,
                    peerKey: uint8ArrayAlloc(0),
                    multiaddrs: [],
                    secret: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 1');
                            obj.device = reader.bool();
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 2');
                            obj.peerKey = reader.bytes();
                            break;
                        }
                        case 3: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 3');
                            if (opts.limits?.multiaddrs != null && obj.multiaddrs.length === opts.limits.multiaddrs) {
                                throw new MaxLengthError('Decode error - repeated field "multiaddrs" had too many elements');
                            }
                            obj.multiaddrs.push(reader.string());
                            break;
                        }
                        case 4: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 4');
                            obj.secret = reader.bytes();
                            break;
                        }
                        default: {
                            if (tag < 8) throw new RangeError('a field 0');
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                if (reader.pos !== end) throw new RangeError('a field ends outside its message');
                return obj;
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, RouteRecord.codec());
    }
    RouteRecord.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, RouteRecord.codec(), opts);
    }
    RouteRecord.decode = decode;
})(RouteRecord || (RouteRecord = {}));
export var GrantRecord;
(function (GrantRecord) {
    let _codec;
    GrantRecord.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.device != null && obj.device !== false)) {
                    w.uint32(8);
                    w.bool(obj.device);
                }
                if ((obj.peerKey != null && obj.peerKey.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.peerKey);
                }
                if ((obj.secret != null && obj.secret.byteLength > 0)) {
                    w.uint32(26);
                    w.bytes(obj.secret);
                }
                if ((obj.inherited != null && obj.inherited !== false)) {
                    w.uint32(32);
                    w.bool(obj.inherited);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    device: false,
                    peerKey: uint8ArrayAlloc(0),
                    secret: uint8ArrayAlloc(0),
                    inherited: false
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 1');
                            obj.device = reader.bool();
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 2');
                            obj.peerKey = reader.bytes();
                            break;
                        }
                        case 3: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 3');
                            obj.secret = reader.bytes();
                            break;
                        }
                        case 4: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 4');
                            obj.inherited = reader.bool();
                            break;
                        }
                        default: {
                            if (tag < 8) throw new RangeError('a field 0');
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                if (reader.pos !== end) throw new RangeError('a field ends outside its message');
                return obj;
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, GrantRecord.codec());
    }
    GrantRecord.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, GrantRecord.codec(), opts);
    }
    GrantRecord.decode = decode;
})(GrantRecord || (GrantRecord = {}));
export var ConversationRecord;
(function (ConversationRecord) {
    let _codec;
    ConversationRecord.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.account != null && obj.account.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.account);
                }
                if ((obj.counter != null && obj.counter !== 0)) {
                    w.uint32(16);
                    w.uint64Number(obj.counter);
                }
                if ((obj.previous != null && obj.previous.byteLength > 0)) {
                    w.uint32(26);
                    w.bytes(obj.previous);
                }
                if (obj.seen != null && obj.seen.length > 0) {
                    for (const value of obj.seen) {
                        w.uint32(34);
                        RangeRecord.codec().encode(value, w);
                    }
                }
                if ((obj.readByPeer != null && obj.readByPeer !== 0)) {
                    w.uint32(48);
                    w.uint64Number(obj.readByPeer);
                }
                if ((obj.readThrough != null && obj.readThrough !== 0)) {
                    w.uint32(56);
                    w.uint64Number(obj.readThrough);
                }
                if ((obj.clockMs != null && obj.clockMs !== 0)) {
                    w.uint32(64);
                    w.uint64Number(obj.clockMs);
                }
                if ((obj.clockLogical != null && obj.clockLogical !== 0)) {
                    w.uint32(72);
                    w.uint32(obj.clockLogical);
                }
                if (obj.heads != null && obj.heads.length > 0) {
                    for (const value of obj.heads) {
                        w.uint32(82);
                        HeadRecord.codec().encode(value, w);
                    }
                }
                if ((obj.unread != null && obj.unread !== 0)) {
                    w.uint32(88);
                    w.uint32(obj.unread);
                }
                if ((obj.receiptDue != null && obj.receiptDue !== false)) {
                    w.uint32(96);
                    w.bool(obj.receiptDue);
                }
                if ((obj.lastMessageAt != null && obj.lastMessageAt !== 0)) {
                    w.uint32(104);
                    w.uint64Number(obj.lastMessageAt);
                }
                if ((obj.outboxSequence != null && obj.outboxSequence !== 0)) {
                    w.uint32(112);
                    w.uint64Number(obj.outboxSequence);
                }
                if ((obj.formerSentUpdate != null && obj.formerSentUpdate !== 0)) {
                    w.uint32(136);
                    w.uint64Number(obj.formerSentUpdate);
                }
                if ((obj.formerRoutesSequence != null && obj.formerRoutesSequence !== 0)) {
                    w.uint32(144);
                    w.uint64Number(obj.formerRoutesSequence);
                }
                if (obj.theirLast != null) {
                    w.uint32(154);
                    PositionRecord.codec().encode(obj.theirLast, w);
                }
                if ((obj.floor != null && obj.floor !== 0)) {
                    w.uint32(160);
                    w.uint64Number(obj.floor);
                }
                if ((obj.voidFrom != null && obj.voidFrom !== 0)) {
                    w.uint32(168);
                    w.uint64Number(obj.voidFrom);
                }
                if ((obj.taken != null && obj.taken.byteLength > 0)) {
                    w.uint32(178);
                    w.bytes(obj.taken);
                }
                if ((obj.takenPages != null && obj.takenPages !== 0)) {
                    w.uint32(184);
                    w.uint64Number(obj.takenPages);
                }
                if ((obj.removedIds != null && obj.removedIds.byteLength > 0)) {
                    w.uint32(194);
                    w.bytes(obj.removedIds);
                }
                if ((obj.removedAt != null && obj.removedAt !== 0)) {
                    w.uint32(200);
                    w.uint64Number(obj.removedAt);
                }
                if ((obj.theirFloor != null && obj.theirFloor !== 0)) {
                    w.uint32(208);
                    w.uint64Number(obj.theirFloor);
                }
                if ((obj.awaited != null && obj.awaited.byteLength > 0)) {
                    w.uint32(218);
                    w.bytes(obj.awaited);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    account: uint8ArrayAlloc(0),
                    counter: 0,
                    previous: uint8ArrayAlloc(0),
                    seen: [],
                    readByPeer: 0,
                    readThrough: 0,
                    clockMs: 0,
                    clockLogical: 0,
                    heads: [],
                    unread: 0,
                    receiptDue: false,
                    lastMessageAt: 0,
                    outboxSequence: 0,
                    formerSentUpdate: 0,
                    formerRoutesSequence: 0,
                    floor: 0,
                    voidFrom: 0,
                    taken: uint8ArrayAlloc(0),
                    takenPages: 0,
                    removedIds: uint8ArrayAlloc(0),
                    removedAt: 0,
                    theirFloor: 0,
                    awaited: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 1');
                            obj.account = reader.bytes();
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 2');
                            obj.counter = reader.uint64Number();
                            break;
                        }
                        case 3: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 3');
                            obj.previous = reader.bytes();
                            break;
                        }
                        case 4: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 4');
                            if (opts.limits?.seen != null && obj.seen.length === opts.limits.seen) {
                                throw new MaxLengthError('Decode error - repeated field "seen" had too many elements');
                            }
                            obj.seen.push(RangeRecord.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.seen$
                            }));
                            break;
                        }
                        case 6: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 6');
                            obj.readByPeer = reader.uint64Number();
                            break;
                        }
                        case 7: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 7');
                            obj.readThrough = reader.uint64Number();
                            break;
                        }
                        case 8: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 8');
                            obj.clockMs = reader.uint64Number();
                            break;
                        }
                        case 9: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 9');
                            obj.clockLogical = reader.uint32();
                            break;
                        }
                        case 10: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 10');
                            if (opts.limits?.heads != null && obj.heads.length === opts.limits.heads) {
                                throw new MaxLengthError('Decode error - repeated field "heads" had too many elements');
                            }
                            obj.heads.push(HeadRecord.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.heads$
                            }));
                            break;
                        }
                        case 11: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 11');
                            obj.unread = reader.uint32();
                            break;
                        }
                        case 12: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 12');
                            obj.receiptDue = reader.bool();
                            break;
                        }
                        case 13: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 13');
                            obj.lastMessageAt = reader.uint64Number();
                            break;
                        }
                        case 14: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 14');
                            obj.outboxSequence = reader.uint64Number();
                            break;
                        }
                        case 17: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 17');
                            obj.formerSentUpdate = reader.uint64Number();
                            break;
                        }
                        case 18: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 18');
                            obj.formerRoutesSequence = reader.uint64Number();
                            break;
                        }
                        case 19: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 19');
                            obj.theirLast = PositionRecord.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.theirLast
                            });
                            break;
                        }
                        case 20: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 20');
                            obj.floor = reader.uint64Number();
                            break;
                        }
                        case 21: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 21');
                            obj.voidFrom = reader.uint64Number();
                            break;
                        }
                        case 22: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 22');
                            obj.taken = reader.bytes();
                            break;
                        }
                        case 23: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 23');
                            obj.takenPages = reader.uint64Number();
                            break;
                        }
                        case 24: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 24');
                            obj.removedIds = reader.bytes();
                            break;
                        }
                        case 25: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 25');
                            obj.removedAt = reader.uint64Number();
                            break;
                        }
                        case 26: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 26');
                            obj.theirFloor = reader.uint64Number();
                            break;
                        }
                        case 27: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 27');
                            obj.awaited = reader.bytes();
                            break;
                        }
                        default: {
                            if (tag < 8) throw new RangeError('a field 0');
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                if (reader.pos !== end) throw new RangeError('a field ends outside its message');
                return obj;
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, ConversationRecord.codec());
    }
    ConversationRecord.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, ConversationRecord.codec(), opts);
    }
    ConversationRecord.decode = decode;
})(ConversationRecord || (ConversationRecord = {}));
export var TakenRecord;
(function (TakenRecord) {
    let _codec;
    TakenRecord.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.page != null && obj.page !== 0)) {
                    w.uint32(8);
                    w.uint64Number(obj.page);
                }
                if ((obj.nonces != null && obj.nonces.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.nonces);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    page: 0,
                    nonces: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 1');
                            obj.page = reader.uint64Number();
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 2');
                            obj.nonces = reader.bytes();
                            break;
                        }
                        default: {
                            if (tag < 8) throw new RangeError('a field 0');
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                if (reader.pos !== end) throw new RangeError('a field ends outside its message');
                return obj;
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, TakenRecord.codec());
    }
    TakenRecord.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, TakenRecord.codec(), opts);
    }
    TakenRecord.decode = decode;
})(TakenRecord || (TakenRecord = {}));
export var RangeRecord;
(function (RangeRecord) {
    let _codec;
    RangeRecord.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.first != null && obj.first !== 0)) {
                    w.uint32(8);
                    w.uint64Number(obj.first);
                }
                if ((obj.last != null && obj.last !== 0)) {
                    w.uint32(16);
                    w.uint64Number(obj.last);
                }
                if ((obj.chain != null && obj.chain.byteLength > 0)) {
                    w.uint32(26);
                    w.bytes(obj.chain);
                }
                if ((obj.previous != null && obj.previous.byteLength > 0)) {
                    w.uint32(34);
                    w.bytes(obj.previous);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    first: 0,
                    last: 0,
                    chain: uint8ArrayAlloc(0),
                    previous: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 1');
                            obj.first = reader.uint64Number();
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 2');
                            obj.last = reader.uint64Number();
                            break;
                        }
                        case 3: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 3');
                            obj.chain = reader.bytes();
                            break;
                        }
                        case 4: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 4');
                            obj.previous = reader.bytes();
                            break;
                        }
                        default: {
                            if (tag < 8) throw new RangeError('a field 0');
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                if (reader.pos !== end) throw new RangeError('a field ends outside its message');
                return obj;
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, RangeRecord.codec());
    }
    RangeRecord.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, RangeRecord.codec(), opts);
    }
    RangeRecord.decode = decode;
})(RangeRecord || (RangeRecord = {}));
export var PositionRecord;
(function (PositionRecord) {
    let _codec;
    PositionRecord.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.ms != null && obj.ms !== 0)) {
                    w.uint32(8);
                    w.uint64Number(obj.ms);
                }
                if ((obj.logical != null && obj.logical !== 0)) {
                    w.uint32(16);
                    w.uint32(obj.logical);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    ms: 0,
                    logical: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 1');
                            obj.ms = reader.uint64Number();
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 2');
                            obj.logical = reader.uint32();
                            break;
                        }
                        default: {
                            if (tag < 8) throw new RangeError('a field 0');
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                if (reader.pos !== end) throw new RangeError('a field ends outside its message');
                return obj;
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, PositionRecord.codec());
    }
    PositionRecord.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, PositionRecord.codec(), opts);
    }
    PositionRecord.decode = decode;
})(PositionRecord || (PositionRecord = {}));
export var HeadRecord;
(function (HeadRecord) {
    let _codec;
    HeadRecord.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.id != null && obj.id.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.id);
                }
                if ((obj.ms != null && obj.ms !== 0)) {
                    w.uint32(16);
                    w.uint64Number(obj.ms);
                }
                if ((obj.logical != null && obj.logical !== 0)) {
                    w.uint32(24);
                    w.uint32(obj.logical);
                }
                if ((obj.own != null && obj.own !== false)) {
                    w.uint32(32);
                    w.bool(obj.own);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    id: uint8ArrayAlloc(0),
                    ms: 0,
                    logical: 0,
                    own: false
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 1');
                            obj.id = reader.bytes();
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 2');
                            obj.ms = reader.uint64Number();
                            break;
                        }
                        case 3: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 3');
                            obj.logical = reader.uint32();
                            break;
                        }
                        case 4: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 4');
                            obj.own = reader.bool();
                            break;
                        }
                        default: {
                            if (tag < 8) throw new RangeError('a field 0');
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                if (reader.pos !== end) throw new RangeError('a field ends outside its message');
                return obj;
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, HeadRecord.codec());
    }
    HeadRecord.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, HeadRecord.codec(), opts);
    }
    HeadRecord.decode = decode;
})(HeadRecord || (HeadRecord = {}));
export var MessageRecord;
(function (MessageRecord) {
    let _codec;
    MessageRecord.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.id != null && obj.id.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.id);
                }
                if ((obj.own != null && obj.own !== false)) {
                    w.uint32(16);
                    w.bool(obj.own);
                }
                if ((obj.counter != null && obj.counter !== 0)) {
                    w.uint32(24);
                    w.uint64Number(obj.counter);
                }
                if ((obj.kind != null && obj.kind !== 0)) {
                    w.uint32(32);
                    w.uint32(obj.kind);
                }
                if ((obj.payload != null && obj.payload.byteLength > 0)) {
                    w.uint32(42);
                    w.bytes(obj.payload);
                }
                if ((obj.sentAt != null && obj.sentAt !== 0)) {
                    w.uint32(48);
                    w.uint64Number(obj.sentAt);
                }
                if ((obj.receivedAt != null && obj.receivedAt !== 0)) {
                    w.uint32(56);
                    w.uint64Number(obj.receivedAt);
                }
                if ((obj.late != null && obj.late !== false)) {
                    w.uint32(64);
                    w.bool(obj.late);
                }
                if ((obj.way != null && obj.way !== 0)) {
                    w.uint32(72);
                    w.uint32(obj.way);
                }
                if ((obj.removed != null && obj.removed !== false)) {
                    w.uint32(80);
                    w.bool(obj.removed);
                }
                if ((obj.identityInDoubt != null && obj.identityInDoubt !== false)) {
                    w.uint32(240);
                    w.bool(obj.identityInDoubt);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    id: uint8ArrayAlloc(0),
                    own: false,
                    counter: 0,
                    kind: 0,
                    payload: uint8ArrayAlloc(0),
                    sentAt: 0,
                    receivedAt: 0,
                    late: false,
                    way: 0,
                    removed: false,
                    identityInDoubt: false
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 1');
                            obj.id = reader.bytes();
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 2');
                            obj.own = reader.bool();
                            break;
                        }
                        case 3: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 3');
                            obj.counter = reader.uint64Number();
                            break;
                        }
                        case 4: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 4');
                            obj.kind = reader.uint32();
                            break;
                        }
                        case 5: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 5');
                            obj.payload = reader.bytes();
                            break;
                        }
                        case 6: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 6');
                            obj.sentAt = reader.uint64Number();
                            break;
                        }
                        case 7: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 7');
                            obj.receivedAt = reader.uint64Number();
                            break;
                        }
                        case 8: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 8');
                            obj.late = reader.bool();
                            break;
                        }
                        case 9: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 9');
                            obj.way = reader.uint32();
                            break;
                        }
                        case 10: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 10');
                            obj.removed = reader.bool();
                            break;
                        }
                        case 30: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 30');
                            obj.identityInDoubt = reader.bool();
                            break;
                        }
                        default: {
                            if (tag < 8) throw new RangeError('a field 0');
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                if (reader.pos !== end) throw new RangeError('a field ends outside its message');
                return obj;
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, MessageRecord.codec());
    }
    MessageRecord.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, MessageRecord.codec(), opts);
    }
    MessageRecord.decode = decode;
})(MessageRecord || (MessageRecord = {}));
export var OutboxRecord;
(function (OutboxRecord) {
    let _codec;
    OutboxRecord.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.sequence != null && obj.sequence !== 0)) {
                    w.uint32(8);
                    w.uint64Number(obj.sequence);
                }
                if ((obj.body != null && obj.body.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.body);
                }
                if ((obj.inner != null && obj.inner.byteLength > 0)) {
                    w.uint32(26);
                    w.bytes(obj.inner);
                }
                if ((obj.createdAt != null && obj.createdAt !== 0)) {
                    w.uint32(32);
                    w.uint64Number(obj.createdAt);
                }
                if ((obj.expiresAt != null && obj.expiresAt !== 0)) {
                    w.uint32(40);
                    w.uint64Number(obj.expiresAt);
                }
                if (obj.storedAt != null && obj.storedAt.length > 0) {
                    for (const value of obj.storedAt) {
                        w.uint32(50);
                        StoredAtRecord.codec().encode(value, w);
                    }
                }
                if ((obj.session != null && obj.session.byteLength > 0)) {
                    w.uint32(58);
                    w.bytes(obj.session);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    sequence: 0,
                    body: uint8ArrayAlloc(0),
                    inner: uint8ArrayAlloc(0),
                    createdAt: 0,
                    expiresAt: 0,
                    storedAt: [],
                    session: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 1');
                            obj.sequence = reader.uint64Number();
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 2');
                            obj.body = reader.bytes();
                            break;
                        }
                        case 3: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 3');
                            obj.inner = reader.bytes();
                            break;
                        }
                        case 4: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 4');
                            obj.createdAt = reader.uint64Number();
                            break;
                        }
                        case 5: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 5');
                            obj.expiresAt = reader.uint64Number();
                            break;
                        }
                        case 6: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 6');
                            if (opts.limits?.storedAt != null && obj.storedAt.length === opts.limits.storedAt) {
                                throw new MaxLengthError('Decode error - repeated field "storedAt" had too many elements');
                            }
                            obj.storedAt.push(StoredAtRecord.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.storedAt$
                            }));
                            break;
                        }
                        case 7: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 7');
                            obj.session = reader.bytes();
                            break;
                        }
                        default: {
                            if (tag < 8) throw new RangeError('a field 0');
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                if (reader.pos !== end) throw new RangeError('a field ends outside its message');
                return obj;
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, OutboxRecord.codec());
    }
    OutboxRecord.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, OutboxRecord.codec(), opts);
    }
    OutboxRecord.decode = decode;
})(OutboxRecord || (OutboxRecord = {}));
export var StoredAtRecord;
(function (StoredAtRecord) {
    let _codec;
    StoredAtRecord.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.peerKey != null && obj.peerKey.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.peerKey);
                }
                if ((obj.until != null && obj.until !== 0)) {
                    w.uint32(16);
                    w.uint64Number(obj.until);
                }
                if ((obj.at != null && obj.at !== 0)) {
                    w.uint32(24);
                    w.uint64Number(obj.at);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    peerKey: uint8ArrayAlloc(0),
                    until: 0,
                    at: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 1');
                            obj.peerKey = reader.bytes();
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 2');
                            obj.until = reader.uint64Number();
                            break;
                        }
                        case 3: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 3');
                            obj.at = reader.uint64Number();
                            break;
                        }
                        default: {
                            if (tag < 8) throw new RangeError('a field 0');
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                if (reader.pos !== end) throw new RangeError('a field ends outside its message');
                return obj;
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, StoredAtRecord.codec());
    }
    StoredAtRecord.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, StoredAtRecord.codec(), opts);
    }
    StoredAtRecord.decode = decode;
})(StoredAtRecord || (StoredAtRecord = {}));
export var DeliveryRecord;
(function (DeliveryRecord) {
    let _codec;
    DeliveryRecord.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.first != null && obj.first !== 0)) {
                    w.uint32(8);
                    w.uint64Number(obj.first);
                }
                if ((obj.last != null && obj.last !== 0)) {
                    w.uint32(16);
                    w.uint64Number(obj.last);
                }
                if ((obj.state != null && obj.state !== 0)) {
                    w.uint32(24);
                    w.uint32(obj.state);
                }
                if ((obj.way != null && obj.way !== 0)) {
                    w.uint32(32);
                    w.uint32(obj.way);
                }
                if ((obj.storedBy != null && obj.storedBy !== 0)) {
                    w.uint32(40);
                    w.uint32(obj.storedBy);
                }
                if ((obj.of != null && obj.of !== 0)) {
                    w.uint32(48);
                    w.uint32(obj.of);
                }
                if ((obj.until != null && obj.until !== 0)) {
                    w.uint32(56);
                    w.uint64Number(obj.until);
                }
                if ((obj.reason != null && obj.reason !== '')) {
                    w.uint32(66);
                    w.string(obj.reason);
                }
                if ((obj.at != null && obj.at !== 0)) {
                    w.uint32(72);
                    w.uint64Number(obj.at);
                }
                if (obj.ids != null && obj.ids.length > 0) {
                    for (const value of obj.ids) {
                        w.uint32(82);
                        w.bytes(value);
                    }
                }
                if (obj.storedAt != null && obj.storedAt.length > 0) {
                    for (const value of obj.storedAt) {
                        w.uint32(90);
                        StoredAtRecord.codec().encode(value, w);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    first: 0,
                    last: 0,
                    state: 0,
                    way: 0,
                    storedBy: 0,
                    of: 0,
                    until: 0,
                    reason: '',
                    at: 0,
                    ids: [],
                    storedAt: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 1');
                            obj.first = reader.uint64Number();
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 2');
                            obj.last = reader.uint64Number();
                            break;
                        }
                        case 3: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 3');
                            obj.state = reader.uint32();
                            break;
                        }
                        case 4: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 4');
                            obj.way = reader.uint32();
                            break;
                        }
                        case 5: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 5');
                            obj.storedBy = reader.uint32();
                            break;
                        }
                        case 6: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 6');
                            obj.of = reader.uint32();
                            break;
                        }
                        case 7: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 7');
                            obj.until = reader.uint64Number();
                            break;
                        }
                        case 8: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 8');
                            obj.reason = reader.string();
                            break;
                        }
                        case 9: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 9');
                            obj.at = reader.uint64Number();
                            break;
                        }
                        case 10: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 10');
                            if (opts.limits?.ids != null && obj.ids.length === opts.limits.ids) {
                                throw new MaxLengthError('Decode error - repeated field "ids" had too many elements');
                            }
                            obj.ids.push(reader.bytes());
                            break;
                        }
                        case 11: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 11');
                            if (opts.limits?.storedAt != null && obj.storedAt.length === opts.limits.storedAt) {
                                throw new MaxLengthError('Decode error - repeated field "storedAt" had too many elements');
                            }
                            obj.storedAt.push(StoredAtRecord.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.storedAt$
                            }));
                            break;
                        }
                        default: {
                            if (tag < 8) throw new RangeError('a field 0');
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                if (reader.pos !== end) throw new RangeError('a field ends outside its message');
                return obj;
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, DeliveryRecord.codec());
    }
    DeliveryRecord.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, DeliveryRecord.codec(), opts);
    }
    DeliveryRecord.decode = decode;
})(DeliveryRecord || (DeliveryRecord = {}));
export var AnnotationRecord;
(function (AnnotationRecord) {
    let _codec;
    AnnotationRecord.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.id != null && obj.id.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.id);
                }
                if (obj.own != null) {
                    w.uint32(18);
                    AnnotationByRecord.codec().encode(obj.own, w);
                }
                if (obj.theirs != null) {
                    w.uint32(26);
                    AnnotationByRecord.codec().encode(obj.theirs, w);
                }
                if ((obj.taken != null && obj.taken.byteLength > 0)) {
                    w.uint32(34);
                    w.bytes(obj.taken);
                }
                if ((obj.removed != null && obj.removed !== false)) {
                    w.uint32(40);
                    w.bool(obj.removed);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    id: uint8ArrayAlloc(0),
                    taken: uint8ArrayAlloc(0),
                    removed: false
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 1');
                            obj.id = reader.bytes();
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 2');
                            obj.own = AnnotationByRecord.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.own
                            });
                            break;
                        }
                        case 3: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 3');
                            obj.theirs = AnnotationByRecord.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.theirs
                            });
                            break;
                        }
                        case 4: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 4');
                            obj.taken = reader.bytes();
                            break;
                        }
                        case 5: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 5');
                            obj.removed = reader.bool();
                            break;
                        }
                        default: {
                            if (tag < 8) throw new RangeError('a field 0');
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                if (reader.pos !== end) throw new RangeError('a field ends outside its message');
                return obj;
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, AnnotationRecord.codec());
    }
    AnnotationRecord.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, AnnotationRecord.codec(), opts);
    }
    AnnotationRecord.decode = decode;
})(AnnotationRecord || (AnnotationRecord = {}));
export var AnnotationByRecord;
(function (AnnotationByRecord) {
    let _codec;
    AnnotationByRecord.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.emoji != null && obj.emoji !== '')) {
                    w.uint32(10);
                    w.string(obj.emoji);
                }
                if ((obj.emojiMs != null && obj.emojiMs !== 0)) {
                    w.uint32(16);
                    w.uint64Number(obj.emojiMs);
                }
                if ((obj.emojiLogical != null && obj.emojiLogical !== 0)) {
                    w.uint32(24);
                    w.uint32(obj.emojiLogical);
                }
                if ((obj.emojiId != null && obj.emojiId.byteLength > 0)) {
                    w.uint32(34);
                    w.bytes(obj.emojiId);
                }
                if ((obj.editCounter != null && obj.editCounter !== 0)) {
                    w.uint32(40);
                    w.uint64Number(obj.editCounter);
                }
                if ((obj.text != null && obj.text !== '')) {
                    w.uint32(50);
                    w.string(obj.text);
                }
                if ((obj.editedAt != null && obj.editedAt !== 0)) {
                    w.uint32(56);
                    w.uint64Number(obj.editedAt);
                }
                if ((obj.deleted != null && obj.deleted !== false)) {
                    w.uint32(64);
                    w.bool(obj.deleted);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    emoji: '',
                    emojiMs: 0,
                    emojiLogical: 0,
                    emojiId: uint8ArrayAlloc(0),
                    editCounter: 0,
                    text: '',
                    editedAt: 0,
                    deleted: false
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 1');
                            obj.emoji = reader.string();
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 2');
                            obj.emojiMs = reader.uint64Number();
                            break;
                        }
                        case 3: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 3');
                            obj.emojiLogical = reader.uint32();
                            break;
                        }
                        case 4: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 4');
                            obj.emojiId = reader.bytes();
                            break;
                        }
                        case 5: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 5');
                            obj.editCounter = reader.uint64Number();
                            break;
                        }
                        case 6: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 6');
                            obj.text = reader.string();
                            break;
                        }
                        case 7: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 7');
                            obj.editedAt = reader.uint64Number();
                            break;
                        }
                        case 8: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 8');
                            obj.deleted = reader.bool();
                            break;
                        }
                        default: {
                            if (tag < 8) throw new RangeError('a field 0');
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                if (reader.pos !== end) throw new RangeError('a field ends outside its message');
                return obj;
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, AnnotationByRecord.codec());
    }
    AnnotationByRecord.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, AnnotationByRecord.codec(), opts);
    }
    AnnotationByRecord.decode = decode;
})(AnnotationByRecord || (AnnotationByRecord = {}));
export var ReadMarkRecord;
(function (ReadMarkRecord) {
    let _codec;
    ReadMarkRecord.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.at != null && obj.at !== 0)) {
                    w.uint32(8);
                    w.uint64Number(obj.at);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    at: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 1');
                            obj.at = reader.uint64Number();
                            break;
                        }
                        default: {
                            if (tag < 8) throw new RangeError('a field 0');
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                if (reader.pos !== end) throw new RangeError('a field ends outside its message');
                return obj;
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, ReadMarkRecord.codec());
    }
    ReadMarkRecord.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, ReadMarkRecord.codec(), opts);
    }
    ReadMarkRecord.decode = decode;
})(ReadMarkRecord || (ReadMarkRecord = {}));
export var HandshakeRecord;
(function (HandshakeRecord) {
    let _codec;
    HandshakeRecord.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.tag != null && obj.tag.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.tag);
                }
                if ((obj.prekeyId != null && obj.prekeyId.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.prekeyId);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    tag: uint8ArrayAlloc(0),
                    prekeyId: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 1');
                            obj.tag = reader.bytes();
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 2');
                            obj.prekeyId = reader.bytes();
                            break;
                        }
                        default: {
                            if (tag < 8) throw new RangeError('a field 0');
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                if (reader.pos !== end) throw new RangeError('a field ends outside its message');
                return obj;
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, HandshakeRecord.codec());
    }
    HandshakeRecord.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, HandshakeRecord.codec(), opts);
    }
    HandshakeRecord.decode = decode;
})(HandshakeRecord || (HandshakeRecord = {}));
