"""`serve`: the app, on loopback unless told otherwise."""

from __future__ import annotations

from typing import Annotated

import typer

from evaluator.cli.options import Store

DEFAULT_ADDRESS = "127.0.0.1"
DEFAULT_PORT = 8501

Port = Annotated[int, typer.Option("--port", min=1, max=65_535, help="Port of the app.")]


def serve(
    port: Port = DEFAULT_PORT,
    address: Annotated[str, typer.Option("--address", help="Address to listen on.")] = DEFAULT_ADDRESS,
    store: Store = None,
) -> None:
    """Start the app, by default for this machine alone."""
    from evaluator.cli.app_server import check_can_serve, start_app
    from evaluator.store import store_folder

    check_can_serve(address, port)
    start_app(store_folder(store), address, port)
