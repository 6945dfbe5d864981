"""HTTP/2 frames by hand, for requests that no client library would send."""

import socket
import struct

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, PRIORITY, RESET, SETTINGS, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = 0, 1, 2, 3, 4, 6, 7, 8, 9
END_STREAM, END_HEADERS = 1, 4
INITIAL_WINDOW_SIZE = 4
NO_ERROR, ENHANCE_YOUR_CALM = 0, 11


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes((kind, flags)) + struct.pack(">I", stream) + payload


def length(size):
    """A length of HPACK: seven bits, the rest in further bytes."""
    if size < 127:
        return bytes((size,))
    out, size = b"\x7f", size - 127
    while size >= 128:
        out, size = out + bytes((size % 128 + 128,)), size // 128
    return out + bytes((size,))


def field(name, value):
    """One field, literal and kept out of the compression table."""
    name, value = name.encode(), value.encode()
    return b"\x00" + length(len(name)) + name + length(len(value)) + value


def head(method="GET", path="/", authority="localhost", headers=()):
    fields = [(":method", method), (":scheme", "http"), (":path", path), (":authority", authority)]
    return b"".join(field(name.lower(), value) for name, value in [*fields, *headers])


class Connection:
    """One connection after its preface; reads frames until the far end has closed."""

    def __init__(self, port, settings=()):
        self.socket = socket.create_connection(("127.0.0.1", port), 30)
        payload = b"".join(struct.pack(">HI", *setting) for setting in settings)
        self.socket.sendall(PREFACE + frame(SETTINGS, 0, 0, payload))
        self.received = b""

    def send(self, data):
        """False when the far end does not listen any more."""
        try:
            self.socket.sendall(data)
            return True
        except OSError:
            return False

    def read(self):
        """The next frame as (kind, flags, stream, payload); None at the end of the connection."""
        while len(self.received) < 9 or len(self.received) < 9 + int.from_bytes(self.received[:3], "big"):
            try:
                more = self.socket.recv(65536)
            except OSError:
                more = b""
            if not more:
                return None
            self.received += more
        size = 9 + int.from_bytes(self.received[:3], "big")
        whole, self.received = self.received[:size], self.received[size:]
        return whole[3], whole[4], int.from_bytes(whole[5:9], "big") & 0x7FFFFFFF, whole[9:]

    def read_until(self, kind, timeout=30):
        """The payload of the next frame of that kind; None when the connection ends before."""
        self.socket.settimeout(timeout)
        while got := self.read():
            if got[0] == kind:
                return got[3]
        return None

    def close(self):
        self.socket.close()
