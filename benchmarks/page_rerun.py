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
from typing import NamedTuple
from urllib.request import urlopen

from app_server import Server, serving
from demo_runs import store_of_runs
from figures import Figure, run
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from evaluator.catalogue.pages import PAGES

RUNS, WARM_UP, TIMES, READERS = 30, 3, 40, 50
MEDIAN_GOAL, TAIL_GOAL = 50, 150
CHOICE_GOAL = 60
CHOICES = {
    "explanations, another feature": ("feature=debt_share", "feature=monthly_income"),
    "explanations, the same value for all": ("feature=debt_share&curve=same", "feature=monthly_income&curve=same"),
    "explanations, another case": ("case=1", "case=2"),
}
"""What a reader changes on one page, each as two addresses to go to and fro between."""


class Address(NamedTuple):
    """What the browser asks for to see a page."""

    key: str
    name: str
    query: str


class Visitor:
    """One reader's session."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def rerun(self, page: Address) -> float:
        """Seconds until the page's script has finished; a page that is not drawn to its foot is an error."""
        message = BackMsg()
        message.rerun_script.query_string = page.query
        message.rerun_script.page_name = page.name
        complete, mark = False, f"ready-{page.key}".encode()
        clock = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        while True:
            data = await self.socket.recv(decode=False)
            complete = complete or mark in data
            answer = ForwardMsg.FromString(data)
            if answer.WhichOneof("type") == "script_finished":
                break
        seconds = time.perf_counter() - clock
        if not complete:
            raise RuntimeError(f"the page '{page.key}' was not drawn to its foot")
        return seconds


class Measured(NamedTuple):
    """Seconds of every rerun of each page and after each choice, and the server's processor time for all pages."""

    by_page: dict[str, list[float]]
    by_choice: dict[str, list[float]]
    cpu_seconds: float | None

    @property
    def all(self) -> list[float]:
        return [seconds for page in self.by_page.values() for seconds in page]


def connection(port: int) -> connect:
    """A WebSocket as the app's own page opens it."""
    return connect(
        f"ws://127.0.0.1:{port}/_stcore/stream", subprotocols=[Subprotocol("streamlit")], max_size=None,
        origin=Origin(f"http://127.0.0.1:{port}"),
    )  # fmt: skip


def addresses(run_id: str) -> list[Address]:
    """Every page of one run."""
    return [
        Address(page.key, _name(page.script), "" if page.key == "portfolio" else f"run={run_id}")
        for page in PAGES.values()
    ]


def _name(script: str) -> str:
    return "" if script == "app.py" else Path(script).stem


async def one_reader(server: Server, run_id: str, times: int) -> Measured:
    """Rerun every page `times` times, after some that do not count."""
    pages = addresses(run_id)
    by_page: dict[str, list[float]] = {}
    by_choice: dict[str, list[float]] = {}
    async with connection(server.port) as socket:
        visitor = Visitor(socket)
        for page in pages:
            for _ in range(WARM_UP):
                await visitor.rerun(page)
        before = server.cpu_seconds()
        for page in pages:
            by_page[page.key] = [await visitor.rerun(page) for _ in range(times)]
        after = server.cpu_seconds()
        for label, queries in CHOICES.items():
            choices = [Address("explanations", "explanations", f"run={run_id}&{query}") for query in queries]
            for turn in range(WARM_UP):
                await visitor.rerun(choices[turn % len(choices)])
            by_choice[label] = [await visitor.rerun(choices[turn % len(choices)]) for turn in range(times)]
    return Measured(by_page, by_choice, None if before is None or after is None else after - before)


async def many_readers(server: Server, run_id: str, readers: int) -> list[float]:
    """As many readers rerun the brief at the same moment."""
    brief = Address("brief", "", f"run={run_id}")
    sockets = [await connection(server.port) for _ in range(readers)]
    visitors = [Visitor(socket) for socket in sockets]
    await asyncio.gather(*(visitor.rerun(brief) for visitor in visitors))
    seconds = await asyncio.gather(*(visitor.rerun(brief) for visitor in visitors))
    for socket in sockets:
        await socket.close()
    return list(seconds)


def percentile(seconds: list[float], share: float) -> float:
    """The value that a share of the reruns does not exceed."""
    return sorted(seconds)[min(len(seconds) - 1, int(share * len(seconds)))]


def rerun_figures(name: str, seconds: list[float]) -> list[Figure]:
    """Median and 95th percentile in milliseconds."""
    return [
        Figure(f"{name}: median", statistics.median(seconds) * 1000, "ms", MEDIAN_GOAL),
        Figure(f"{name}: 95th percentile", percentile(seconds, 0.95) * 1000, "ms", TAIL_GOAL),
    ]


def figures_of(measured: Measured, together: list[float], runs: int) -> list[Figure]:
    """Over all pages first, then page by page."""
    figures = rerun_figures(f"page rerun, {runs} runs", measured.all)
    for key, seconds in measured.by_page.items():
        figures += rerun_figures(f"page rerun, {key}", seconds)
    for label, seconds in measured.by_choice.items():
        figures.append(Figure(f"page rerun, {label}: median", statistics.median(seconds) * 1000, "ms", CHOICE_GOAL))
    if measured.cpu_seconds is not None:
        mean = measured.cpu_seconds / len(measured.all) * 1000
        figures.append(Figure("page rerun, server's processor time: mean", mean, "ms", None))
    tail = percentile(together, 0.95)
    return [*figures, Figure(f"{len(together)} readers at once, brief: 95th percentile", tail, "s", 2)]


def measure(quick: bool) -> list[Figure]:
    runs, times, readers = (2, 3, 5) if quick else (RUNS, TIMES, READERS)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run_id = store_of_runs(folder / "data", folder / "store", runs, quick=quick)[-1]
        with serving(folder / "store") as server:
            urlopen(f"http://127.0.0.1:{server.port}/", timeout=10).close()
            alone = asyncio.run(one_reader(server, run_id, times))
            together = asyncio.run(many_readers(server, run_id, readers))
    return figures_of(alone, together, runs)


if __name__ == "__main__":
    run(measure, __doc__ or "")
