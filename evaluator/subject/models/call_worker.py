"""The child process in which a plan's function runs: `python -m evaluator.subject.models.call_worker`.

It is sent the source of the module, so that what runs is what was hashed, and then tables of rows; it answers with
arrays. What the function prints goes nowhere, because the answers travel where printed text would go.
"""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Thread
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.subject.models.answers import as_array
from evaluator.subject.models.channel import Channel
from evaluator.subject.models.foreign import Raised, attempt

PATIENCE = 0.5
"""Seconds between two looks at whether the asking process is still there."""


def serve(channel: Channel) -> None:
    """Load the function, then answer until the other end is gone."""
    header, content = channel.receive()
    path = Path(header["path"])
    found = attempt(lambda: _load(header, content, path), path)
    if isinstance(found, Raised):
        channel.send(_said(found))
        return
    channel.send({})
    while True:
        _, table = channel.receive()
        answer = attempt(partial(_answer, found, table), path)
        if isinstance(answer, Raised):
            channel.send(_said(answer))
        else:
            channel.send({}, _as_bytes(answer))


def _load(header: dict[str, Any], content: bytes, path: Path) -> Callable[[pd.DataFrame], object]:
    """The function of a module made from the source that was sent; modules beside it can be imported."""
    name = header["module"]
    sys.path.insert(0, header["folder"])
    module = ModuleType(name)
    module.__file__ = str(path)
    module.__package__ = name if path.name == "__init__.py" else name.rpartition(".")[0]
    if path.name == "__init__.py":
        module.__path__ = [str(path.parent)]
    sys.modules[name] = module
    exec(compile(content, str(path), "exec"), module.__dict__)
    function: Callable[[pd.DataFrame], object] = getattr(module, header["function"])
    if not callable(function):
        raise TypeError(f"'{header['function']}' is not a function")
    return function


def _answer(function: Callable[[pd.DataFrame], object], table: bytes) -> NDArray[Any]:
    return as_array(function(pd.read_parquet(io.BytesIO(table))))


def _said(raised: Raised) -> dict[str, str]:
    return {"kind": raised.kind, "message": raised.message, "where": raised.where}


def _as_bytes(array: NDArray[Any]) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def _end_with(parent: int) -> None:
    """A function that never returns must not outlive whoever asked it."""
    while os.getppid() == parent:
        time.sleep(PATIENCE)
    os._exit(1)


def main() -> None:
    """Keep both pipes for messages alone and point printed text and questions elsewhere."""
    Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    channel = Channel(os.dup(0), os.dup(1))
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    try:
        serve(channel)
    except EOFError:
        sys.exit(0)


if __name__ == "__main__":
    main()
