"""Who is reading: everything on this machine alone, and otherwise what a signed-in name is mapped to. Deny by default.

`PLUMBLINE_ROLES` holds JSON, or the path of a file with it:

    {"header": "X-Remote-User", "people": {"ana": ["evaluator", "decider"]}, "others": ["viewer"]}

`header` is set by the proxy that signs people in; `others` is what a signed-in name that is not listed may do, nothing
when it is left out.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import streamlit as st

from evaluator.catalogue.roles import ROLES, Role, combined, is_loopback
from evaluator.catalogue.settings import FEWER_THAN, ROLES_VARIABLE

FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


@dataclass(frozen=True, slots=True)
class Reader:
    """One reader: `name` is '' and `checked` False without a sign-in."""

    role: Role
    name: str = ""
    checked: bool = False

    @property
    def fewer_than(self) -> int | None:
        """Figures about fewer people than this are not shown to this reader."""
        return None if self.role.sees_people else FEWER_THAN

    def before_others(self) -> Reader:
        """The same reader showing a page to a room: what few may see is not shown."""
        return replace(self, role=replace(self.role, sees_people=False))


@dataclass(frozen=True, slots=True)
class RoleMap:
    """The parsed configuration."""

    header: str
    people: Mapping[str, tuple[str, ...]]
    others: tuple[str, ...]


def current_reader() -> Reader | None:
    """Who is reading this page, or None when nobody may."""
    return reader_of(st.context.headers.to_dict(), os.environ.get(ROLES_VARIABLE), str(st.get_option("server.address")))


def reader_of(headers: Mapping[str, str], configuration: str | None, address: str) -> Reader | None:
    """The reader behind a request.

    Parameters
    ----------
    headers : of the request that opened the session.
    configuration : content of PLUMBLINE_ROLES, or None.
    address : where the server listens.
    """
    lowered = {name.lower(): value for name, value in headers.items()}
    if configuration is None:
        through_proxy = any(name in lowered for name in FORWARDED)
        return Reader(combined(tuple(ROLES))) if is_loopback(address) and not through_proxy else None
    mapping = parse_roles(configuration)
    name = lowered.get(mapping.header.lower(), "").strip() if mapping else ""
    if mapping is None or not name:
        return None
    held = mapping.people.get(name, mapping.others)
    return Reader(combined(held), name, checked=True) if held else None


def parse_roles(configuration: str) -> RoleMap | None:
    """The role map, or None for anything that cannot be read: then nobody has access."""
    try:
        text = (
            configuration if configuration.lstrip().startswith("{") else Path(configuration).read_text(encoding="utf-8")
        )
        data = json.loads(text)
        people = {str(name): _known(held) for name, held in data.get("people", {}).items()}
        return RoleMap(str(data["header"]), people, _known(data.get("others", [])))
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return None


def _known(held: object) -> tuple[str, ...]:
    names = tuple(held) if isinstance(held, list) else (held,)
    if not all(name in ROLES for name in names):
        raise ValueError(f"unknown role among {names}")
    return tuple(str(name) for name in names)
