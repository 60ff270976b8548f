"""What a pickle would import, found by following its instructions without carrying any of them out.

joblib writes raw arrays between the instructions; their length follows from what was said just before them.
"""

from __future__ import annotations

import io
import math
import pickletools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from evaluator.subject.models.pickle_stack import MARK, UNKNOWN, Filled, Made, Named, Stack, Value, fill

MAX_INSTRUCTIONS = 20_000_000
COMPUTED = "(a name that the file computes)"
ARRAY_WRAPPER = "joblib.numpy_pickle.NumpyArrayWrapper"
_PLAIN_TYPE = re.compile(r"[|<>=]?[A-Za-z]\d*")
_CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
_STORE = {"PUT", "BINPUT", "LONG_BINPUT", "MEMOIZE"}
_RECALL = {"GET", "BINGET", "LONG_BINGET"}
_EXTENSIONS = {"EXT1", "EXT2", "EXT4", "PERSID", "BINPERSID"}


@dataclass(frozen=True, slots=True)
class PickleContent:
    """Names a pickle imports, library versions it records, and whether it was followed to its end."""

    imports: tuple[str, ...]
    versions: tuple[tuple[str, str], ...]
    complete: bool


def read_pickle_names(content: bytes, *, joblib: bool, most: int = MAX_INSTRUCTIONS) -> PickleContent:
    """Follow every instruction of a pickle, or of an unpacked file of joblib; nothing is imported or called."""
    walk = _Walk(io.BytesIO(content), joblib, most)
    try:
        walk.follow()
        complete = True
    except (ValueError, LookupError, TypeError, OverflowError, RecursionError, AttributeError):
        complete = False
    return PickleContent(tuple(sorted(walk.names)), tuple(sorted(walk.versions)), complete)


@dataclass(slots=True)
class _Walk:
    """One file being followed; `most` is how many instructions are left to spend on it."""

    stream: io.BytesIO
    joblib: bool
    most: int
    names: set[str] = field(default_factory=set)
    versions: set[tuple[str, str]] = field(default_factory=set)

    def follow(self) -> None:
        """Follow one pickle to its stop."""
        stack = Stack()
        for instruction, argument, _ in pickletools.genops(self.stream):
            self.most -= 1
            if self.most < 0:
                raise ValueError("more instructions than are followed")
            self.names.update(_step(instruction, argument, stack))
            if instruction.name in ("SETITEM", "SETITEMS"):
                self.versions.update(_version(stack.top))
            if instruction.name == "BUILD" and self.joblib and (array := _wrapped_array(stack.top)) is not None:
                self._pass(array)

    def _pass(self, array: dict[str, Value]) -> None:
        """Go on behind the bytes of an array; one of objects is a pickle of its own."""
        code = array["dtype"].arguments[0]
        if not isinstance(code, str) or not _PLAIN_TYPE.fullmatch(code):
            raise ValueError("an array of unknown type")
        kind = np.dtype(code)
        if kind.hasobject:
            return self.follow()
        if isinstance(array.get("numpy_array_alignment_bytes"), int):
            self.stream.seek(self.stream.read(1)[0], io.SEEK_CUR)
        self.stream.seek(math.prod(array["shape"]) * kind.itemsize, io.SEEK_CUR)
        return None


def _step(instruction: pickletools.OpcodeInfo, argument: object, stack: Stack) -> Iterator[str]:
    """Carry one instruction out on the stack of names; yields what it imports."""
    name = instruction.name
    if name in ("GLOBAL", "INST"):
        if name == "INST":
            stack.pop_group()
        found = str(argument).replace(" ", ".")
        stack.push(Named(found))
        yield found
    elif name == "STACK_GLOBAL":
        inner, module = stack.pop(), stack.pop()
        found = f"{module}.{inner}" if isinstance(module, str) and isinstance(inner, str) else COMPUTED
        stack.push(Named(found))
        yield found
    elif name in _EXTENSIONS:
        yield COMPUTED
        _move(instruction, argument, stack)
    else:
        _change(instruction, argument, stack)


def _change(instruction: pickletools.OpcodeInfo, argument: object, stack: Stack) -> None:
    match instruction.name:
        case "MARK":
            stack.push(MARK)
        case "DUP":
            stack.push(stack.top)
        case "REDUCE" | "NEWOBJ":
            arguments, maker = stack.pop(), stack.pop()
            stack.push(Made(maker, arguments))
        case "BUILD":
            state = stack.pop()
            if isinstance(stack.top, Made):
                stack.top.state = state
        case "EMPTY_DICT":
            stack.push(Filled())
        case "SETITEM":
            value, key = stack.pop(), stack.pop()
            fill(stack.top, [key, value])
        case "SETITEMS":
            values = stack.pop_group()
            fill(stack.top, values)
        case "DICT":
            values = stack.pop_group()
            stack.push(Filled())
            fill(stack.top, values)
        case _:
            _change_plain(instruction, argument, stack)


def _change_plain(instruction: pickletools.OpcodeInfo, argument: object, stack: Stack) -> None:
    name = instruction.name
    if name in _CONSTANTS:
        stack.push(_CONSTANTS[name])
    elif name in _STORE:
        stack.remember(argument if isinstance(argument, int) else None)
    elif name in _RECALL:
        stack.push(stack.recall(argument) if isinstance(argument, int) else UNKNOWN)
    elif name == "TUPLE":
        stack.push(tuple(stack.pop_group()))
    elif name == "EMPTY_TUPLE":
        stack.push(())
    elif name in ("TUPLE1", "TUPLE2", "TUPLE3"):
        stack.push(tuple(reversed([stack.pop() for _ in range(int(name[-1]))])))
    elif name == "POP_MARK":
        stack.pop_group()
    elif not instruction.stack_before and len(instruction.stack_after) == 1 and argument is not None:
        stack.push(argument)
    else:
        _move(instruction, argument, stack)


def _move(instruction: pickletools.OpcodeInfo, argument: object, stack: Stack) -> None:
    """Take and put as many values as the instruction does, whatever they are."""
    taken = list(instruction.stack_before)
    if pickletools.markobject in taken:
        stack.pop_group()
        taken = taken[: taken.index(pickletools.markobject)]
    kept = stack.top if taken and taken == list(instruction.stack_after) else UNKNOWN
    for _ in taken:
        kept = stack.pop()
    for _ in instruction.stack_after:
        stack.push(kept if len(instruction.stack_after) == 1 and taken else UNKNOWN)


def _version(target: Value) -> Iterator[tuple[str, str]]:
    entries = target.entries if isinstance(target, Filled) else {}
    found = entries.get("_sklearn_version")
    if isinstance(found, str) and len(found) < 60:
        yield "scikit-learn", found


def _wrapped_array(target: Value) -> dict[str, Value] | None:
    """The description of an array whose bytes come next, or None."""
    is_wrapper = isinstance(target, Made) and target.maker == Named(ARRAY_WRAPPER)
    return target.state.entries if is_wrapper and isinstance(target.state, Filled) else None
