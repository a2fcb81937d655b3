"""The words of an RTF file by the plainest of readings: a second opinion on pandoc's. Part of `bench/fidelity.py`."""

from __future__ import annotations

import re

from bench.fidelity_text import Opinion, Tape

_TOKEN = re.compile(r"\\([a-z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-f]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.I)
_SILENT = frozenset(["fonttbl", "colortbl", "stylesheet", "info", "pict", "header", "footer", "listtable", "listtext"])
_SILENT |= {"listoverridetable", "rsidtbl", "generator", "themedata", "fldinst", "bkmkstart", "bkmkend", "pntext", "xe"}
_GAPS = frozenset(["par", "line", "tab", "cell", "row", "page", "sect", "emdash", "endash", "nestcell", "nestrow"])


def read(data: bytes) -> Opinion:  # noqa: C901 - one branch for each kind of token
    """The words outside of tables of fonts, styles and the like, hidden ones left out."""
    tape = Tape()
    silent, skip, stand_ins = [False], 0, 1
    for match in _TOKEN.finditer(data.decode("latin-1")):
        word, number, byte, sign, brace, text = match.groups()
        if brace == "{":
            silent.append(silent[-1])
        elif brace == "}":
            if len(silent) > 1:
                silent.pop()
        elif sign == "*" or word in _SILENT or (word == "v" and number != "0"):
            silent[-1] = True
        elif silent[-1]:
            continue
        elif word == "u" and number:
            tape.add(chr(int(number) % 0x10000), 0)
            skip = stand_ins
        elif word == "uc" and number:
            stand_ins = int(number)
        elif word in _GAPS or sign in ("~", "\n", "\r"):
            tape.gap()
        elif byte:
            if not skip:
                tape.add(bytes.fromhex(byte).decode("cp1252", "replace"), 0)
            skip = 0
        elif text:
            tape.add(text[skip:], 0)
            skip = 0
    return Opinion(tape.words())
