"""A publisher of MQTT 3.1.1 at QoS 1 that knows which message the broker has acknowledged. Standard library only."""

import socket
import struct

CONNECT, CONNACK, PUBLISH, PUBACK, PINGREQ, PINGRESP = 1, 2, 3, 4, 12, 13


def text(value):
    data = value.encode()
    return struct.pack(">H", len(data)) + data


def packet(kind, flags, body):
    size, length = b"", len(body)
    while True:
        size += bytes([(length & 127) | (128 if length > 127 else 0)])
        length >>= 7
        if length == 0:
            return bytes([kind << 4 | flags]) + size + body


class Publisher:
    """One connection at a time. publish_window() returns the payloads that were acknowledged; OSError when cut."""

    def __init__(self, port, client_id):
        self.port, self.client_id, self.socket, self.identifier = port, client_id, None, 0

    def connect(self, timeout=5):
        self.close()
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        head = text("MQTT") + bytes([4, 2]) + struct.pack(">H", 60)
        self.socket.sendall(packet(CONNECT, 0, head + text(self.client_id)))
        kind, body = self._read()
        if kind != CONNACK or body[1] != 0:
            raise OSError("the broker refused the connection: %r" % body)

    def close(self):
        if self.socket is not None:
            self.socket.close()
            self.socket = None

    def publish_window(self, topic, payloads):
        """Sends all payloads at QoS 1, then waits for their PUBACKs; calls are limited to 65,000 payloads."""
        waiting, acknowledged, out = {}, [], []
        for payload in payloads:
            self.identifier = self.identifier % 65535 + 1
            waiting[self.identifier] = payload
            out.append(packet(PUBLISH, 2, text(topic) + struct.pack(">H", self.identifier) + payload))
        try:
            self.socket.sendall(b"".join(out))
            while waiting:
                kind, body = self._read()
                if kind == PUBACK:
                    acknowledged.append(waiting.pop(struct.unpack(">H", body[:2])[0]))
            return acknowledged, None
        except OSError as error:
            return acknowledged, error

    def _read(self):
        first = self._exactly(1)[0]
        length = shift = 0
        while True:
            byte = self._exactly(1)[0]
            length |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return first >> 4, self._exactly(length)

    def _exactly(self, count):
        data = b""
        while len(data) < count:
            part = self.socket.recv(count - len(data))
            if not part:
                raise OSError("the broker closed the connection")
            data += part
        return data
