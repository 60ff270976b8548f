"""The hardened server: security headers on every response, /readyz, and a warm process.

`python -m evaluator serve` starts it on loopback. It is the same app as `streamlit run app.py`, which works too but
without the headers.
"""

from __future__ import annotations

import base64
import gc
import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from evaluator.catalogue.pages import PAGES
from evaluator.errors import EvaluatorError
from evaluator.store import list_runs, open_run, store_folder
from pages.parts.failure import report_script_error

PRELOADED = (
    "duckdb", "pandas", "plotly.graph_objects", "pydantic", "pages.parts.shell",
    "pages.parts.brief", "pages.parts.meeting", "pages.parts.meeting_ask", "pages.parts.meeting_decide", "pages.parts.portfolio", "pages.parts.scorecard", "pages.parts.fairness", "pages.parts.failures", "pages.parts.explanations", "pages.parts.data", "pages.parts.recompute",
    "pages.parts.methods",
)  # fmt: skip


INDEX = (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
START = "window.__streamlit = { BACKEND_BASE_URL: window.location.origin + '/' };"
"""Tells the page where its server is; without it every deep link first asks below its own path and gets a 404."""


def inline_script_hashes(index: str) -> list[str]:
    """CSP sources for the scripts that stand in Streamlit's own page."""
    scripts = re.findall(r"<script>(.*?)</script>", index, flags=re.DOTALL)
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


def content_security_policy() -> str:
    """No script but Streamlit's own, nothing from elsewhere, no framing. Streamlit's styles are inline."""
    rules = {
        "default-src": "'self'",
        "script-src": " ".join(["'self'", *inline_script_hashes(INDEX)]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


HEADERS: tuple[tuple[bytes, bytes], ...] = tuple(
    (name.encode(), value.encode())
    for name, value in {
        "content-security-policy": content_security_policy(),
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "permissions-policy": "camera=(), microphone=(), geolocation=()",
        "cross-origin-opener-policy": "same-origin",
    }.items()
)


class SecurityHeaders:
    """Adds the headers to every HTTP response, errors included."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                ours = {name for name, _ in HEADERS}
                kept = [pair for pair in message.get("headers", []) if pair[0].lower() not in ours]
                message = {**message, "headers": [*kept, *HEADERS]}
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def readyz(_request: Request) -> JSONResponse:
    """200 when the newest run opens and answers, or when there is none yet; 503 with the reason otherwise."""
    try:
        runs, _damaged = list_runs(store_folder(None))
        if runs:
            open_run(store_folder(None), runs[0].run_id).run()
    except EvaluatorError as problem:
        return JSONResponse({"ready": False, "reason": problem.message}, status_code=503)
    return JSONResponse({"ready": True, "runs": len(runs)})


def index(_request: Request) -> HTMLResponse:
    """Streamlit's page under our name, with the start script before its own."""
    page = INDEX.replace("<title>Streamlit</title>", "<title>Plumbline</title>", 1)
    page = page.replace('<script type="module"', '<script src="/start.js"></script>\n    <script type="module"', 1)
    return HTMLResponse(page, headers={"cache-control": "no-cache"})


def start_script(_request: Request) -> Response:
    """The start script as a file, because the policy allows no other inline script."""
    return Response(START, media_type="text/javascript", headers={"cache-control": "no-cache"})


def page_routes() -> list[Route]:
    """The landing page and one route per page script."""
    scripts = {page.script for page in PAGES.values()} - {"app.py"}
    return [Route("/", index), *(Route(f"/{Path(script).stem}", index) for script in sorted(scripts))]


@asynccontextmanager
async def warm(_app: st.App) -> AsyncIterator[None]:
    """Import what pages need, and keep it out of the way of every later garbage collection."""
    for name in PRELOADED:
        import_module(name)
    gc.collect()
    gc.freeze()
    yield


app = st.App(
    Path(__file__).parent / "app.py",
    lifespan=warm,
    routes=[Route("/readyz", readyz), Route("/start.js", start_script), *page_routes()],
    middleware=[Middleware(SecurityHeaders)],
    on_script_error=report_script_error,
)
