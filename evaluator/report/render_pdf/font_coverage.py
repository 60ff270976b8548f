"""Which characters a font file can show, read from its character map.

The file is that of the OpenType specification: a directory of tables, of which `cmap` maps characters to glyphs in
sub-tables of format 4 (segments of two bytes) or 12 (groups of four bytes). Other formats hold nothing that these lack.
"""

from __future__ import annotations

import struct
from functools import lru_cache
from itertools import chain
from pathlib import Path

UNREADABLE = (OSError, struct.error, IndexError, ValueError)


@lru_cache(maxsize=512)
def characters_of(path: str, index: int = 0) -> frozenset[int]:
    """Code points with a glyph in font number `index` of a file; none when the file cannot be read."""
    try:
        data = Path(path).read_bytes()
        return _characters(data, _cmap_start(data, index))
    except UNREADABLE:
        return frozenset()


def _cmap_start(data: bytes, index: int) -> int:
    start = struct.unpack_from(">I", data, 12 + 4 * index)[0] if data[:4] == b"ttcf" else 0
    (tables,) = struct.unpack_from(">H", data, start + 4)
    for number in range(tables):
        tag, _, offset, _ = struct.unpack_from(">4sIII", data, start + 12 + 16 * number)
        if tag == b"cmap":
            return int(offset)
    raise ValueError("the font has no character map")


def _characters(data: bytes, cmap: int) -> frozenset[int]:
    (count,) = struct.unpack_from(">H", data, cmap + 2)
    found: set[int] = set()
    for number in range(count):
        platform, encoding, offset = struct.unpack_from(">HHI", data, cmap + 4 + 8 * number)
        if platform == 0 or (platform == 3 and encoding in (1, 10)):
            found.update(_sub_table(data, cmap + offset))
    return frozenset(found)


def _sub_table(data: bytes, start: int) -> chain[int]:
    (kind,) = struct.unpack_from(">H", data, start)
    if kind == 12:
        return chain.from_iterable(_groups(data, start))
    return chain(_segments(data, start) if kind == 4 else ())


def _groups(data: bytes, start: int) -> list[range]:
    (count,) = struct.unpack_from(">I", data, start + 12)
    triples = struct.iter_unpack(">III", data[start + 16 : start + 16 + 12 * count])
    return [range(first + (glyph == 0), last + 1) for first, last, glyph in triples]


def _segments(data: bytes, start: int) -> list[int]:
    (twice,) = struct.unpack_from(">H", data, start + 6)
    count = twice // 2

    def column(number: int, kind: str) -> tuple[int, ...]:
        return struct.unpack_from(f">{count}{kind}", data, start + 14 + number * twice + (2 if number else 0))

    ends, starts, deltas, offsets = column(0, "H"), column(1, "H"), column(2, "h"), column(3, "H")
    offsets_at = start + 16 + 3 * twice
    found: list[int] = []
    for number in range(count):
        for code in range(starts[number], min(ends[number], 0xFFFE) + 1):
            if offsets[number]:
                at = offsets_at + 2 * number + offsets[number] + 2 * (code - starts[number])
                glyph = struct.unpack_from(">H", data, at)[0]
            else:
                glyph = (code + deltas[number]) & 0xFFFF
            if glyph:
                found.append(code)
    return found
