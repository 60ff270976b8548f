"""Messages between two processes over pipes: a header in JSON and a body of bytes, nothing that could run."""

from __future__ import annotations

import json
import os
import select
import struct
import time
from typing import Any

_LENGTHS = struct.Struct("!IQ")
_PIECE = 2**20
MAX_HEADER = 2**20
MAX_BODY = 4 * 2**30


class Channel:
    """One end. `deadline` is a time of `time.monotonic`; None waits for ever.

    TimeoutError is raised when it passes, EOFError when the other end is gone.
    """

    def __init__(self, reading: int, writing: int) -> None:
        self._reading, self._writing = reading, writing
        os.set_blocking(reading, False)
        os.set_blocking(writing, False)

    def send(self, header: dict[str, Any], body: bytes = b"", deadline: float | None = None) -> None:
        head = json.dumps(header).encode()
        for part in (_LENGTHS.pack(len(head), len(body)) + head, body):
            self._write(memoryview(part), deadline)

    def receive(self, deadline: float | None = None) -> tuple[dict[str, Any], bytes]:
        head, body = _LENGTHS.unpack(self._read(_LENGTHS.size, deadline))
        if head > MAX_HEADER or body > MAX_BODY:
            raise EOFError("a message that is too long")
        header: dict[str, Any] = json.loads(self._read(head, deadline))
        return header, self._read(body, deadline)

    def _write(self, waiting: memoryview, deadline: float | None) -> None:
        while waiting:
            _wait_for(self._writing, select.POLLOUT, deadline)
            try:
                waiting = waiting[os.write(self._writing, waiting[:_PIECE]) :]
            except BlockingIOError:
                continue
            except BrokenPipeError as error:
                raise EOFError("the other end is gone") from error

    def _read(self, length: int, deadline: float | None) -> bytes:
        found = bytearray()
        while len(found) < length:
            _wait_for(self._reading, select.POLLIN, deadline)
            piece = os.read(self._reading, min(_PIECE, length - len(found)))
            if not piece:
                raise EOFError("the other end is gone")
            found += piece
        return bytes(found)


def _wait_for(descriptor: int, event: int, deadline: float | None) -> None:
    poll = select.poll()
    poll.register(descriptor, event)
    left = None if deadline is None else max(0.0, deadline - time.monotonic()) * 1000
    if not poll.poll(left):
        raise TimeoutError
