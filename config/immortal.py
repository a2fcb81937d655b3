"""Objects that nobody counts references of, so that what workers share stays shared.

CPython writes to an object whenever it is looked at: its count of references goes up and down. In a worker that was
forked, each first such write copies a page of memory. PEP 683 lets an object be immortal, which is to say never counted
and never freed, for this very use; a way to say so from Python comes with later versions (`PyUnstable_SetImmortal`).
Until then the count is written where it stands: the first 32 bits of an object are their low half in CPython 3.12 to
3.14 on 64 bits, little-endian, with the global lock. Anywhere else nothing is done.
"""

from __future__ import annotations

import ctypes
import gc
import struct
import sys
import sysconfig
from collections.abc import Sequence
from types import AsyncGeneratorType, CodeType, CoroutineType, FrameType, GeneratorType
from typing import Any

_KNOWN = ((3, 12), (3, 13), (3, 14))
# They end, and what they hold is to go with them.
_RUNNING = (FrameType, GeneratorType, CoroutineType, AsyncGeneratorType)


def make_immortal() -> int:
    """Make all that is loaded immortal; how many objects were not before, 0 where that cannot be done.

    For a process that is about to fork, after `gc.collect` and before `gc.freeze`: what is immortal is never freed.
    """
    if not is_known():
        return 0
    immortal = _count(None).value
    # What the collector knows, and through it what it does not track: words, numbers, code.
    rest, made = gc.get_objects(), 0
    while rest:
        one = rest.pop()
        if one is rest or isinstance(one, _RUNNING):
            continue
        count = _count(one)
        if count.value < immortal:
            count.value = immortal
            made += 1
        rest += [inner for inner in _inside(one) if not gc.is_tracked(inner) and _count(inner).value < immortal]
    return made


def is_known() -> bool:
    """Whether this interpreter's objects begin with their count of references, as it is written here."""
    if (
        sys.implementation.name != "cpython"
        or sys.version_info[:2] not in _KNOWN
        or (sys.byteorder, struct.calcsize("P")) != ("little", 8)
        or sysconfig.get_config_var("Py_GIL_DISABLED")
    ):
        return False
    seen = object()
    before = _count(seen).value
    more = [seen] * 5
    return _count(seen).value - before == len(more) and _count(None).value >= 3 << 30


def _count(one: object) -> ctypes.c_uint32:
    return ctypes.c_uint32.from_address(id(one))


def _inside(one: object) -> Sequence[Any]:
    if isinstance(one, CodeType):  # tells the collector nothing
        told = (one.co_filename, one.co_name, one.co_qualname, one.co_linetable, one.co_exceptiontable)
        return [*told, one.co_consts, one.co_names]
    return gc.get_referents(one)
