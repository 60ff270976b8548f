"""Opening pages without a browser, as a given reader, and reading what they say."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.runtime.context import ContextProxy, StreamlitHeaders
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Element, Node

from evaluator.catalogue.settings import ROLES_VARIABLE, STORE_VARIABLE

ROOT = Path(__file__).resolve().parents[2]
HEADER = "X-Remote-User"
PEOPLE = {"vera": ["viewer"], "eva": ["evaluator"], "dan": ["decider"]}
NAME_OF = {"viewer": "vera", "evaluator": "eva", "decider": "dan", "nobody": "mallory"}
READERS = ("everything", *NAME_OF)
_PICTURE = re.compile(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)")


def read_as(who: str, patch: pytest.MonkeyPatch) -> None:
    """Let the next pages be read by one of READERS; "everything" is this machine alone without configuration."""
    patch.delenv(ROLES_VARIABLE, raising=False)
    headers: list[tuple[str, str]] = [("Host", "localhost:8501")]
    if who != "everything":
        patch.setenv(ROLES_VARIABLE, json.dumps({"header": HEADER, "people": PEOPLE}))
        headers.append((HEADER, NAME_OF[who]))
    patch.setattr(ContextProxy, "headers", property(lambda _self: StreamlitHeaders(headers)))


def open_page(script: str, store: Path, patch: pytest.MonkeyPatch, **query: str) -> AppTest:
    """Open one page cold, with the given parameters in its address."""
    patch.setenv(STORE_VARIABLE, str(store))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    if script != "app.py":
        app.switch_page(script)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def in_address(app: AppTest, name: str) -> str | None:
    """One parameter of the address after a run, or None."""
    value = app.query_params.get(name)
    return value[0] if isinstance(value, list) else value


def nodes(app: AppTest) -> Iterator[Node]:
    """Everything on the page, blocks before what stands in them."""
    return (node for node in app._tree if node is not app._tree)


def keys(app: AppTest) -> list[str]:
    """The keys of the containers that pages mark their parts with."""
    return [node.key for node in nodes(app) if isinstance(node, Block) and node.key]


def pieces(app: AppTest) -> list[str]:
    """The HTML of the page's own typography, piece by piece."""
    return [str(block.value) for block in app.main.get("html") if isinstance(block, Element)]


def lines(app: AppTest) -> list[str]:
    """The plain texts of the page."""
    return [str(block.value) for block in app.main.get("text") if isinstance(block, Element)]


def title(app: AppTest) -> str:
    """The one title of the page."""
    own = [plain(found) for piece in pieces(app) for found in re.findall(r'<h1 class="pl-h1">.*?</h1>', piece)]
    found = [*own, *(element.value for element in app.title)]
    assert len(found) == 1, found
    return str(found[0])


def said(app: AppTest) -> str:
    """Every text of a page a reader could see or hear, pictures and chart texts included, one part per line."""
    return "\n".join(text for node in nodes(app) for text in _texts(node) if text)


def plain(markup: str) -> str:
    """The text of some HTML: every tag ends a word."""
    without_style = re.sub(r"<(style|title)\b.*?</\1>", " ", markup, flags=re.DOTALL)
    alternatives = " ".join(re.findall(r'alt="([^"]*)"', without_style))
    text = re.sub(r"<[^>]*>", " ", without_style)
    return re.sub(r"\s+", " ", html.unescape(f"{text} {alternatives}")).strip()


def _texts(node: Node) -> Iterator[str]:
    if isinstance(node, Block):
        yield str(getattr(node, "label", "") or "")
        return
    for name in ("label", "value", "options", "help"):
        yield from _flat(getattr(node, name, None))
    spec = getattr(getattr(node, "proto", None), "spec", "")
    if spec:
        yield from _flat(json.loads(spec))


def _flat(content: object) -> Iterator[str]:
    if isinstance(content, str):
        for picture in _PICTURE.findall(content):
            yield plain(base64.b64decode(picture).decode())
        yield plain(content) if "<" in content else content
    elif isinstance(content, dict):
        for inner in content.values():
            yield from _flat(inner)
    elif isinstance(content, list | tuple):
        for inner in content:
            yield from _flat(inner)
