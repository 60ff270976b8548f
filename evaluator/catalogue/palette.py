"""The two designed themes. Charts, cards and the app's own configuration take their colours from here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of one theme; `accent` marks the group or line in question, everything else is neutral ink."""

    name: str
    paper: str
    raised: str
    ink: str
    muted: str
    faint: str
    line: str
    accent: str
    accent_soft: str


LIGHT = Palette(
    name="light", paper="#FFFFFF", raised="#F6F5F1", ink="#0F172A", muted="#475569", faint="#94A3B8", line="#D9DCE1",
    accent="#5B3FA0", accent_soft="#DDD5EF",
)  # fmt: skip
DARK = Palette(
    name="dark", paper="#0E1117", raised="#171B24", ink="#E8EAF0", muted="#A7B0C0", faint="#64748B", line="#2B3240",
    accent="#B9A3F0", accent_soft="#3B3160",
)  # fmt: skip

PALETTES: dict[str, Palette] = {palette.name: palette for palette in (LIGHT, DARK)}
FONT = "Source Sans, Source Sans 3, Segoe UI, Helvetica, Arial, sans-serif"
