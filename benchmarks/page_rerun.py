"""How long a page takes on the server, with 30 runs in the store: raw WebSocket clients, no browser.

A rerun is timed from the request to the message that the script has finished. The same client measures 50 readers who
open the brief at the same moment.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

from app_server import serving
from demo_runs import store_of_runs
from figures import Figure, run
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from evaluator.catalogue.pages import PAGES

RUNS, WARM_UP, TIMES, READERS = 30, 3, 40, 50


class Visitor:
    """One reader's session."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.failed = False

    async def rerun(self, page: str, query: str) -> float:
        """Seconds until the page's script has finished."""
        message = BackMsg()
        message.rerun_script.query_string = query
        message.rerun_script.page_name = page
        clock = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        while True:
            answer = ForwardMsg()
            data = await self.socket.recv()
            answer.ParseFromString(data if isinstance(data, bytes) else data.encode())
            kind = answer.WhichOneof("type")
            if kind == "delta" and answer.delta.new_element.WhichOneof("type") == "exception":
                self.failed = True
            if kind == "script_finished":
                return time.perf_counter() - clock


def connection(port: int) -> connect:
    """A WebSocket as the app's own page opens it."""
    return connect(
        f"ws://127.0.0.1:{port}/_stcore/stream", subprotocols=["streamlit"], max_size=None,
        origin=f"http://127.0.0.1:{port}",
    )  # fmt: skip


def addresses(run_id: str) -> list[tuple[str, str]]:
    """(page name, query string) of every page of one run."""
    found = [("", ""), ("", f"run={run_id}")]
    scripts = (page for page in PAGES.values() if page.script != "app.py")
    return found + [(Path(page.script).stem, f"run={run_id}") for page in scripts]


async def one_reader(port: int, run_id: str, times: int) -> list[float]:
    """Rerun every page `times` times."""
    seconds: list[float] = []
    async with connection(port) as socket:
        visitor = Visitor(socket)
        for page, query in addresses(run_id):
            measured = [await visitor.rerun(page, query) for _ in range(WARM_UP + times)]
            seconds += measured[WARM_UP:]
        if visitor.failed:
            raise RuntimeError("a page showed an exception")
    return seconds


async def many_readers(port: int, run_id: str, readers: int) -> list[float]:
    """As many readers rerun the brief at the same moment."""
    sockets = [await connection(port) for _ in range(readers)]
    visitors = [Visitor(socket) for socket in sockets]
    await asyncio.gather(*(visitor.rerun("", f"run={run_id}") for visitor in visitors))
    seconds = await asyncio.gather(*(visitor.rerun("", f"run={run_id}") for visitor in visitors))
    for socket in sockets:
        await socket.close()
    if any(visitor.failed for visitor in visitors):
        raise RuntimeError("a reader saw an exception")
    return list(seconds)


def percentile(seconds: list[float], share: float) -> float:
    return sorted(seconds)[min(len(seconds) - 1, int(share * len(seconds)))]


def measure(quick: bool) -> list[Figure]:
    runs, times, readers = (2, 3, 5) if quick else (RUNS, TIMES, READERS)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run_id = store_of_runs(folder / "data", folder / "store", runs, quick=quick)[-1]
        with serving(folder / "store") as port:
            urlopen(f"http://127.0.0.1:{port}/", timeout=10).close()
            alone = asyncio.run(one_reader(port, run_id, times))
            together = asyncio.run(many_readers(port, run_id, readers))
    return [
        Figure("page rerun, 30 runs: median", statistics.median(alone) * 1000, "ms", 50),
        Figure("page rerun, 30 runs: 95th percentile", percentile(alone, 0.95) * 1000, "ms", 150),
        Figure("50 readers at once, brief: 95th percentile", percentile(together, 0.95), "s", 2),
    ]


if __name__ == "__main__":
    run(measure, __doc__ or "")
