"""Who may read what: the mapping from a request to a reader."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evaluator.catalogue.roles import combined, is_loopback
from pages.parts.roles import parse_roles, reader_of

ROLES = json.dumps({"header": "X-Remote-User", "people": {"ana": ["evaluator", "decider"], "cho": "viewer"}})


def test_loopback_without_configuration_may_do_everything() -> None:
    reader = reader_of({"Host": "localhost:8501"}, None, "127.0.0.1")
    assert reader is not None
    assert reader.role.sees_drafts
    assert reader.role.decides
    assert reader.fewer_than is None
    assert not reader.checked


@pytest.mark.parametrize("address", ["0.0.0.0", "192.0.2.7", "example.org", "None", ""])
def test_an_open_address_without_configuration_gives_nobody_access(address: str) -> None:
    assert reader_of({}, None, address) is None


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "x-real-ip", "X-FORWARDED-HOST"])
def test_a_forwarded_request_without_configuration_gives_no_access(header: str) -> None:
    assert reader_of({header: "192.0.2.1"}, None, "127.0.0.1") is None


def test_a_mapped_name_holds_its_roles() -> None:
    ana = reader_of({"x-remote-user": "ana"}, ROLES, "127.0.0.1")
    assert ana is not None
    assert (ana.role.sees_drafts, ana.role.decides, ana.checked, ana.name) == (True, True, True, "ana")
    cho = reader_of({"X-Remote-User": "cho"}, ROLES, "127.0.0.1")
    assert cho is not None
    assert (cho.role.sees_drafts, cho.role.explores, cho.fewer_than) == (False, False, 10)


@pytest.mark.parametrize("headers", [{}, {"X-Remote-User": ""}, {"X-Remote-User": "  "}, {"X-Remote-User": "eve"}])
def test_a_missing_or_unknown_name_has_no_access(headers: dict[str, str]) -> None:
    assert reader_of(headers, ROLES, "127.0.0.1") is None


def test_others_may_be_given_a_role() -> None:
    reader = reader_of({"X-Remote-User": "eve"}, '{"header": "X-Remote-User", "others": ["viewer"]}', "127.0.0.1")
    assert reader is not None
    assert not reader.role.sees_people


@pytest.mark.parametrize(
    "configuration",
    ["", "{", "{}", "[]", '{"header": "X", "people": []}', '{"header": "X", "people": {"ana": ["king"]}}', "/no/such/file", '{"header": "X", "people": {"ana": 3}}', '{"header": "X", "others": [["viewer"]]}'],
)  # fmt: skip
def test_an_unreadable_configuration_gives_nobody_access(configuration: str) -> None:
    assert parse_roles(configuration) is None
    assert reader_of({"X": "ana"}, configuration, "127.0.0.1") is None


def test_the_configuration_may_be_a_file(tmp_path: Path) -> None:
    path = tmp_path / "roles.json"
    path.write_text(ROLES, encoding="utf-8")
    assert parse_roles(str(path)) == parse_roles(ROLES)


def test_roles_add_up() -> None:
    both = combined(("viewer", "decider"))
    assert (both.sees_drafts, both.sees_people, both.explores, both.decides) == (False, False, True, True)


@pytest.mark.parametrize(
    ("address", "expected"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False)]
)
def test_loopback(address: str, expected: bool) -> None:
    assert is_loopback(address) is expected
