import { decodeMessage, encodeMessage, MaxLengthError, message } from 'protons-runtime';
import { alloc as uint8ArrayAlloc } from 'uint8arrays/alloc';
export var Frame;
(function (Frame) {
    let _codec;
    Frame.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                obj = { ...obj };
                if (obj.deleteMailbox != null) {
                    obj.ping = undefined;
                    obj.lookup = undefined;
                    obj.publishDescriptor = undefined;
                    obj.takePrekey = undefined;
                    obj.publishBundle = undefined;
                    obj.usage = undefined;
                    obj.deposit = undefined;
                    obj.ack = undefined;
                    obj.push = undefined;
                    obj.subscribe = undefined;
                    obj.closeAddress = undefined;
                    obj.openAddress = undefined;
                    obj.createMailbox = undefined;
                    obj.hello = undefined;
                    obj.answer = undefined;
                }
                if (obj.ping != null) {
                    obj.deleteMailbox = undefined;
                    obj.lookup = undefined;
                    obj.publishDescriptor = undefined;
                    obj.takePrekey = undefined;
                    obj.publishBundle = undefined;
                    obj.usage = undefined;
                    obj.deposit = undefined;
                    obj.ack = undefined;
                    obj.push = undefined;
                    obj.subscribe = undefined;
                    obj.closeAddress = undefined;
                    obj.openAddress = undefined;
                    obj.createMailbox = undefined;
                    obj.hello = undefined;
                    obj.answer = undefined;
                }
                if (obj.lookup != null) {
                    obj.deleteMailbox = undefined;
                    obj.ping = undefined;
                    obj.publishDescriptor = undefined;
                    obj.takePrekey = undefined;
                    obj.publishBundle = undefined;
                    obj.usage = undefined;
                    obj.deposit = undefined;
                    obj.ack = undefined;
                    obj.push = undefined;
                    obj.subscribe = undefined;
                    obj.closeAddress = undefined;
                    obj.openAddress = undefined;
                    obj.createMailbox = undefined;
                    obj.hello = undefined;
                    obj.answer = undefined;
                }
                if (obj.publishDescriptor != null) {
                    obj.deleteMailbox = undefined;
                    obj.ping = undefined;
                    obj.lookup = undefined;
                    obj.takePrekey = undefined;
                    obj.publishBundle = undefined;
                    obj.usage = undefined;
                    obj.deposit = undefined;
                    obj.ack = undefined;
                    obj.push = undefined;
                    obj.subscribe = undefined;
                    obj.closeAddress = undefined;
                    obj.openAddress = undefined;
                    obj.createMailbox = undefined;
                    obj.hello = undefined;
                    obj.answer = undefined;
                }
                if (obj.takePrekey != null) {
                    obj.deleteMailbox = undefined;
                    obj.ping = undefined;
                    obj.lookup = undefined;
                    obj.publishDescriptor = undefined;
                    obj.publishBundle = undefined;
                    obj.usage = undefined;
                    obj.deposit = undefined;
                    obj.ack = undefined;
                    obj.push = undefined;
                    obj.subscribe = undefined;
                    obj.closeAddress = undefined;
                    obj.openAddress = undefined;
                    obj.createMailbox = undefined;
                    obj.hello = undefined;
                    obj.answer = undefined;
                }
                if (obj.publishBundle != null) {
                    obj.deleteMailbox = undefined;
                    obj.ping = undefined;
                    obj.lookup = undefined;
                    obj.publishDescriptor = undefined;
                    obj.takePrekey = undefined;
                    obj.usage = undefined;
                    obj.deposit = undefined;
                    obj.ack = undefined;
                    obj.push = undefined;
                    obj.subscribe = undefined;
                    obj.closeAddress = undefined;
                    obj.openAddress = undefined;
                    obj.createMailbox = undefined;
                    obj.hello = undefined;
                    obj.answer = undefined;
                }
                if (obj.usage != null) {
                    obj.deleteMailbox = undefined;
                    obj.ping = undefined;
                    obj.lookup = undefined;
                    obj.publishDescriptor = undefined;
                    obj.takePrekey = undefined;
                    obj.publishBundle = undefined;
                    obj.deposit = undefined;
                    obj.ack = undefined;
                    obj.push = undefined;
                    obj.subscribe = undefined;
                    obj.closeAddress = undefined;
                    obj.openAddress = undefined;
                    obj.createMailbox = undefined;
                    obj.hello = undefined;
                    obj.answer = undefined;
                }
                if (obj.deposit != null) {
                    obj.deleteMailbox = undefined;
                    obj.ping = undefined;
                    obj.lookup = undefined;
                    obj.publishDescriptor = undefined;
                    obj.takePrekey = undefined;
                    obj.publishBundle = undefined;
                    obj.usage = undefined;
                    obj.ack = undefined;
                    obj.push = undefined;
                    obj.subscribe = undefined;
                    obj.closeAddress = undefined;
                    obj.openAddress = undefined;
                    obj.createMailbox = undefined;
                    obj.hello = undefined;
                    obj.answer = undefined;
                }
                if (obj.ack != null) {
                    obj.deleteMailbox = undefined;
                    obj.ping = undefined;
                    obj.lookup = undefined;
                    obj.publishDescriptor = undefined;
                    obj.takePrekey = undefined;
                    obj.publishBundle = undefined;
                    obj.usage = undefined;
                    obj.deposit = undefined;
                    obj.push = undefined;
                    obj.subscribe = undefined;
                    obj.closeAddress = undefined;
                    obj.openAddress = undefined;
                    obj.createMailbox = undefined;
                    obj.hello = undefined;
                    obj.answer = undefined;
                }
                if (obj.push != null) {
                    obj.deleteMailbox = undefined;
                    obj.ping = undefined;
                    obj.lookup = undefined;
                    obj.publishDescriptor = undefined;
                    obj.takePrekey = undefined;
                    obj.publishBundle = undefined;
                    obj.usage = undefined;
                    obj.deposit = undefined;
                    obj.ack = undefined;
                    obj.subscribe = undefined;
                    obj.closeAddress = undefined;
                    obj.openAddress = undefined;
                    obj.createMailbox = undefined;
                    obj.hello = undefined;
                    obj.answer = undefined;
                }
                if (obj.subscribe != null) {
                    obj.deleteMailbox = undefined;
                    obj.ping = undefined;
                    obj.lookup = undefined;
                    obj.publishDescriptor = undefined;
                    obj.takePrekey = undefined;
                    obj.publishBundle = undefined;
                    obj.usage = undefined;
                    obj.deposit = undefined;
                    obj.ack = undefined;
                    obj.push = undefined;
                    obj.closeAddress = undefined;
                    obj.openAddress = undefined;
                    obj.createMailbox = undefined;
                    obj.hello = undefined;
                    obj.answer = undefined;
                }
                if (obj.closeAddress != null) {
                    obj.deleteMailbox = undefined;
                    obj.ping = undefined;
                    obj.lookup = undefined;
                    obj.publishDescriptor = undefined;
                    obj.takePrekey = undefined;
                    obj.publishBundle = undefined;
                    obj.usage = undefined;
                    obj.deposit = undefined;
                    obj.ack = undefined;
                    obj.push = undefined;
                    obj.subscribe = undefined;
                    obj.openAddress = undefined;
                    obj.createMailbox = undefined;
                    obj.hello = undefined;
                    obj.answer = undefined;
                }
                if (obj.openAddress != null) {
                    obj.deleteMailbox = undefined;
                    obj.ping = undefined;
                    obj.lookup = undefined;
                    obj.publishDescriptor = undefined;
                    obj.takePrekey = undefined;
                    obj.publishBundle = undefined;
                    obj.usage = undefined;
                    obj.deposit = undefined;
                    obj.ack = undefined;
                    obj.push = undefined;
                    obj.subscribe = undefined;
                    obj.closeAddress = undefined;
                    obj.createMailbox = undefined;
                    obj.hello = undefined;
                    obj.answer = undefined;
                }
                if (obj.createMailbox != null) {
                    obj.deleteMailbox = undefined;
                    obj.ping = undefined;
                    obj.lookup = undefined;
                    obj.publishDescriptor = undefined;
                    obj.takePrekey = undefined;
                    obj.publishBundle = undefined;
                    obj.usage = undefined;
                    obj.deposit = undefined;
                    obj.ack = undefined;
                    obj.push = undefined;
                    obj.subscribe = undefined;
                    obj.closeAddress = undefined;
                    obj.openAddress = undefined;
                    obj.hello = undefined;
                    obj.answer = undefined;
                }
                if (obj.hello != null) {
                    obj.deleteMailbox = undefined;
                    obj.ping = undefined;
                    obj.lookup = undefined;
                    obj.publishDescriptor = undefined;
                    obj.takePrekey = undefined;
                    obj.publishBundle = undefined;
                    obj.usage = undefined;
                    obj.deposit = undefined;
                    obj.ack = undefined;
                    obj.push = undefined;
                    obj.subscribe = undefined;
                    obj.closeAddress = undefined;
                    obj.openAddress = undefined;
                    obj.createMailbox = undefined;
                    obj.answer = undefined;
                }
                if (obj.answer != null) {
                    obj.deleteMailbox = undefined;
                    obj.ping = undefined;
                    obj.lookup = undefined;
                    obj.publishDescriptor = undefined;
                    obj.takePrekey = undefined;
                    obj.publishBundle = undefined;
                    obj.usage = undefined;
                    obj.deposit = undefined;
                    obj.ack = undefined;
                    obj.push = undefined;
                    obj.subscribe = undefined;
                    obj.closeAddress = undefined;
                    obj.openAddress = undefined;
                    obj.createMailbox = undefined;
                    obj.hello = undefined;
                }
                if ((obj.number != null && obj.number !== 0)) {
                    w.uint32(8);
                    w.uint32(obj.number);
                }
                if (obj.answer != null) {
                    w.uint32(18);
                    Answer.codec().encode(obj.answer, w);
                }
                if (obj.hello != null) {
                    w.uint32(26);
                    Hello.codec().encode(obj.hello, w);
                }
                if (obj.createMailbox != null) {
                    w.uint32(34);
                    CreateMailbox.codec().encode(obj.createMailbox, w);
                }
                if (obj.openAddress != null) {
                    w.uint32(42);
                    OpenAddress.codec().encode(obj.openAddress, w);
                }
                if (obj.closeAddress != null) {
                    w.uint32(50);
                    CloseAddress.codec().encode(obj.closeAddress, w);
                }
                if (obj.subscribe != null) {
                    w.uint32(58);
                    Subscribe.codec().encode(obj.subscribe, w);
                }
                if (obj.push != null) {
                    w.uint32(66);
                    Push.codec().encode(obj.push, w);
                }
                if (obj.ack != null) {
                    w.uint32(74);
                    Ack.codec().encode(obj.ack, w);
                }
                if (obj.deposit != null) {
                    w.uint32(82);
                    Deposit.codec().encode(obj.deposit, w);
                }
                if (obj.usage != null) {
                    w.uint32(90);
                    UsageRequest.codec().encode(obj.usage, w);
                }
                if (obj.publishBundle != null) {
                    w.uint32(98);
                    PublishBundle.codec().encode(obj.publishBundle, w);
                }
                if (obj.takePrekey != null) {
                    w.uint32(106);
                    TakePrekey.codec().encode(obj.takePrekey, w);
                }
                if (obj.publishDescriptor != null) {
                    w.uint32(114);
                    PublishDescriptor.codec().encode(obj.publishDescriptor, w);
                }
                if (obj.lookup != null) {
                    w.uint32(122);
                    Lookup.codec().encode(obj.lookup, w);
                }
                if (obj.ping != null) {
                    w.uint32(130);
                    Ping.codec().encode(obj.ping, w);
                }
                if (obj.deleteMailbox != null) {
                    w.uint32(138);
                    DeleteMailbox.codec().encode(obj.deleteMailbox, w);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    number: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 1');
                            obj.number = reader.uint32();
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 2');
                            obj.answer = Answer.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.answer
                            });
                            break;
                        }
                        case 3: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 3');
                            obj.hello = Hello.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.hello
                            });
                            break;
                        }
                        case 4: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 4');
                            obj.createMailbox = CreateMailbox.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.createMailbox
                            });
                            break;
                        }
                        case 5: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 5');
                            obj.openAddress = OpenAddress.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.openAddress
                            });
                            break;
                        }
                        case 6: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 6');
                            obj.closeAddress = CloseAddress.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.closeAddress
                            });
                            break;
                        }
                        case 7: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 7');
                            obj.subscribe = Subscribe.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.subscribe
                            });
                            break;
                        }
                        case 8: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 8');
                            obj.push = Push.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.push
                            });
                            break;
                        }
                        case 9: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 9');
                            obj.ack = Ack.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.ack
                            });
                            break;
                        }
                        case 10: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 10');
                            obj.deposit = Deposit.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.deposit
                            });
                            break;
                        }
                        case 11: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 11');
                            obj.usage = UsageRequest.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.usage
                            });
                            break;
                        }
                        case 12: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 12');
                            obj.publishBundle = PublishBundle.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.publishBundle
                            });
                            break;
                        }
                        case 13: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 13');
                            obj.takePrekey = TakePrekey.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.takePrekey
                            });
                            break;
                        }
                        case 14: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 14');
                            obj.publishDescriptor = PublishDescriptor.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.publishDescriptor
                            });
                            break;
                        }
                        case 15: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 15');
                            obj.lookup = Lookup.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.lookup
                            });
                            break;
                        }
                        case 16: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 16');
                            obj.ping = Ping.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.ping
                            });
                            break;
                        }
                        case 17: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 17');
                            obj.deleteMailbox = DeleteMailbox.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.deleteMailbox
                            });
                            break;
                        }
                        default: {
                            if (tag < 8) throw new RangeError('a field 0');
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                if (obj.deleteMailbox != null) {
                    delete obj.ping;
                    delete obj.lookup;
                    delete obj.publishDescriptor;
                    delete obj.takePrekey;
                    delete obj.publishBundle;
                    delete obj.usage;
                    delete obj.deposit;
                    delete obj.ack;
                    delete obj.push;
                    delete obj.subscribe;
                    delete obj.closeAddress;
                    delete obj.openAddress;
                    delete obj.createMailbox;
                    delete obj.hello;
                    delete obj.answer;
                }
                if (obj.ping != null) {
                    delete obj.deleteMailbox;
                    delete obj.lookup;
                    delete obj.publishDescriptor;
                    delete obj.takePrekey;
                    delete obj.publishBundle;
                    delete obj.usage;
                    delete obj.deposit;
                    delete obj.ack;
                    delete obj.push;
                    delete obj.subscribe;
                    delete obj.closeAddress;
                    delete obj.openAddress;
                    delete obj.createMailbox;
                    delete obj.hello;
                    delete obj.answer;
                }
                if (obj.lookup != null) {
                    delete obj.deleteMailbox;
                    delete obj.ping;
                    delete obj.publishDescriptor;
                    delete obj.takePrekey;
                    delete obj.publishBundle;
                    delete obj.usage;
                    delete obj.deposit;
                    delete obj.ack;
                    delete obj.push;
                    delete obj.subscribe;
                    delete obj.closeAddress;
                    delete obj.openAddress;
                    delete obj.createMailbox;
                    delete obj.hello;
                    delete obj.answer;
                }
                if (obj.publishDescriptor != null) {
                    delete obj.deleteMailbox;
                    delete obj.ping;
                    delete obj.lookup;
                    delete obj.takePrekey;
                    delete obj.publishBundle;
                    delete obj.usage;
                    delete obj.deposit;
                    delete obj.ack;
                    delete obj.push;
                    delete obj.subscribe;
                    delete obj.closeAddress;
                    delete obj.openAddress;
                    delete obj.createMailbox;
                    delete obj.hello;
                    delete obj.answer;
                }
                if (obj.takePrekey != null) {
                    delete obj.deleteMailbox;
                    delete obj.ping;
                    delete obj.lookup;
                    delete obj.publishDescriptor;
                    delete obj.publishBundle;
                    delete obj.usage;
                    delete obj.deposit;
                    delete obj.ack;
                    delete obj.push;
                    delete obj.subscribe;
                    delete obj.closeAddress;
                    delete obj.openAddress;
                    delete obj.createMailbox;
                    delete obj.hello;
                    delete obj.answer;
                }
                if (obj.publishBundle != null) {
                    delete obj.deleteMailbox;
                    delete obj.ping;
                    delete obj.lookup;
                    delete obj.publishDescriptor;
                    delete obj.takePrekey;
                    delete obj.usage;
                    delete obj.deposit;
                    delete obj.ack;
                    delete obj.push;
                    delete obj.subscribe;
                    delete obj.closeAddress;
                    delete obj.openAddress;
                    delete obj.createMailbox;
                    delete obj.hello;
                    delete obj.answer;
                }
                if (obj.usage != null) {
                    delete obj.deleteMailbox;
                    delete obj.ping;
                    delete obj.lookup;
                    delete obj.publishDescriptor;
                    delete obj.takePrekey;
                    delete obj.publishBundle;
                    delete obj.deposit;
                    delete obj.ack;
                    delete obj.push;
                    delete obj.subscribe;
                    delete obj.closeAddress;
                    delete obj.openAddress;
                    delete obj.createMailbox;
                    delete obj.hello;
                    delete obj.answer;
                }
                if (obj.deposit != null) {
                    delete obj.deleteMailbox;
                    delete obj.ping;
                    delete obj.lookup;
                    delete obj.publishDescriptor;
                    delete obj.takePrekey;
                    delete obj.publishBundle;
                    delete obj.usage;
                    delete obj.ack;
                    delete obj.push;
                    delete obj.subscribe;
                    delete obj.closeAddress;
                    delete obj.openAddress;
                    delete obj.createMailbox;
                    delete obj.hello;
                    delete obj.answer;
                }
                if (obj.ack != null) {
                    delete obj.deleteMailbox;
                    delete obj.ping;
                    delete obj.lookup;
                    delete obj.publishDescriptor;
                    delete obj.takePrekey;
                    delete obj.publishBundle;
                    delete obj.usage;
                    delete obj.deposit;
                    delete obj.push;
                    delete obj.subscribe;
                    delete obj.closeAddress;
                    delete obj.openAddress;
                    delete obj.createMailbox;
                    delete obj.hello;
                    delete obj.answer;
                }
                if (obj.push != null) {
                    delete obj.deleteMailbox;
                    delete obj.ping;
                    delete obj.lookup;
                    delete obj.publishDescriptor;
                    delete obj.takePrekey;
                    delete obj.publishBundle;
                    delete obj.usage;
                    delete obj.deposit;
                    delete obj.ack;
                    delete obj.subscribe;
                    delete obj.closeAddress;
                    delete obj.openAddress;
                    delete obj.createMailbox;
                    delete obj.hello;
                    delete obj.answer;
                }
                if (obj.subscribe != null) {
                    delete obj.deleteMailbox;
                    delete obj.ping;
                    delete obj.lookup;
                    delete obj.publishDescriptor;
                    delete obj.takePrekey;
                    delete obj.publishBundle;
                    delete obj.usage;
                    delete obj.deposit;
                    delete obj.ack;
                    delete obj.push;
                    delete obj.closeAddress;
                    delete obj.openAddress;
                    delete obj.createMailbox;
                    delete obj.hello;
                    delete obj.answer;
                }
                if (obj.closeAddress != null) {
                    delete obj.deleteMailbox;
                    delete obj.ping;
                    delete obj.lookup;
                    delete obj.publishDescriptor;
                    delete obj.takePrekey;
                    delete obj.publishBundle;
                    delete obj.usage;
                    delete obj.deposit;
                    delete obj.ack;
                    delete obj.push;
                    delete obj.subscribe;
                    delete obj.openAddress;
                    delete obj.createMailbox;
                    delete obj.hello;
                    delete obj.answer;
                }
                if (obj.openAddress != null) {
                    delete obj.deleteMailbox;
                    delete obj.ping;
                    delete obj.lookup;
                    delete obj.publishDescriptor;
                    delete obj.takePrekey;
                    delete obj.publishBundle;
                    delete obj.usage;
                    delete obj.deposit;
                    delete obj.ack;
                    delete obj.push;
                    delete obj.subscribe;
                    delete obj.closeAddress;
                    delete obj.createMailbox;
                    delete obj.hello;
                    delete obj.answer;
                }
                if (obj.createMailbox != null) {
                    delete obj.deleteMailbox;
                    delete obj.ping;
                    delete obj.lookup;
                    delete obj.publishDescriptor;
                    delete obj.takePrekey;
                    delete obj.publishBundle;
                    delete obj.usage;
                    delete obj.deposit;
                    delete obj.ack;
                    delete obj.push;
                    delete obj.subscribe;
                    delete obj.closeAddress;
                    delete obj.openAddress;
                    delete obj.hello;
                    delete obj.answer;
                }
                if (obj.hello != null) {
                    delete obj.deleteMailbox;
                    delete obj.ping;
                    delete obj.lookup;
                    delete obj.publishDescriptor;
                    delete obj.takePrekey;
                    delete obj.publishBundle;
                    delete obj.usage;
                    delete obj.deposit;
                    delete obj.ack;
                    delete obj.push;
                    delete obj.subscribe;
                    delete obj.closeAddress;
                    delete obj.openAddress;
                    delete obj.createMailbox;
                    delete obj.answer;
                }
                if (obj.answer != null) {
                    delete obj.deleteMailbox;
                    delete obj.ping;
                    delete obj.lookup;
                    delete obj.publishDescriptor;
                    delete obj.takePrekey;
                    delete obj.publishBundle;
                    delete obj.usage;
                    delete obj.deposit;
                    delete obj.ack;
                    delete obj.push;
                    delete obj.subscribe;
                    delete obj.closeAddress;
                    delete obj.openAddress;
                    delete obj.createMailbox;
                    delete obj.hello;
                }
                if (reader.pos !== end) throw new RangeError('a field ends outside its message');
                return obj;
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Frame.codec());
    }
    Frame.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Frame.codec(), opts);
    }
    Frame.decode = decode;
})(Frame || (Frame = {}));
export var Answer;
(function (Answer) {
    let _codec;
    Answer.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.code != null && obj.code !== '')) {
                    w.uint32(10);
                    w.string(obj.code);
                }
                if ((obj.until != null && obj.until !== 0)) {
                    w.uint32(16);
                    w.uint64Number(obj.until);
                }
                if ((obj.duplicate != null && obj.duplicate !== false)) {
                    w.uint32(24);
                    w.bool(obj.duplicate);
                }
                if (obj.hello != null) {
                    w.uint32(34);
                    HelloAnswer.codec().encode(obj.hello, w);
                }
                if ((obj.value != null && obj.value.byteLength > 0)) {
                    w.uint32(42);
                    w.bytes(obj.value);
                }
                if (obj.usage != null) {
                    w.uint32(50);
                    Usage.codec().encode(obj.usage, w);
                }
                if ((obj.retryAfterMs != null && obj.retryAfterMs !== 0)) {
                    w.uint32(56);
                    w.uint32(obj.retryAfterMs);
                }
                if (obj.values != null && obj.values.length > 0) {
                    for (const value of obj.values) {
                        w.uint32(66);
                        w.bytes(value);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    code: '',
                    until: 0,
                    duplicate: false,
                    value: uint8ArrayAlloc(0),
                    retryAfterMs: 0,
                    values: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 1');
                            obj.code = reader.string();
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 2');
                            obj.until = reader.uint64Number();
                            break;
                        }
                        case 3: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 3');
                            obj.duplicate = reader.bool();
                            break;
                        }
                        case 4: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 4');
                            obj.hello = HelloAnswer.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.hello
                            });
                            break;
                        }
                        case 5: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 5');
                            obj.value = reader.bytes();
                            break;
                        }
                        case 6: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 6');
                            obj.usage = Usage.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.usage
                            });
                            break;
                        }
                        case 7: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 7');
                            obj.retryAfterMs = reader.uint32();
                            break;
                        }
                        case 8: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 8');
                            if (opts.limits?.values != null && obj.values.length === opts.limits.values) {
                                throw new MaxLengthError('Decode error - repeated field "values" had too many elements');
                            }
                            if (obj.values.length === 4) {
                                throw new MaxLengthError('Decode error - repeated field "values" had too many elements');
                            }
                            obj.values.push(reader.bytes(1024));
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
        return encodeMessage(obj, Answer.codec());
    }
    Answer.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Answer.codec(), opts);
    }
    Answer.decode = decode;
})(Answer || (Answer = {}));
export var Hello;
(function (Hello) {
    let _codec;
    Hello.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if (obj.versions != null && obj.versions.length > 0) {
                    for (const value of obj.versions) {
                        w.uint32(8);
                        w.uint32(value);
                    }
                }
                if ((obj.nonce != null && obj.nonce.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.nonce);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    versions: [],
                    nonce: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 1');
                            if (opts.limits?.versions != null && obj.versions.length === opts.limits.versions) {
                                throw new MaxLengthError('Decode error - repeated field "versions" had too many elements');
                            }
                            obj.versions.push(reader.uint32());
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 2');
                            obj.nonce = reader.bytes(32);
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
        return encodeMessage(obj, Hello.codec());
    }
    Hello.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Hello.codec(), opts);
    }
    Hello.decode = decode;
})(Hello || (Hello = {}));
export var HelloAnswer;
(function (HelloAnswer) {
    let _codec;
    HelloAnswer.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.version != null && obj.version !== 0)) {
                    w.uint32(8);
                    w.uint32(obj.version);
                }
                if ((obj.nonce != null && obj.nonce.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.nonce);
                }
                if ((obj.relay != null && obj.relay !== false)) {
                    w.uint32(24);
                    w.bool(obj.relay);
                }
                if ((obj.envelopeBytesMax != null && obj.envelopeBytesMax !== 0)) {
                    w.uint32(32);
                    w.uint32(obj.envelopeBytesMax);
                }
                if ((obj.retentionMs != null && obj.retentionMs !== 0)) {
                    w.uint32(40);
                    w.uint64Number(obj.retentionMs);
                }
                if ((obj.mailboxEnvelopesMax != null && obj.mailboxEnvelopesMax !== 0)) {
                    w.uint32(48);
                    w.uint32(obj.mailboxEnvelopesMax);
                }
                if ((obj.mailboxBytesMax != null && obj.mailboxBytesMax !== 0)) {
                    w.uint32(56);
                    w.uint64Number(obj.mailboxBytesMax);
                }
                if ((obj.workBits != null && obj.workBits !== 0)) {
                    w.uint32(64);
                    w.uint32(obj.workBits);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    version: 0,
                    nonce: uint8ArrayAlloc(0),
                    relay: false,
                    envelopeBytesMax: 0,
                    retentionMs: 0,
                    mailboxEnvelopesMax: 0,
                    mailboxBytesMax: 0,
                    workBits: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 1');
                            obj.version = reader.uint32();
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 2');
                            obj.nonce = reader.bytes(32);
                            break;
                        }
                        case 3: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 3');
                            obj.relay = reader.bool();
                            break;
                        }
                        case 4: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 4');
                            obj.envelopeBytesMax = reader.uint32();
                            break;
                        }
                        case 5: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 5');
                            obj.retentionMs = reader.uint64Number();
                            break;
                        }
                        case 6: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 6');
                            obj.mailboxEnvelopesMax = reader.uint32();
                            break;
                        }
                        case 7: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 7');
                            obj.mailboxBytesMax = reader.uint64Number();
                            break;
                        }
                        case 8: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 8');
                            obj.workBits = reader.uint32();
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
        return encodeMessage(obj, HelloAnswer.codec());
    }
    HelloAnswer.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, HelloAnswer.codec(), opts);
    }
    HelloAnswer.decode = decode;
})(HelloAnswer || (HelloAnswer = {}));
export var OwnerProof;
(function (OwnerProof) {
    let _codec;
    OwnerProof.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.owner != null && obj.owner.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.owner);
                }
                if ((obj.signature != null && obj.signature.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.signature);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    owner: uint8ArrayAlloc(0),
                    signature: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 1');
                            obj.owner = reader.bytes(32);
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 2');
                            obj.signature = reader.bytes(64);
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
        return encodeMessage(obj, OwnerProof.codec());
    }
    OwnerProof.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, OwnerProof.codec(), opts);
    }
    OwnerProof.decode = decode;
})(OwnerProof || (OwnerProof = {}));
export var CreateMailbox;
(function (CreateMailbox) {
    let _codec;
    CreateMailbox.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if (obj.proof != null) {
                    w.uint32(10);
                    OwnerProof.codec().encode(obj.proof, w);
                }
                if ((obj.work != null && obj.work.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.work);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    work: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 1');
                            obj.proof = OwnerProof.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.proof
                            });
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 2');
                            obj.work = reader.bytes(16);
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
        return encodeMessage(obj, CreateMailbox.codec());
    }
    CreateMailbox.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, CreateMailbox.codec(), opts);
    }
    CreateMailbox.decode = decode;
})(CreateMailbox || (CreateMailbox = {}));
export var OpenAddress;
(function (OpenAddress) {
    let _codec;
    OpenAddress.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.mailbox != null && obj.mailbox.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.mailbox);
                }
                if ((obj.addressHash != null && obj.addressHash.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.addressHash);
                }
                if ((obj.envelopesMax != null && obj.envelopesMax !== 0)) {
                    w.uint32(24);
                    w.uint32(obj.envelopesMax);
                }
                if ((obj.expiresAt != null && obj.expiresAt !== 0)) {
                    w.uint32(32);
                    w.uint64Number(obj.expiresAt);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    mailbox: uint8ArrayAlloc(0),
                    addressHash: uint8ArrayAlloc(0),
                    envelopesMax: 0,
                    expiresAt: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 1');
                            obj.mailbox = reader.bytes(32);
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 2');
                            obj.addressHash = reader.bytes(32);
                            break;
                        }
                        case 3: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 3');
                            obj.envelopesMax = reader.uint32();
                            break;
                        }
                        case 4: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 4');
                            obj.expiresAt = reader.uint64Number();
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
        return encodeMessage(obj, OpenAddress.codec());
    }
    OpenAddress.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, OpenAddress.codec(), opts);
    }
    OpenAddress.decode = decode;
})(OpenAddress || (OpenAddress = {}));
export var CloseAddress;
(function (CloseAddress) {
    let _codec;
    CloseAddress.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.mailbox != null && obj.mailbox.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.mailbox);
                }
                if ((obj.addressHash != null && obj.addressHash.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.addressHash);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    mailbox: uint8ArrayAlloc(0),
                    addressHash: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 1');
                            obj.mailbox = reader.bytes(32);
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 2');
                            obj.addressHash = reader.bytes(32);
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
        return encodeMessage(obj, CloseAddress.codec());
    }
    CloseAddress.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, CloseAddress.codec(), opts);
    }
    CloseAddress.decode = decode;
})(CloseAddress || (CloseAddress = {}));
export var Subscribe;
(function (Subscribe) {
    let _codec;
    Subscribe.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if (obj.proof != null) {
                    w.uint32(10);
                    OwnerProof.codec().encode(obj.proof, w);
                }
                if ((obj.after != null && obj.after.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.after);
                }
                if ((obj.credit != null && obj.credit !== 0)) {
                    w.uint32(24);
                    w.uint32(obj.credit);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    after: uint8ArrayAlloc(0),
                    credit: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 1');
                            obj.proof = OwnerProof.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.proof
                            });
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 2');
                            obj.after = reader.bytes(32);
                            break;
                        }
                        case 3: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 3');
                            obj.credit = reader.uint32();
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
        return encodeMessage(obj, Subscribe.codec());
    }
    Subscribe.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Subscribe.codec(), opts);
    }
    Subscribe.decode = decode;
})(Subscribe || (Subscribe = {}));
export var Push;
(function (Push) {
    let _codec;
    Push.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.mailbox != null && obj.mailbox.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.mailbox);
                }
                if (obj.envelopes != null && obj.envelopes.length > 0) {
                    for (const value of obj.envelopes) {
                        w.uint32(18);
                        PushedEnvelope.codec().encode(value, w);
                    }
                }
                if ((obj.drained != null && obj.drained !== false)) {
                    w.uint32(24);
                    w.bool(obj.drained);
                }
                if ((obj.refusedSome != null && obj.refusedSome !== false)) {
                    w.uint32(32);
                    w.bool(obj.refusedSome);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    mailbox: uint8ArrayAlloc(0),
                    envelopes: [],
                    drained: false,
                    refusedSome: false
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 1');
                            obj.mailbox = reader.bytes(32);
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 2');
                            if (opts.limits?.envelopes != null && obj.envelopes.length === opts.limits.envelopes) {
                                throw new MaxLengthError('Decode error - repeated field "envelopes" had too many elements');
                            }
                            obj.envelopes.push(PushedEnvelope.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.envelopes$
                            }));
                            break;
                        }
                        case 3: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 3');
                            obj.drained = reader.bool();
                            break;
                        }
                        case 4: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 4');
                            obj.refusedSome = reader.bool();
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
        return encodeMessage(obj, Push.codec());
    }
    Push.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Push.codec(), opts);
    }
    Push.decode = decode;
})(Push || (Push = {}));
export var PushedEnvelope;
(function (PushedEnvelope) {
    let _codec;
    PushedEnvelope.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.cursor != null && obj.cursor.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.cursor);
                }
                if ((obj.addressHash != null && obj.addressHash.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.addressHash);
                }
                if ((obj.envelope != null && obj.envelope.byteLength > 0)) {
                    w.uint32(26);
                    w.bytes(obj.envelope);
                }
                if ((obj.receivedAt != null && obj.receivedAt !== 0)) {
                    w.uint32(32);
                    w.uint64Number(obj.receivedAt);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    cursor: uint8ArrayAlloc(0),
                    addressHash: uint8ArrayAlloc(0),
                    envelope: uint8ArrayAlloc(0),
                    receivedAt: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 1');
                            obj.cursor = reader.bytes(32);
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 2');
                            obj.addressHash = reader.bytes(32);
                            break;
                        }
                        case 3: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 3');
                            obj.envelope = reader.bytes();
                            break;
                        }
                        case 4: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 4');
                            obj.receivedAt = reader.uint64Number();
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
        return encodeMessage(obj, PushedEnvelope.codec());
    }
    PushedEnvelope.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, PushedEnvelope.codec(), opts);
    }
    PushedEnvelope.decode = decode;
})(PushedEnvelope || (PushedEnvelope = {}));
export var Ack;
(function (Ack) {
    let _codec;
    Ack.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.mailbox != null && obj.mailbox.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.mailbox);
                }
                if ((obj.through != null && obj.through.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.through);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    mailbox: uint8ArrayAlloc(0),
                    through: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 1');
                            obj.mailbox = reader.bytes(32);
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 2');
                            obj.through = reader.bytes(32);
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
        return encodeMessage(obj, Ack.codec());
    }
    Ack.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Ack.codec(), opts);
    }
    Ack.decode = decode;
})(Ack || (Ack = {}));
export var Deposit;
(function (Deposit) {
    let _codec;
    Deposit.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.address != null && obj.address.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.address);
                }
                if ((obj.envelope != null && obj.envelope.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.envelope);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    address: uint8ArrayAlloc(0),
                    envelope: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 1');
                            obj.address = reader.bytes(32);
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 2');
                            obj.envelope = reader.bytes();
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
        return encodeMessage(obj, Deposit.codec());
    }
    Deposit.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Deposit.codec(), opts);
    }
    Deposit.decode = decode;
})(Deposit || (Deposit = {}));
export var UsageRequest;
(function (UsageRequest) {
    let _codec;
    UsageRequest.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.mailbox != null && obj.mailbox.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.mailbox);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    mailbox: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 1');
                            obj.mailbox = reader.bytes(32);
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
        return encodeMessage(obj, UsageRequest.codec());
    }
    UsageRequest.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, UsageRequest.codec(), opts);
    }
    UsageRequest.decode = decode;
})(UsageRequest || (UsageRequest = {}));
export var Usage;
(function (Usage) {
    let _codec;
    Usage.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.envelopes != null && obj.envelopes !== 0)) {
                    w.uint32(8);
                    w.uint64Number(obj.envelopes);
                }
                if ((obj.bytes != null && obj.bytes !== 0)) {
                    w.uint32(16);
                    w.uint64Number(obj.bytes);
                }
                if ((obj.envelopesMax != null && obj.envelopesMax !== 0)) {
                    w.uint32(24);
                    w.uint64Number(obj.envelopesMax);
                }
                if ((obj.bytesMax != null && obj.bytesMax !== 0)) {
                    w.uint32(32);
                    w.uint64Number(obj.bytesMax);
                }
                if ((obj.addresses != null && obj.addresses !== 0)) {
                    w.uint32(40);
                    w.uint64Number(obj.addresses);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    envelopes: 0,
                    bytes: 0,
                    envelopesMax: 0,
                    bytesMax: 0,
                    addresses: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 1');
                            obj.envelopes = reader.uint64Number();
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 2');
                            obj.bytes = reader.uint64Number();
                            break;
                        }
                        case 3: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 3');
                            obj.envelopesMax = reader.uint64Number();
                            break;
                        }
                        case 4: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 4');
                            obj.bytesMax = reader.uint64Number();
                            break;
                        }
                        case 5: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 5');
                            obj.addresses = reader.uint64Number();
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
        return encodeMessage(obj, Usage.codec());
    }
    Usage.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Usage.codec(), opts);
    }
    Usage.decode = decode;
})(Usage || (Usage = {}));
export var PublishBundle;
(function (PublishBundle) {
    let _codec;
    PublishBundle.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.mailbox != null && obj.mailbox.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.mailbox);
                }
                if ((obj.location != null && obj.location.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.location);
                }
                if ((obj.sealed != null && obj.sealed.byteLength > 0)) {
                    w.uint32(26);
                    w.bytes(obj.sealed);
                }
                if ((obj.oneTime != null && obj.oneTime !== false)) {
                    w.uint32(32);
                    w.bool(obj.oneTime);
                }
                if ((obj.expiresAt != null && obj.expiresAt !== 0)) {
                    w.uint32(40);
                    w.uint64Number(obj.expiresAt);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    mailbox: uint8ArrayAlloc(0),
                    location: uint8ArrayAlloc(0),
                    sealed: uint8ArrayAlloc(0),
                    oneTime: false,
                    expiresAt: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 1');
                            obj.mailbox = reader.bytes(32);
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 2');
                            obj.location = reader.bytes(32);
                            break;
                        }
                        case 3: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 3');
                            obj.sealed = reader.bytes();
                            break;
                        }
                        case 4: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 4');
                            obj.oneTime = reader.bool();
                            break;
                        }
                        case 5: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 5');
                            obj.expiresAt = reader.uint64Number();
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
        return encodeMessage(obj, PublishBundle.codec());
    }
    PublishBundle.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, PublishBundle.codec(), opts);
    }
    PublishBundle.decode = decode;
})(PublishBundle || (PublishBundle = {}));
export var TakePrekey;
(function (TakePrekey) {
    let _codec;
    TakePrekey.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.location != null && obj.location.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.location);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    location: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 1');
                            obj.location = reader.bytes(32);
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
        return encodeMessage(obj, TakePrekey.codec());
    }
    TakePrekey.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, TakePrekey.codec(), opts);
    }
    TakePrekey.decode = decode;
})(TakePrekey || (TakePrekey = {}));
export var PublishDescriptor;
(function (PublishDescriptor) {
    let _codec;
    PublishDescriptor.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.record != null && obj.record.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.record);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    record: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 1');
                            obj.record = reader.bytes();
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
        return encodeMessage(obj, PublishDescriptor.codec());
    }
    PublishDescriptor.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, PublishDescriptor.codec(), opts);
    }
    PublishDescriptor.decode = decode;
})(PublishDescriptor || (PublishDescriptor = {}));
export var Lookup;
(function (Lookup) {
    let _codec;
    Lookup.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.slot != null && obj.slot.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.slot);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    slot: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 1');
                            obj.slot = reader.bytes(32);
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
        return encodeMessage(obj, Lookup.codec());
    }
    Lookup.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Lookup.codec(), opts);
    }
    Lookup.decode = decode;
})(Lookup || (Lookup = {}));
export var Ping;
(function (Ping) {
    let _codec;
    Ping.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {};
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
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
        return encodeMessage(obj, Ping.codec());
    }
    Ping.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Ping.codec(), opts);
    }
    Ping.decode = decode;
})(Ping || (Ping = {}));
export var DeleteMailbox;
(function (DeleteMailbox) {
    let _codec;
    DeleteMailbox.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.mailbox != null && obj.mailbox.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.mailbox);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    mailbox: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 1');
                            obj.mailbox = reader.bytes(32);
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
        return encodeMessage(obj, DeleteMailbox.codec());
    }
    DeleteMailbox.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, DeleteMailbox.codec(), opts);
    }
    DeleteMailbox.decode = decode;
})(DeleteMailbox || (DeleteMailbox = {}));
export var Signed;
(function (Signed) {
    let _codec;
    Signed.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.payload != null && obj.payload.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.payload);
                }
                if ((obj.signature != null && obj.signature.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.signature);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    payload: uint8ArrayAlloc(0),
                    signature: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 1');
                            obj.payload = reader.bytes();
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 2');
                            obj.signature = reader.bytes(64);
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
        return encodeMessage(obj, Signed.codec());
    }
    Signed.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Signed.codec(), opts);
    }
    Signed.decode = decode;
})(Signed || (Signed = {}));
export var Manifest;
(function (Manifest) {
    let _codec;
    Manifest.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.version != null && obj.version !== 0)) {
                    w.uint32(8);
                    w.uint32(obj.version);
                }
                if ((obj.account != null && obj.account.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.account);
                }
                if ((obj.inceptionKey != null && obj.inceptionKey.byteLength > 0)) {
                    w.uint32(26);
                    w.bytes(obj.inceptionKey);
                }
                if ((obj.inceptionNext != null && obj.inceptionNext.byteLength > 0)) {
                    w.uint32(34);
                    w.bytes(obj.inceptionNext);
                }
                if ((obj.sequence != null && obj.sequence !== 0)) {
                    w.uint32(40);
                    w.uint64Number(obj.sequence);
                }
                if ((obj.previous != null && obj.previous.byteLength > 0)) {
                    w.uint32(50);
                    w.bytes(obj.previous);
                }
                if ((obj.accountKey != null && obj.accountKey.byteLength > 0)) {
                    w.uint32(58);
                    w.bytes(obj.accountKey);
                }
                if ((obj.nextCommitment != null && obj.nextCommitment.byteLength > 0)) {
                    w.uint32(66);
                    w.bytes(obj.nextCommitment);
                }
                if (obj.devices != null && obj.devices.length > 0) {
                    for (const value of obj.devices) {
                        w.uint32(74);
                        Device.codec().encode(value, w);
                    }
                }
                if (obj.revoked != null && obj.revoked.length > 0) {
                    for (const value of obj.revoked) {
                        w.uint32(82);
                        w.bytes(value);
                    }
                }
                if ((obj.createdAt != null && obj.createdAt !== 0)) {
                    w.uint32(88);
                    w.uint64Number(obj.createdAt);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    version: 0,
                    account: uint8ArrayAlloc(0),
                    inceptionKey: uint8ArrayAlloc(0),
                    inceptionNext: uint8ArrayAlloc(0),
                    sequence: 0,
                    previous: uint8ArrayAlloc(0),
                    accountKey: uint8ArrayAlloc(0),
                    nextCommitment: uint8ArrayAlloc(0),
                    devices: [],
                    revoked: [],
                    createdAt: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 1');
                            obj.version = reader.uint32();
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 2');
                            obj.account = reader.bytes(32);
                            break;
                        }
                        case 3: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 3');
                            obj.inceptionKey = reader.bytes(32);
                            break;
                        }
                        case 4: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 4');
                            obj.inceptionNext = reader.bytes(32);
                            break;
                        }
                        case 5: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 5');
                            obj.sequence = reader.uint64Number();
                            break;
                        }
                        case 6: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 6');
                            obj.previous = reader.bytes(32);
                            break;
                        }
                        case 7: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 7');
                            obj.accountKey = reader.bytes(32);
                            break;
                        }
                        case 8: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 8');
                            obj.nextCommitment = reader.bytes(32);
                            break;
                        }
                        case 9: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 9');
                            if (opts.limits?.devices != null && obj.devices.length === opts.limits.devices) {
                                throw new MaxLengthError('Decode error - repeated field "devices" had too many elements');
                            }
                            if (obj.devices.length === 8) {
                                throw new MaxLengthError('Decode error - repeated field "devices" had too many elements');
                            }
                            obj.devices.push(Device.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.devices$
                            }));
                            break;
                        }
                        case 10: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 10');
                            if (opts.limits?.revoked != null && obj.revoked.length === opts.limits.revoked) {
                                throw new MaxLengthError('Decode error - repeated field "revoked" had too many elements');
                            }
                            if (obj.revoked.length === 64) {
                                throw new MaxLengthError('Decode error - repeated field "revoked" had too many elements');
                            }
                            obj.revoked.push(reader.bytes(16));
                            break;
                        }
                        case 11: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 11');
                            obj.createdAt = reader.uint64Number();
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
        return encodeMessage(obj, Manifest.codec());
    }
    Manifest.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Manifest.codec(), opts);
    }
    Manifest.decode = decode;
})(Manifest || (Manifest = {}));
export var Device;
(function (Device) {
    let _codec;
    Device.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.id != null && obj.id.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.id);
                }
                if ((obj.signingKey != null && obj.signingKey.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.signingKey);
                }
                if ((obj.exchangeKey != null && obj.exchangeKey.byteLength > 0)) {
                    w.uint32(26);
                    w.bytes(obj.exchangeKey);
                }
                if ((obj.peerKey != null && obj.peerKey.byteLength > 0)) {
                    w.uint32(34);
                    w.bytes(obj.peerKey);
                }
                if ((obj.addedAt != null && obj.addedAt !== 0)) {
                    w.uint32(40);
                    w.uint64Number(obj.addedAt);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    id: uint8ArrayAlloc(0),
                    signingKey: uint8ArrayAlloc(0),
                    exchangeKey: uint8ArrayAlloc(0),
                    peerKey: uint8ArrayAlloc(0),
                    addedAt: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 1');
                            obj.id = reader.bytes(16);
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 2');
                            obj.signingKey = reader.bytes(32);
                            break;
                        }
                        case 3: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 3');
                            obj.exchangeKey = reader.bytes(32);
                            break;
                        }
                        case 4: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 4');
                            obj.peerKey = reader.bytes(32);
                            break;
                        }
                        case 5: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 5');
                            obj.addedAt = reader.uint64Number();
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
        return encodeMessage(obj, Device.codec());
    }
    Device.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Device.codec(), opts);
    }
    Device.decode = decode;
})(Device || (Device = {}));
export var PrekeyBundle;
(function (PrekeyBundle) {
    let _codec;
    PrekeyBundle.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.suite != null && obj.suite !== 0)) {
                    w.uint32(8);
                    w.uint32(obj.suite);
                }
                if ((obj.manifest != null && obj.manifest.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.manifest);
                }
                if ((obj.device != null && obj.device.byteLength > 0)) {
                    w.uint32(26);
                    w.bytes(obj.device);
                }
                if ((obj.prekeyId != null && obj.prekeyId.byteLength > 0)) {
                    w.uint32(34);
                    w.bytes(obj.prekeyId);
                }
                if ((obj.prekey != null && obj.prekey.byteLength > 0)) {
                    w.uint32(42);
                    w.bytes(obj.prekey);
                }
                if ((obj.kemPrekey != null && obj.kemPrekey.byteLength > 0)) {
                    w.uint32(50);
                    w.bytes(obj.kemPrekey);
                }
                if ((obj.oneTimePrekey != null && obj.oneTimePrekey.byteLength > 0)) {
                    w.uint32(58);
                    w.bytes(obj.oneTimePrekey);
                }
                if ((obj.expiresAt != null && obj.expiresAt !== 0)) {
                    w.uint32(64);
                    w.uint64Number(obj.expiresAt);
                }
                if ((obj.name != null && obj.name !== '')) {
                    w.uint32(74);
                    w.string(obj.name);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    suite: 0,
                    manifest: uint8ArrayAlloc(0),
                    device: uint8ArrayAlloc(0),
                    prekeyId: uint8ArrayAlloc(0),
                    prekey: uint8ArrayAlloc(0),
                    kemPrekey: uint8ArrayAlloc(0),
                    oneTimePrekey: uint8ArrayAlloc(0),
                    expiresAt: 0,
                    name: ''
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 1');
                            obj.suite = reader.uint32();
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 2');
                            obj.manifest = reader.bytes();
                            break;
                        }
                        case 3: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 3');
                            obj.device = reader.bytes(16);
                            break;
                        }
                        case 4: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 4');
                            obj.prekeyId = reader.bytes(8);
                            break;
                        }
                        case 5: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 5');
                            obj.prekey = reader.bytes(32);
                            break;
                        }
                        case 6: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 6');
                            obj.kemPrekey = reader.bytes(1184);
                            break;
                        }
                        case 7: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 7');
                            obj.oneTimePrekey = reader.bytes(32);
                            break;
                        }
                        case 8: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 8');
                            obj.expiresAt = reader.uint64Number();
                            break;
                        }
                        case 9: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 9');
                            obj.name = reader.string(256);
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
        return encodeMessage(obj, PrekeyBundle.codec());
    }
    PrekeyBundle.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, PrekeyBundle.codec(), opts);
    }
    PrekeyBundle.decode = decode;
})(PrekeyBundle || (PrekeyBundle = {}));
export var Route;
(function (Route) {
    let _codec;
    Route.codec = () => {
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
                            obj.peerKey = reader.bytes(32);
                            break;
                        }
                        case 3: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 3');
                            if (opts.limits?.multiaddrs != null && obj.multiaddrs.length === opts.limits.multiaddrs) {
                                throw new MaxLengthError('Decode error - repeated field "multiaddrs" had too many elements');
                            }
                            if (obj.multiaddrs.length === 16) {
                                throw new MaxLengthError('Decode error - repeated field "multiaddrs" had too many elements');
                            }
                            obj.multiaddrs.push(reader.string());
                            break;
                        }
                        case 4: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 4');
                            obj.secret = reader.bytes(32);
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
        return encodeMessage(obj, Route.codec());
    }
    Route.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Route.codec(), opts);
    }
    Route.decode = decode;
})(Route || (Route = {}));
export var InviteRoute;
(function (InviteRoute) {
    let _codec;
    InviteRoute.codec = () => {
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
                        w.bytes(value);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    device: false,
                    peerKey: uint8ArrayAlloc(0),
                    multiaddrs: []
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
                            obj.peerKey = reader.bytes(32);
                            break;
                        }
                        case 3: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 3');
                            if (opts.limits?.multiaddrs != null && obj.multiaddrs.length === opts.limits.multiaddrs) {
                                throw new MaxLengthError('Decode error - repeated field "multiaddrs" had too many elements');
                            }
                            if (obj.multiaddrs.length === 8) {
                                throw new MaxLengthError('Decode error - repeated field "multiaddrs" had too many elements');
                            }
                            obj.multiaddrs.push(reader.bytes(255));
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
        return encodeMessage(obj, InviteRoute.codec());
    }
    InviteRoute.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, InviteRoute.codec(), opts);
    }
    InviteRoute.decode = decode;
})(InviteRoute || (InviteRoute = {}));
export var Invite;
(function (Invite) {
    let _codec;
    Invite.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.account != null && obj.account.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.account);
                }
                if ((obj.secret != null && obj.secret.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.secret);
                }
                if (obj.routes != null && obj.routes.length > 0) {
                    for (const value of obj.routes) {
                        w.uint32(26);
                        InviteRoute.codec().encode(value, w);
                    }
                }
                if ((obj.expiresAt != null && obj.expiresAt !== 0)) {
                    w.uint32(32);
                    w.uint64Number(obj.expiresAt);
                }
                if ((obj.reusable != null && obj.reusable !== false)) {
                    w.uint32(40);
                    w.bool(obj.reusable);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    account: uint8ArrayAlloc(0),
                    secret: uint8ArrayAlloc(0),
                    routes: [],
                    expiresAt: 0,
                    reusable: false
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 1');
                            obj.account = reader.bytes(32);
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 2');
                            obj.secret = reader.bytes(32);
                            break;
                        }
                        case 3: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 3');
                            if (opts.limits?.routes != null && obj.routes.length === opts.limits.routes) {
                                throw new MaxLengthError('Decode error - repeated field "routes" had too many elements');
                            }
                            if (obj.routes.length === 4) {
                                throw new MaxLengthError('Decode error - repeated field "routes" had too many elements');
                            }
                            obj.routes.push(InviteRoute.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.routes$
                            }));
                            break;
                        }
                        case 4: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 4');
                            obj.expiresAt = reader.uint64Number();
                            break;
                        }
                        case 5: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 5');
                            obj.reusable = reader.bool();
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
        return encodeMessage(obj, Invite.codec());
    }
    Invite.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Invite.codec(), opts);
    }
    Invite.decode = decode;
})(Invite || (Invite = {}));
export var DescriptorRecord;
(function (DescriptorRecord) {
    let _codec;
    DescriptorRecord.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.slot != null && obj.slot.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.slot);
                }
                if ((obj.blindedKey != null && obj.blindedKey.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.blindedKey);
                }
                if ((obj.period != null && obj.period !== 0)) {
                    w.uint32(24);
                    w.uint64Number(obj.period);
                }
                if ((obj.sequence != null && obj.sequence !== 0)) {
                    w.uint32(32);
                    w.uint64Number(obj.sequence);
                }
                if ((obj.expiresAt != null && obj.expiresAt !== 0)) {
                    w.uint32(40);
                    w.uint64Number(obj.expiresAt);
                }
                if ((obj.sealed != null && obj.sealed.byteLength > 0)) {
                    w.uint32(50);
                    w.bytes(obj.sealed);
                }
                if ((obj.signature != null && obj.signature.byteLength > 0)) {
                    w.uint32(58);
                    w.bytes(obj.signature);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    slot: uint8ArrayAlloc(0),
                    blindedKey: uint8ArrayAlloc(0),
                    period: 0,
                    sequence: 0,
                    expiresAt: 0,
                    sealed: uint8ArrayAlloc(0),
                    signature: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 1');
                            obj.slot = reader.bytes(32);
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 2');
                            obj.blindedKey = reader.bytes(32);
                            break;
                        }
                        case 3: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 3');
                            obj.period = reader.uint64Number();
                            break;
                        }
                        case 4: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 4');
                            obj.sequence = reader.uint64Number();
                            break;
                        }
                        case 5: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 5');
                            obj.expiresAt = reader.uint64Number();
                            break;
                        }
                        case 6: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 6');
                            obj.sealed = reader.bytes(900);
                            break;
                        }
                        case 7: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 7');
                            obj.signature = reader.bytes(64);
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
        return encodeMessage(obj, DescriptorRecord.codec());
    }
    DescriptorRecord.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, DescriptorRecord.codec(), opts);
    }
    DescriptorRecord.decode = decode;
})(DescriptorRecord || (DescriptorRecord = {}));
export var Descriptor;
(function (Descriptor) {
    let _codec;
    Descriptor.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.inceptionKey != null && obj.inceptionKey.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.inceptionKey);
                }
                if ((obj.inceptionNext != null && obj.inceptionNext.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.inceptionNext);
                }
                if ((obj.manifestHash != null && obj.manifestHash.byteLength > 0)) {
                    w.uint32(26);
                    w.bytes(obj.manifestHash);
                }
                if ((obj.secret != null && obj.secret.byteLength > 0)) {
                    w.uint32(34);
                    w.bytes(obj.secret);
                }
                if (obj.routes != null && obj.routes.length > 0) {
                    for (const value of obj.routes) {
                        w.uint32(42);
                        InviteRoute.codec().encode(value, w);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    inceptionKey: uint8ArrayAlloc(0),
                    inceptionNext: uint8ArrayAlloc(0),
                    manifestHash: uint8ArrayAlloc(0),
                    secret: uint8ArrayAlloc(0),
                    routes: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 1');
                            obj.inceptionKey = reader.bytes(32);
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 2');
                            obj.inceptionNext = reader.bytes(32);
                            break;
                        }
                        case 3: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 3');
                            obj.manifestHash = reader.bytes(32);
                            break;
                        }
                        case 4: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 4');
                            obj.secret = reader.bytes(32);
                            break;
                        }
                        case 5: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 5');
                            if (opts.limits?.routes != null && obj.routes.length === opts.limits.routes) {
                                throw new MaxLengthError('Decode error - repeated field "routes" had too many elements');
                            }
                            if (obj.routes.length === 3) {
                                throw new MaxLengthError('Decode error - repeated field "routes" had too many elements');
                            }
                            obj.routes.push(InviteRoute.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.routes$
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
        return encodeMessage(obj, Descriptor.codec());
    }
    Descriptor.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Descriptor.codec(), opts);
    }
    Descriptor.decode = decode;
})(Descriptor || (Descriptor = {}));
export var Body;
(function (Body) {
    let _codec;
    Body.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if (obj.contents != null && obj.contents.length > 0) {
                    for (const value of obj.contents) {
                        w.uint32(10);
                        Content.codec().encode(value, w);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    contents: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 1');
                            if (opts.limits?.contents != null && obj.contents.length === opts.limits.contents) {
                                throw new MaxLengthError('Decode error - repeated field "contents" had too many elements');
                            }
                            if (obj.contents.length === 4096) {
                                throw new MaxLengthError('Decode error - repeated field "contents" had too many elements');
                            }
                            obj.contents.push(Content.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.contents$
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
        return encodeMessage(obj, Body.codec());
    }
    Body.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Body.codec(), opts);
    }
    Body.decode = decode;
})(Body || (Body = {}));
export var Content;
(function (Content) {
    let _codec;
    Content.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.id != null && obj.id.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.id);
                }
                if ((obj.counter != null && obj.counter !== 0)) {
                    w.uint32(16);
                    w.uint64Number(obj.counter);
                }
                if ((obj.clockMs != null && obj.clockMs !== 0)) {
                    w.uint32(24);
                    w.uint64Number(obj.clockMs);
                }
                if ((obj.clockLogical != null && obj.clockLogical !== 0)) {
                    w.uint32(80);
                    w.uint32(obj.clockLogical);
                }
                if ((obj.sentAt != null && obj.sentAt !== 0)) {
                    w.uint32(32);
                    w.uint64Number(obj.sentAt);
                }
                if (obj.parents != null && obj.parents.length > 0) {
                    for (const value of obj.parents) {
                        w.uint32(42);
                        w.bytes(value);
                    }
                }
                if ((obj.previous != null && obj.previous.byteLength > 0)) {
                    w.uint32(50);
                    w.bytes(obj.previous);
                }
                if ((obj.kind != null && obj.kind !== 0)) {
                    w.uint32(56);
                    w.uint32(obj.kind);
                }
                if ((obj.payload != null && obj.payload.byteLength > 0)) {
                    w.uint32(66);
                    w.bytes(obj.payload);
                }
                if ((obj.conversation != null && obj.conversation.byteLength > 0)) {
                    w.uint32(74);
                    w.bytes(obj.conversation);
                }
                if ((obj.again != null && obj.again !== false)) {
                    w.uint32(88);
                    w.bool(obj.again);
                }
                if ((obj.voidFrom != null && obj.voidFrom !== 0)) {
                    w.uint32(96);
                    w.uint64Number(obj.voidFrom);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    id: uint8ArrayAlloc(0),
                    counter: 0,
                    clockMs: 0,
                    clockLogical: 0,
                    sentAt: 0,
                    parents: [],
                    previous: uint8ArrayAlloc(0),
                    kind: 0,
                    payload: uint8ArrayAlloc(0),
                    conversation: uint8ArrayAlloc(0),
                    again: false,
                    voidFrom: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 1');
                            obj.id = reader.bytes(16);
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 2');
                            obj.counter = reader.uint64Number();
                            break;
                        }
                        case 3: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 3');
                            obj.clockMs = reader.uint64Number();
                            break;
                        }
                        case 10: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 10');
                            obj.clockLogical = reader.uint32();
                            break;
                        }
                        case 4: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 4');
                            obj.sentAt = reader.uint64Number();
                            break;
                        }
                        case 5: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 5');
                            if (opts.limits?.parents != null && obj.parents.length === opts.limits.parents) {
                                throw new MaxLengthError('Decode error - repeated field "parents" had too many elements');
                            }
                            if (obj.parents.length === 3) {
                                throw new MaxLengthError('Decode error - repeated field "parents" had too many elements');
                            }
                            obj.parents.push(reader.bytes());
                            break;
                        }
                        case 6: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 6');
                            obj.previous = reader.bytes(16);
                            break;
                        }
                        case 7: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 7');
                            obj.kind = reader.uint32();
                            break;
                        }
                        case 8: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 8');
                            obj.payload = reader.bytes();
                            break;
                        }
                        case 9: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 9');
                            obj.conversation = reader.bytes(32);
                            break;
                        }
                        case 11: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 11');
                            obj.again = reader.bool();
                            break;
                        }
                        case 12: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 12');
                            obj.voidFrom = reader.uint64Number();
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
        return encodeMessage(obj, Content.codec());
    }
    Content.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Content.codec(), opts);
    }
    Content.decode = decode;
})(Content || (Content = {}));
export var Text;
(function (Text) {
    let _codec;
    Text.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.text != null && obj.text !== '')) {
                    w.uint32(10);
                    w.string(obj.text);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    text: ''
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 1');
                            obj.text = reader.string();
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
        return encodeMessage(obj, Text.codec());
    }
    Text.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Text.codec(), opts);
    }
    Text.decode = decode;
})(Text || (Text = {}));
export var Receipt;
(function (Receipt) {
    let _codec;
    Receipt.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if (obj.delivered != null && obj.delivered.length > 0) {
                    for (const value of obj.delivered) {
                        w.uint32(10);
                        CounterRange.codec().encode(value, w);
                    }
                }
                if ((obj.readThrough != null && obj.readThrough !== 0)) {
                    w.uint32(16);
                    w.uint64Number(obj.readThrough);
                }
                if (obj.chains != null && obj.chains.length > 0) {
                    for (const value of obj.chains) {
                        w.uint32(26);
                        w.bytes(value);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    delivered: [],
                    readThrough: 0,
                    chains: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 1');
                            if (opts.limits?.delivered != null && obj.delivered.length === opts.limits.delivered) {
                                throw new MaxLengthError('Decode error - repeated field "delivered" had too many elements');
                            }
                            if (obj.delivered.length === 512) {
                                throw new MaxLengthError('Decode error - repeated field "delivered" had too many elements');
                            }
                            obj.delivered.push(CounterRange.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.delivered$
                            }));
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 2');
                            obj.readThrough = reader.uint64Number();
                            break;
                        }
                        case 3: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 3');
                            if (opts.limits?.chains != null && obj.chains.length === opts.limits.chains) {
                                throw new MaxLengthError('Decode error - repeated field "chains" had too many elements');
                            }
                            if (obj.chains.length === 512) {
                                throw new MaxLengthError('Decode error - repeated field "chains" had too many elements');
                            }
                            obj.chains.push(reader.bytes(16));
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
        return encodeMessage(obj, Receipt.codec());
    }
    Receipt.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Receipt.codec(), opts);
    }
    Receipt.decode = decode;
})(Receipt || (Receipt = {}));
export var CounterRange;
(function (CounterRange) {
    let _codec;
    CounterRange.codec = () => {
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
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    first: 0,
                    last: 0
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
        return encodeMessage(obj, CounterRange.codec());
    }
    CounterRange.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, CounterRange.codec(), opts);
    }
    CounterRange.decode = decode;
})(CounterRange || (CounterRange = {}));
export var Reply;
(function (Reply) {
    let _codec;
    Reply.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.to != null && obj.to.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.to);
                }
                if ((obj.text != null && obj.text !== '')) {
                    w.uint32(18);
                    w.string(obj.text);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    to: uint8ArrayAlloc(0),
                    text: ''
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 1');
                            obj.to = reader.bytes(16);
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 2');
                            obj.text = reader.string();
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
        return encodeMessage(obj, Reply.codec());
    }
    Reply.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Reply.codec(), opts);
    }
    Reply.decode = decode;
})(Reply || (Reply = {}));
export var Reaction;
(function (Reaction) {
    let _codec;
    Reaction.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.to != null && obj.to.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.to);
                }
                if ((obj.emoji != null && obj.emoji !== '')) {
                    w.uint32(18);
                    w.string(obj.emoji);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    to: uint8ArrayAlloc(0),
                    emoji: ''
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 1');
                            obj.to = reader.bytes(16);
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 2');
                            obj.emoji = reader.string(64);
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
        return encodeMessage(obj, Reaction.codec());
    }
    Reaction.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Reaction.codec(), opts);
    }
    Reaction.decode = decode;
})(Reaction || (Reaction = {}));
export var Edit;
(function (Edit) {
    let _codec;
    Edit.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.to != null && obj.to.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.to);
                }
                if ((obj.text != null && obj.text !== '')) {
                    w.uint32(18);
                    w.string(obj.text);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    to: uint8ArrayAlloc(0),
                    text: ''
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 1');
                            obj.to = reader.bytes(16);
                            break;
                        }
                        case 2: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 2');
                            obj.text = reader.string();
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
        return encodeMessage(obj, Edit.codec());
    }
    Edit.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Edit.codec(), opts);
    }
    Edit.decode = decode;
})(Edit || (Edit = {}));
export var Deletion;
(function (Deletion) {
    let _codec;
    Deletion.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.to != null && obj.to.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.to);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    to: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 1');
                            obj.to = reader.bytes(16);
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
        return encodeMessage(obj, Deletion.codec());
    }
    Deletion.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Deletion.codec(), opts);
    }
    Deletion.decode = decode;
})(Deletion || (Deletion = {}));
export var Typing;
(function (Typing) {
    let _codec;
    Typing.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.ended != null && obj.ended !== false)) {
                    w.uint32(8);
                    w.bool(obj.ended);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    ended: false
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if ((tag & 7) !== 0) throw new RangeError('the wire type of field 1');
                            obj.ended = reader.bool();
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
        return encodeMessage(obj, Typing.codec());
    }
    Typing.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Typing.codec(), opts);
    }
    Typing.decode = decode;
})(Typing || (Typing = {}));
export var ContactUpdate;
(function (ContactUpdate) {
    let _codec;
    ContactUpdate.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.sequence != null && obj.sequence !== 0)) {
                    w.uint32(8);
                    w.uint64Number(obj.sequence);
                }
                if ((obj.name != null && obj.name !== '')) {
                    w.uint32(18);
                    w.string(obj.name);
                }
                if ((obj.manifest != null && obj.manifest.byteLength > 0)) {
                    w.uint32(26);
                    w.bytes(obj.manifest);
                }
                if (obj.routes != null && obj.routes.length > 0) {
                    for (const value of obj.routes) {
                        w.uint32(34);
                        Route.codec().encode(value, w);
                    }
                }
                if ((obj.yourManifest != null && obj.yourManifest.byteLength > 0)) {
                    w.uint32(42);
                    w.bytes(obj.yourManifest);
                }
                if ((obj.resetSecret != null && obj.resetSecret.byteLength > 0)) {
                    w.uint32(50);
                    w.bytes(obj.resetSecret);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    sequence: 0,
                    name: '',
                    manifest: uint8ArrayAlloc(0),
                    routes: [],
                    yourManifest: uint8ArrayAlloc(0),
                    resetSecret: uint8ArrayAlloc(0)
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
                            obj.name = reader.string(256);
                            break;
                        }
                        case 3: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 3');
                            obj.manifest = reader.bytes();
                            break;
                        }
                        case 4: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 4');
                            if (opts.limits?.routes != null && obj.routes.length === opts.limits.routes) {
                                throw new MaxLengthError('Decode error - repeated field "routes" had too many elements');
                            }
                            if (obj.routes.length === 8) {
                                throw new MaxLengthError('Decode error - repeated field "routes" had too many elements');
                            }
                            obj.routes.push(Route.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.routes$
                            }));
                            break;
                        }
                        case 5: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 5');
                            obj.yourManifest = reader.bytes();
                            break;
                        }
                        case 6: {
                            if ((tag & 7) !== 2) throw new RangeError('the wire type of field 6');
                            obj.resetSecret = reader.bytes(32);
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
        return encodeMessage(obj, ContactUpdate.codec());
    }
    ContactUpdate.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, ContactUpdate.codec(), opts);
    }
    ContactUpdate.decode = decode;
})(ContactUpdate || (ContactUpdate = {}));
