"""Starting the app: is it here, is the port free, who could reach it."""

from __future__ import annotations

import errno
import os
import socket
import sys
from importlib.util import find_spec
from pathlib import Path

import evaluator
from evaluator.catalogue.roles import is_loopback
from evaluator.catalogue.settings import ROLES_VARIABLE, STORE_VARIABLE
from evaluator.cli.printing import say
from evaluator.errors import DependencyError, InputError

ROOT = Path(evaluator.__file__).parents[1]
SERVER = "asgi.py"
_PORTS_TRIED = 100
_LARGEST_PORT = 65_535


def check_can_serve(address: str, port: int) -> None:
    """Raise unless the app is installed and can listen on this address and port."""
    if not (ROOT / SERVER).is_file():
        raise DependencyError(
            f"The app is not part of this installation: there is no {SERVER} in {ROOT}.",
            "Install Plumbline from its checkout: pip install -e FOLDER.",
        )
    if find_spec("streamlit") is None:
        raise DependencyError("The app needs the package streamlit.", "pip install -r requirements.txt")
    problem = _listening_problem(address, port)
    if problem is not None:
        raise _cannot_listen(address, port, problem)
    if not is_loopback(address) and ROLES_VARIABLE not in os.environ:
        raise InputError(
            f"Others can reach {address}, and nothing says who may read there: {ROLES_VARIABLE} is not set.",
            "Put a proxy that signs people in before the app and map their names, see docs/serving.md.",
        )


def start_app(store: Path, address: str, port: int) -> None:
    """Replace this process by the app; returns only if that fails."""
    say(f"Plumbline is at {app_url(address, port)} (Ctrl-C stops it).")
    sys.stdout.flush()
    command = [sys.executable, "-m", "streamlit", "run", SERVER]
    options = ["--server.port", str(port), "--server.address", address]
    environment = os.environ | {STORE_VARIABLE: str(store.resolve())}
    os.chdir(ROOT)
    os.execve(sys.executable, [*command, *options], environment)


def app_url(address: str, port: int) -> str:
    """Where a browser on this machine finds the app."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _listening_problem(address: str, port: int) -> OSError | None:
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
    except OSError as problem:
        return problem
    except UnicodeError:
        return socket.gaierror(socket.EAI_NONAME, "not a name")
    return None


def _cannot_listen(address: str, port: int, problem: OSError) -> InputError:
    if problem.errno == errno.EADDRINUSE:
        free = _next_free_port(address, port)
        hint = f"Try --port {free}." if free else "Stop what uses it, or choose another with --port."
        return InputError(f"Port {port} on {address} is in use.", hint)
    if problem.errno == errno.EACCES:
        return InputError(f"This user may not listen on port {port}.", "Choose a port above 1023 with --port.")
    return InputError(f"{address} is not an address of this machine: {problem.strerror}.", "Try --address 127.0.0.1.")


def _next_free_port(address: str, port: int) -> int | None:
    candidates = range(port + 1, min(port + _PORTS_TRIED, _LARGEST_PORT) + 1)
    return next((number for number in candidates if _listening_problem(address, number) is None), None)
