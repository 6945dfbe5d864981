#!/usr/bin/python3
"""Writes the seed corpus (tests/fuzz/corpus) anew from the golden data and from frames made here."""
import base64, hashlib, hmac, json, pathlib, re, struct, zlib

ROOT = pathlib.Path(__file__).resolve().parent
GOLDEN = ROOT.parent / "golden"


def put(target, name, data):
    folder = ROOT / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())


# --- HTTP/1
HEAD = "POST /{} HTTP/1.1\r\nHost: gw.example:4567\r\n{}\r\n"
put("http1", "get", "GET /health?full=1 HTTP/1.1\r\nHost: localhost\r\n\r\n")
put("http1", "sized", HEAD.format("", "Content-Length: 2\r\nX-Amz-Target: Kinesis_20131202.ListStreams\r\n") + "{}")
put("http1", "chunked", HEAD.format("upload/v1/open", "Transfer-Encoding: chunked\r\n")
    + "5\r\nhello\r\n1a;name=value\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\nTrailer: x\r\n\r\n")
put("http1", "chunked_plain",
    HEAD.format("", "Transfer-Encoding: chunked\r\n") + "400\r\n" + "x" * 1024 + "\r\n0\r\n\r\n")
put("http1", "old", "POST / HTTP/1.0\r\nContent-Length: 3\r\nConnection: keep-alive\r\n\r\nabc")
put("http1", "both_lengths", HEAD.format("", "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\n")
# Arrives byte by byte: the target cuts into pieces of 1 + head size % 7.
last = HEAD.format("", "Transfer-Encoding: chunked\r\nX: {}\r\n")
put("http1", "last_chunk_alone", last.format("x" * (-(len(last) - 2) % 7)) + "0\r\n\r\n")
put("http1", "folded", HEAD.format("", "X-A: one\r\n two\r\n"))


# --- HTTP/2: header fields as literals that touch no table
def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def fields(*pairs):
    out = b""
    for name, value in pairs:
        out += b"\0" + bytes([len(name)]) + name.encode() + bytes([len(value)]) + value.encode()
    return out


def head(path, *more, method="POST"):
    return fields((":method", method), (":scheme", "http"), (":authority", "gw"), (":path", path), *more)


DATA, HEADERS, PRIORITY, RST, SETTINGS, PUSH, PING, GOAWAY, WINDOW, CONTINUATION = range(10)
END_STREAM, END_HEADERS, PADDED, HAS_PRIORITY = 1, 4, 8, 0x20
get = frame(HEADERS, END_STREAM | END_HEADERS, 1, head("/", method="GET"))
post = frame(HEADERS, END_HEADERS, 3, head("/", ("content-length", "10"))) + frame(DATA, 0, 3, b"hello")
put("http2", "get", b"\0" + get)
put("http2", "get_in_pieces", b"\x12" + get + frame(SETTINGS, 1, 0))
put("http2", "post", b"\0" + get + post + frame(DATA, END_STREAM, 3, b"world"))
put("http2", "padded", b"\0" + frame(HEADERS, END_HEADERS | PADDED | HAS_PRIORITY, 1, b"\3" + struct.pack(">IB", 0, 15)
    + head("/padded") + bytes(3)) + frame(DATA, END_STREAM | PADDED, 1, b"\4body" + bytes(4)))
put(
    "http2", "stream", b"\0" + frame(HEADERS, END_STREAM | END_HEADERS, 1, head("/stream", method="GET"))
    + frame(WINDOW, 0, 1, struct.pack(">I", 70000)) + frame(WINDOW, 0, 0, struct.pack(">I", 70000))
    + frame(RST, 0, 1, struct.pack(">I", 8)))
put("http2", "small_window", b"\0" + frame(SETTINGS, 0, 0, struct.pack(">HI", 4, 10) + struct.pack(">HI", 1, 0))
    + frame(HEADERS, END_STREAM | END_HEADERS, 1, head("/stream")) + frame(PING, 0, 0, b"12345678")
    + frame(SETTINGS, 0, 0, struct.pack(">HI", 4, 0x7fffffff)))
put("http2", "continuation",
    b"\0" + frame(HEADERS, END_STREAM, 1, head("/")[:20]) + frame(CONTINUATION, END_HEADERS, 1, head("/")[20:]))
put(
    "http2", "refused", b"\0" + frame(HEADERS, END_HEADERS, 1, head("/refused")) + frame(DATA, END_STREAM, 1, b"x")
    + frame(GOAWAY, 0, 0, bytes(8)))
put(
    "http2", "large_body", b"\0" + frame(HEADERS, END_HEADERS, 1, head("/")) + frame(DATA, 0, 1, bytes(16384)) * 2
    + frame(DATA, END_STREAM, 1, b"end"))
put("http2", "own_preface", b"\1PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(SETTINGS, 0, 0) + get)


# --- bodies: the first request of every call
def to_cbor(value):
    def item(major, size):
        if size < 24: return bytes([major << 5 | size])
        if size < 256: return bytes([major << 5 | 24, size])
        if size < 65536: return bytes([major << 5 | 25]) + struct.pack(">H", size)
        return bytes([major << 5 | 27]) + struct.pack(">Q", size)
    if value is None: return b"\xf6"
    if isinstance(value, bool): return b"\xf5" if value else b"\xf4"
    if isinstance(value, int): return item(0, value) if value >= 0 else item(1, -1 - value)
    if isinstance(value, float): return b"\xfb" + struct.pack(">d", value)
    if isinstance(value, bytes): return item(2, len(value)) + value
    if isinstance(value, str): return item(3, len(value.encode())) + value.encode()
    if isinstance(value, list): return item(4, len(value)) + b"".join(map(to_cbor, value))
    return b"\xbf" + b"".join(to_cbor(k) + to_cbor(v) for k, v in value.items()) + b"\xff"


def with_blobs(value):
    if isinstance(value, list): return [with_blobs(v) for v in value]
    if not isinstance(value, dict): return value
    return {k: base64.b64decode(v) if k == "Data" and isinstance(v, str) else with_blobs(v) for k, v in value.items()}


for path in sorted((GOLDEN / "kinesis_calls").glob("*.txt")):
    for body in re.findall(r"^-> (?:\w+ )?(\{[^$]*?\})\n(?! )", path.read_text(), re.M)[-1:]:
        try:
            parsed = json.loads(body)
            cbor = to_cbor(with_blobs(parsed))
        except ValueError:
            continue
        if len(body) < 4096:
            put("json", path.stem, body)
            put("cbor", path.stem, cbor)
# Calls of Firehose: bodies go on in lines that begin with blanks.
for operation in ("CreateDeliveryStream", "UpdateDestination", "PutRecordBatch"):
    text = (GOLDEN / "firehose_calls" / (operation + ".txt")).read_text()
    bodies = re.findall(r"^-> (?:%s )?(\{.*(?:\n  .*)*)" % operation, text, re.M)
    for i, body in enumerate(body for body in bodies if len(body) < 4096):
        put("firehose", "%s_%02d" % (operation, i), re.sub(r"\n  ", "", body))
URLS = [
    "https://in.example/v1", "jsonl+http://127.0.0.1:8/x?a=b",
    "function+https://f.example/?batch_size=7&bisect=true&c=d",
    "exec:/srv/functions/f?arg=a%20b&parallel=3", "mqtts://[::1]:8883/plant/{key}?qos=0&user=u&password_file=/etc/p",
    "kinesis+https://kinesis.eu-west-1.amazonaws.com/copy?order=none", "kafka://a,b:9093/t?linger.ms=5&acks=all"
]
ROLE = "arn:aws:iam::123456789012:role/r"
for i, url in enumerate(URLS):
    put("firehose", "sink_%d" % i, json.dumps({
        "DeliveryStreamName": "d", "HttpEndpointDestinationConfiguration": {
            "EndpointConfiguration": {"Url": url},
            "S3Configuration": {"RoleARN": ROLE, "BucketARN": "arn:aws:s3:::dead"}}}))
RECORDS = {
    "StreamName": "s1", "Records": [{"Data": "aGk=", "PartitionKey": "é"},
                                    {"Data": "", "PartitionKey": "q", "ExplicitHashKey": "5"}]
}
RECORD = {
    "StreamName": "s1", "Data": "aGk=", "PartitionKey": "p", "ExplicitHashKey": "12", "SequenceNumberForOrdering": "7"
}
for name, value in (("records", RECORDS), ("record", RECORD)):
    put("json", name, json.dumps(value, ensure_ascii=False))
    put("cbor", name, to_cbor(with_blobs(value)))
put(
    "json", "escapes",
    r'{"StreamName":"\u0073\ud83d\ude00","Data":"aG\u006b=","PartitionKey":"\"\\\/\b\f\n\r\t",'
    r'"X":[1e400,-0.0,null,{"a":[[]]}]}')
put(
    "json", "from_time",
    '{"StreamName":"s","ShardId":"shardId-000000000000","ShardIteratorType":"AT_TIMESTAMP","Timestamp":1767323045.123}')
put(
    "cbor", "from_time",
    to_cbor({"StreamName": "s", "ShardId": "shardId-000000000000", "ShardIteratorType": "AT_TIMESTAMP"})[:-1]
    + to_cbor("Timestamp") + b"\xc1" + to_cbor(1767323045123) + b"\xff")
put(
    "cbor", "chunks", b"\xbf\x7f\x66Stream\x64Name\xff\x7f\x61s\x611\xff" + to_cbor("Data") + b"\x5f\x41h\x41i\xff"
    + to_cbor("PartitionKey") + b"\x61p\xff")

# --- signatures
for vector in json.loads((GOLDEN / "sigv4" / "botocore.json").read_text())["vectors"]:
    lines = [vector["method"], vector["path"], vector["query"]] + [n.lower() + ":" + v for n, v in vector["headers"]]
    put("sigv4", vector["name"], "\n".join(lines) + "\n\n" + vector["body"])


# --- event streams
def event(headers, payload):
    block = b"".join(bytes([len(n)]) + n.encode() + v for n, v in headers)
    start = struct.pack(">II", 16 + len(block) + len(payload), len(block))
    whole = start + struct.pack(">I", zlib.crc32(start)) + block + payload
    return whole + struct.pack(">I", zlib.crc32(whole))


def string(text):
    return b"\7" + struct.pack(">H", len(text)) + text.encode()


initial = event([(":event-type", string("initial-response")), (":content-type", string("application/json")),
                 (":message-type", string("event"))], b"{}")
records = event([(":event-type", string("SubscribeToShardEvent")), (":message-type", string("event"))],
                b'{"Records":[],"MillisBehindLatest":0}')
put("event_stream", "initial", initial)
put("event_stream", "two", initial + records)
put("event_stream", "bare", event([], b""))
put(
    "event_stream", "all_types",
    event([("a", b"\0"), ("b", b"\1"), ("c", b"\2x"), ("d", b"\3xx"), ("e", b"\4" + bytes(4)), ("f", b"\5" + bytes(8)),
           ("g", b"\6\0\2hi"), ("h", string("text")), ("i", b"\x08" + bytes(8)), ("j", b"\x09" + bytes(16))],
          b"payload"))

# --- iterator tokens of the target's key
content = struct.pack(">QIqQ", 5, 1, 100, 1) + b"stream"
raw = struct.pack(">QBqQ", 1, 1, 1767323045000, 42) + content
token = base64.b64encode(raw + hmac.new(bytes([7]) * 32, raw, hashlib.sha256).digest())
put("iterator_token", "sealed", token)
put("iterator_token", "quoted", b'"' + token + b'"')
put("iterator_token", "content", content)
put("iterator_token", "short", token[:40])

# --- record batches
for path in sorted((GOLDEN / "record_batch").glob("*.bin")):
    if path.stat().st_size < 8192:
        put("record_batch", path.stem, path.read_bytes())


# --- upload messages
def text(value): return struct.pack("<H", len(value)) + value.encode()


def lineage(n): return bytes([n]) * 16 + struct.pack("<QQ", n, 0x1122334455667788 + n)


def lane(index, stream, *numbers): return struct.pack("<I", index) + text(stream) + struct.pack("<4Q", *numbers)


def batch(n, stream, parts):
    return (lineage(n) + text(stream) + struct.pack("<QQQQIQI", 7, 0, 1, 3, 0xDEADBEEF, 3, len(parts))
            + b"".join(struct.pack("<I", len(part)) + part for part in parts))


def upload(kind, *parts): return b"FBU" + kind + b"\1" + b"".join(parts)


part = (GOLDEN / "record_batch" / "none_1.bin").read_bytes()
maps = (struct.pack("<I", 1) + text("web") + struct.pack("<QQI", 7, 3, 2)
        + struct.pack("<QQI", 2 ** 63 - 1, 2 ** 64 - 1, 4) + struct.pack("<QQI", 2 ** 64 - 1, 2 ** 64 - 1, 5))
put(
    "upload", "open_request",
    upload(b"o", text("press-07"), text("0.1.0"), struct.pack("<QI", 2, 2), lineage(1), lineage(2),
           struct.pack("<I", 2), lane(0, "web", 7, 5, 10, 4), lane(1, "sensors", 9, 2, 1, 1)))
put(
    "upload", "open_reply",
    upload(b"O", struct.pack("<QqQQI", 2, 1700000000123, 16 << 20, 1 << 20, 1), b"\1", struct.pack("<QQ", 7, 4),
           text("closed"), maps))
put("upload", "batches_request",
    upload(b"b", text("press-07"), struct.pack("<QI", 2, 2), batch(1, "web", [part, b""]), batch(2, "sensors", [part])))
put(
    "upload", "batches_reply",
    upload(b"B", struct.pack("<QqI", 2, 1700000000123, 2), b"\0", struct.pack("<Q", 9), text(""), b"\11",
           struct.pack("<Q", 0), text("too large"), maps))
put("upload", "close_request", upload(b"c", text("press-07"), bytes(16), struct.pack("<Q", 9)))

# --- manifest entries and keys
put("manifest", "entry", (GOLDEN / "delivery" / "manifest_entry.json").read_bytes())
put("manifest", "key", "_forebay/manifest/lake/7/3/1/000000000042.json")
put("manifest", "replay_key", "_forebay/manifest/lake/7/3/1/replay-1/000000000042.json")

# --- answers of S3 servers
put(
    "s3_xml", "error",
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>SlowDown</Code><Message>a &lt;b&gt; &#65;</Message>'
    "<Resource>/b/k</Resource><RequestId>r</RequestId></Error>")
put(
    "s3_xml", "objects",
    '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>true</IsTruncated>'
    "<NextContinuationToken>t</NextContinuationToken><EncodingType>url</EncodingType><Contents><Key>a%2Bb</Key>"
    "<LastModified>2026-01-02T03:04:05.000Z</LastModified><ETag>&quot;e&quot;</ETag><Size>12</Size>"
    "<Owner><ID>i</ID></Owner></Contents><CommonPrefixes/></ListBucketResult>")
put(
    "s3_xml", "uploads",
    "<ListMultipartUploadsResult><NextKeyMarker>k</NextKeyMarker><Upload><Key>k</Key><UploadId>u</UploadId>"
    "<Initiated>2026-01-02T03:04:05Z</Initiated></Upload></ListMultipartUploadsResult>")
put(
    "s3_xml", "upload_id",
    "<InitiateMultipartUploadResult><!-- c --><UploadId><![CDATA[u<1]]></UploadId></InitiateMultipartUploadResult>")
put("s3_xml", "complete", "\n\n<CompleteMultipartUploadResult a='>'><ETag>e-2</ETag></CompleteMultipartUploadResult>")
