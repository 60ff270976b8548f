"""The app on a free loopback port, for benchmarks."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parents[1]


class Server(NamedTuple):
    """A server that answers."""

    port: int
    pid: int

    def cpu_seconds(self) -> float | None:
        """Processor time it has used so far; None where the system does not say."""
        stat = Path(f"/proc/{self.pid}/stat")
        if not stat.exists():
            return None
        # The name of the command, in brackets, may hold spaces; what counts comes after it.
        fields = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
        user, system = int(fields[11]), int(fields[12])
        return (user + system) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(store: Path) -> Iterator[Server]:
    """Yields a warm server and ends it afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "asgi.py", "--server.port", str(port)]
    environment = {**os.environ, "PLUMBLINE_STORE": str(store)}
    child = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until_ready(port)
        yield Server(port, child.pid)
    finally:
        child.terminate()
        child.wait(30)


def wait_until_ready(port: int, seconds: float = 60) -> None:
    """Until /readyz answers."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise TimeoutError(f"the app on port {port} was not ready within {seconds} s")
