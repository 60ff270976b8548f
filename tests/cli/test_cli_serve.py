from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evaluator.cli import app_server


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the process would have become: [program, arguments, environment, folder]."""
    calls: list[Any] = []

    def become(program: str, arguments: list[str], environment: dict[str, str]) -> None:
        calls.extend((program, arguments, environment, Path.cwd()))

    monkeypatch.chdir(Path.cwd())
    monkeypatch.setattr(os, "execve", become)
    return calls


@pytest.fixture
def busy() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_serve_becomes_the_app_on_loopback(cli, started: list[Any], free: int, tmp_path: Path) -> None:
    result = cli("serve", "--port", free, "--store", tmp_path)
    program, arguments, environment, folder = started
    assert (result.code, result.err) == (0, "")
    assert f"http://127.0.0.1:{free}" in result.out
    assert program == sys.executable
    assert arguments[1:5] == ["-m", "streamlit", "run", "asgi.py"]
    assert arguments[5:] == ["--server.port", str(free), "--server.address", "127.0.0.1"]
    assert environment["PLUMBLINE_STORE"] == str(tmp_path)
    assert folder == app_server.ROOT


def test_a_relative_store_stays_the_same_folder(
    cli, started: list[Any], free: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    cli("serve", "--port", free, "--store", "mine")
    assert started[2]["PLUMBLINE_STORE"] == str(tmp_path / "mine")


def test_an_open_address_needs_roles(cli, started: list[Any], free: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PLUMBLINE_ROLES", raising=False)
    result = cli("serve", "--address", "0.0.0.0", "--port", free)
    assert result.code == 1
    assert "PLUMBLINE_ROLES is not set" in result.err
    assert started == []


def test_an_open_address_with_roles_is_served(
    cli, started: list[Any], free: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLUMBLINE_ROLES", '{"header": "X-User", "people": {}}')
    result = cli("serve", "--address", "0.0.0.0", "--port", free)
    assert f"http://127.0.0.1:{free}" in result.out
    assert started[1][-1] == "0.0.0.0"


def test_a_port_in_use_names_the_next_free_one(cli, started: list[Any], busy: int) -> None:
    result = cli("serve", "--port", busy)
    assert result.code == 1
    assert f"Port {busy} on 127.0.0.1 is in use." in result.err
    suggested = int(result.err.rsplit("--port ", 1)[1].rstrip(".\n"))
    assert busy < suggested <= busy + 100
    assert app_server._listening_problem("127.0.0.1", suggested) is None
    assert started == []


@pytest.mark.parametrize("address", ["203.0.113.9", "not an address", "x" * 300, ""])
def test_an_address_of_another_machine_is_refused(cli, started: list[Any], free: int, address: str) -> None:
    result = cli("serve", "--address", address, "--port", free)
    assert result.code == 1
    assert "\nHint: Try --address 127.0.0.1." in result.err
    assert started == []


def test_an_installation_without_the_app_says_so(
    cli, started: list[Any], free: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app_server, "ROOT", tmp_path)
    result = cli("serve", "--port", free)
    assert result.code == 1
    assert "The app is not part of this installation" in result.err
    assert started == []


@pytest.mark.parametrize(
    ("address", "loopback"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("example.org", False)],
)
def test_loopback(address: str, loopback: bool) -> None:
    assert app_server.is_loopback(address) is loopback


@pytest.mark.parametrize(("address", "url"), [("::1", "http://[::1]:80"), ("localhost", "http://localhost:80")])
def test_url(address: str, url: str) -> None:
    assert app_server.app_url(address, 80) == url
