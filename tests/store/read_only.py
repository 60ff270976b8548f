"""A Python script run where nothing can be written, in the two ways that the kernel offers.

`mount` mounts one folder read-only, which some machines allow nobody to do. `filter` needs no rights: a system-call
filter answers every call that would change a file with "Read-only file system". Both last as long as the child.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent

_MOUNT = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec "$@"'
_NAMESPACES = (("unshare", "-rm"), ("unshare", "-m"))

_OPEN_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
# Calls that open: number and the position of the flags. Calls that change: number alone. In the order
# openat, open; creat, mkdir, mkdirat, rmdir, unlink, unlinkat, rename, renameat, renameat2, link, linkat, symlink,
# symlinkat, chmod, fchmod, fchmodat, truncate, openat2.
_X86_OPENS, _X86_CHANGES = (
    ((257, 2), (2, 1)),
    (85, 83, 258, 84, 87, 263, 82, 264, 316, 86, 265, 88, 266, 90, 91, 268, 76, 437),
)
_ARM_OPENS, _ARM_CHANGES = ((56, 2),), (34, 35, 36, 37, 38, 52, 53, 45, 276, 437)
_CALLS = {"x86_64": (_X86_OPENS, _X86_CHANGES), "aarch64": (_ARM_OPENS, _ARM_CHANGES)}

_LOAD, _EQUAL, _ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EROFS
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_void_p))


@cache
def namespace_command() -> tuple[str, ...]:
    """What gives a child its own mounts here; empty when the machine allows it to nobody like us."""
    probe = ["sh", "-c", _MOUNT, "sh", tempfile.gettempdir(), "true"]
    for command in _NAMESPACES:
        try:
            subprocess.run([*command, *probe], check=True, capture_output=True, timeout=30)
        except (OSError, subprocess.CalledProcessError):
            continue
        return command
    return ()


def ways() -> tuple[str, ...]:
    """The ways this machine has; at least `filter`."""
    return ("filter", "mount") if namespace_command() else ("filter",)


def run_read_only(way: str, folder: Path, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `code`, which calls `begin()` once it has imported what it needs, with `folder` read-only from then on."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parents[1])])}
    child = [sys.executable, "-c", code, str(folder), *arguments]
    if way == "mount":
        child = [*namespace_command(), "sh", "-c", _MOUNT, "sh", str(folder), *child]
    else:
        environment["READ_ONLY_FILTER"] = "yes"
    return subprocess.run(child, env=environment, capture_output=True, text=True, timeout=120)


def begin() -> None:
    """In the child: from here on nothing is written, whichever way was chosen."""
    if os.environ.get("READ_ONLY_FILTER"):
        refuse_changes()


def refuse_changes() -> None:
    """Let every later call of this process that would change a file fail with EROFS."""
    steps = _filter_steps(*_CALLS[platform.machine()])
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = _Program(len(steps), ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) or libc.prctl(_SECCOMP, _FILTER, ctypes.byref(program), 0, 0):
        raise OSError(ctypes.get_errno(), "the system-call filter was refused")


def _filter_steps(opens: tuple[tuple[int, int], ...], changes: tuple[int, ...]) -> list[tuple[int, int, int, int]]:
    """The filter as instructions (code, steps to jump when true, when false, value)."""
    steps = [(_LOAD, 0, 0, 0)]  # the number of the call
    for number, position in opens:
        steps += [
            (_EQUAL, 0, 4, number),
            (_LOAD, 0, 0, 16 + 8 * position),  # the flags
            (_ANY_BIT, 0, 1, _OPEN_FLAGS),
            (_RETURN, 0, 0, _REFUSE),
            (_RETURN, 0, 0, _ALLOW),
        ]
    for number in changes:
        steps += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _REFUSE)]
    return [*steps, (_RETURN, 0, 0, _ALLOW)]
