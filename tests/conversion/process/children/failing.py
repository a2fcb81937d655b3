"""A child whose PDF writer fails in the way that the author's name of the request says; everything else is real."""

from __future__ import annotations

import importlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from conversion.engine import fixes
from conversion.engine.process import child

_PDF = "conversion.engine.pdf"
_SETTER, _WEASY = f"{_PDF}.prose.setter.Setter.set_piece", f"{_PDF}.weasy.Weasy.set_document"

type Act = Callable[..., Any]


def _raise(*given: object, **options: object) -> None:
    raise ZeroDivisionError


def _run_out_of_memory(*given: object, **options: object) -> None:
    held = []
    while True:
        held.append(bytearray(b"x" * 20_000_000))


def _fill_disk(*given: object, **options: object) -> None:
    with Path("out/too-large").open("wb") as stream:
        while True:
            stream.write(b"\0" * 1_000_000)


def _find_disk_full(*given: object, **options: object) -> None:
    raise OSError(28, "No space left on device")


def _descend(*given: object, **options: object) -> None:
    _descend(*given)


def _die_of(number: int) -> Act:
    def act(*given: object, **options: object) -> None:
        signal.signal(number, signal.SIG_DFL) if number != signal.SIGKILL else None
        os.kill(os.getpid(), number)
        time.sleep(60)

    return act


def _hang(*given: object, **options: object) -> None:
    time.sleep(600)


def _spin(*given: object, **options: object) -> None:
    while True:
        pass


def _return_rubbish(*given: object, **options: object) -> bytes:
    return b"no font"


def _where(name: str, act: Act, *, applies: Callable[..., bool] = lambda *given, **options: True) -> None:
    """Let a function or method act in another way where that applies."""
    owner_name, method = name.rsplit(".", 1)
    try:
        owner: Any = importlib.import_module(owner_name)
    except ModuleNotFoundError:
        module, of = owner_name.rsplit(".", 1)
        owner = getattr(importlib.import_module(module), of)
    whole = getattr(owner, method)

    def instead(*given: Any, **options: Any) -> Any:
        return act(*given, **options) if applies(*given, **options) else whole(*given, **options)

    setattr(owner, method, instead)


def _of_second(setter: Any, target: Any, index: int, *given: object, **options: object) -> bool:
    """Whether our own engine is at the second chapter, all of it."""
    return index == 1 and len(setter.survey.pieces[1].blocks) > 0


def _is_second(weasy: Any, document: str, *given: object, **options: object) -> bool:
    return ">May<" in document


def _is_second_for_phones(weasy: Any, document: str, target: Any, **options: object) -> bool:
    return target.name == "phone" and _is_second(weasy, document)


def _is_table(weasy: Any, document: str, *given: object, **options: object) -> bool:
    return "<table" in document


def _is_phone(renderer: Any, target: Any, *given: object, **options: object) -> bool:
    return bool(target.name == "phone")


def _in_both(act: Act) -> None:
    """In each engine, with all of the second chapter and with its words alone."""
    _where(_SETTER, act, applies=_of_second)
    _where(_WEASY, act, applies=_is_second)


FAULTS: dict[str, Callable[[], None]] = {
    "our setter raises": lambda: _where(_SETTER, _raise),
    "WeasyPrint raises": lambda: _where(_WEASY, _raise, applies=_is_table),
    "both raise": lambda: _in_both(_raise),
    "WeasyPrint dies": lambda: _where(_WEASY, _die_of(signal.SIGABRT), applies=_is_table),
    "WeasyPrint is killed": lambda: _where(_WEASY, _die_of(signal.SIGKILL), applies=_is_table),
    "WeasyPrint takes memory": lambda: _where(_WEASY, _run_out_of_memory, applies=_is_table),
    "WeasyPrint fills the disk": lambda: _where(_WEASY, _fill_disk, applies=_is_table),
    "WeasyPrint finds the disk full": lambda: _where(_WEASY, _find_disk_full, applies=_is_table),
    "WeasyPrint descends": lambda: _where(_WEASY, _descend, applies=_is_table),
    "one target raises": lambda: (
        _where(_SETTER, _raise, applies=_of_second),
        _where(_WEASY, _raise, applies=_is_second_for_phones),
    )[0],
    "joining raises": lambda: _where(f"{_PDF}.join_parts", _raise, applies=_is_phone),
    "joining dies": lambda: _where(f"{_PDF}.join_parts", _die_of(signal.SIGABRT), applies=_is_phone),
    "binding raises": lambda: _where(f"{_PDF}.binding.Binder.write", _raise),
    "headers raise": lambda: _where(f"{_PDF}.headers_footers.HeadersFooters.__init__", _raise),
    "the outline raises": lambda: _where(f"{_PDF}.join._outline", _raise),
    "the contents raise": lambda: _where(f"{_PDF}.opening.set_contents", _raise),
    "the title page raises": lambda: _where(f"{_PDF}.opening.set_title_page", _raise),
    "a cover raises": lambda: _where("conversion.engine.covers.cover.typographic_cover", _raise),
    "a fix raises": lambda: fixes.FIXES.update({"text.three-dots": _raise}),
    "a made page raises": lambda: _where("conversion.engine.matter.pages._Maker._copyright", _raise),
    "metadata raises": lambda: _where(f"{_PDF}.metadata.written", _raise),
    "preparing raises": lambda: _where(f"{_PDF}.renderer.Renderer.prepare", _raise),
    "preparing dies": lambda: _where(f"{_PDF}.renderer.Renderer.prepare", _die_of(signal.SIGABRT)),
    "preparing is killed": lambda: _where(f"{_PDF}.renderer.Renderer.prepare", _die_of(signal.SIGKILL)),
    "preparing takes memory": lambda: _where(f"{_PDF}.renderer.Renderer.prepare", _run_out_of_memory),
    "preparing hangs": lambda: _where(f"{_PDF}.renderer.Renderer.prepare", _hang),
    "preparing spins": lambda: _where(f"{_PDF}.renderer.Renderer.prepare", _spin),
    "setting hangs": lambda: _where(_WEASY, _hang, applies=_is_table),
    "fonts are broken": lambda: _where(f"{_PDF}.renderer.Renderer.load_face", _return_rubbish),
    "a picture raises": lambda: _where(f"{_PDF}.prose.pictures.can_show", _raise),
    "nothing": lambda: None,
}


class _Order:
    """Breaks the engine once the order is read, whose name says how."""

    def __init__(self) -> None:
        self._whole = child.convert_safely

    def __call__(self, request: Any, report: Any, draft: Any) -> Any:
        FAULTS[request.name.removesuffix(".html").replace("-", " ")]()
        return self._whole(request, report, draft)


def main() -> None:
    child.convert_safely = _Order()
    child.main()


if __name__ == "__main__":
    main()
