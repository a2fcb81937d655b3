"""Small dictionaries in the formats of WordNet and of dictd."""

from __future__ import annotations

import gzip
from pathlib import Path

_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
NOTICE = "  1 This database may be used  \n  2 by anybody.  \n  3   \n  4 WordNet 3.0 Copyright 2006.  \n"
# Part of speech, words, definition and examples, as data.* has them.
SYNSETS = [
    ("noun", ["lamp"], "an artificial source of light"),
    (
        "noun",
        ["quay"],
        'wharf usually built parallel to the shoreline; "he came down to the quay"; "a \'new\' quay" - Ann Reed',
    ),
    ("noun", ["axis"], "a straight line through a body"),
    ("noun", ["axe", "ax"], "an edge tool with a heavy blade"),
    ("noun", ["Polish"], "the Slavic language of Poland"),
    ("noun", ["polish", "gloss"], "the property of being smooth and shiny"),
    ("noun", ["rain", "rainfall"], "water falling in drops"),
    ("noun", ["parlour"], "reception room in a house"),
    ("verb", ["run"], "move fast by using one's feet"),
    ("verb", ["run", "operate"], 'direct or control; "she runs a shop"'),
    ("verb", ["leave", "go_forth"], "go away from a place"),
    ("verb", ["look_up"], "seek information from"),
    ("verb", ["fall"], "descend in free fall under the influence of gravity"),
    ("verb", ["look"], "perceive with attention"),
    ("adj", ["happy(a)"], "enjoying joy"),
    ("adj", ["left"], "being on the side of the heart"),
    ("adv", ["today"], "on this day"),
]
EXCEPTIONS = {"noun": ["axes axe axis"], "adj": ["happier happy"], "verb": ["fell fall", "left leave", "ran run"]}
COUNTS = ["leave%2:38:01:: 1 40", "left%3:00:00:: 1 5", "run%2:38:00:: 1 106", "axe%1:06:00:: 1 3"]


def write_wordnet(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for part in ("noun", "verb", "adj", "adv"):
        data, index = NOTICE, {}
        for kind, words, gloss in SYNSETS:
            if kind != part:
                continue
            offset = f"{len(data):08}"
            lexical = " ".join(f"{word} 0" for word in words)
            data += f"{offset} 03 {part[0]} {len(words):02x} {lexical} 001 @ 00001740 n 0000 | {gloss}  \n"
            for word in words:
                index.setdefault(word.partition("(")[0].lower(), []).append(offset)
        lines = "".join(
            f"{word} {part[0]} {len(found)} 1 @ {len(found)} 0 {' '.join(found)}  \n" for word, found in index.items()
        )
        (folder / f"data.{part}").write_text(data, encoding="utf-8")
        (folder / f"index.{part}").write_text(NOTICE + lines, encoding="utf-8")
        (folder / f"{part}.exc").write_text("".join(f"{line}\n" for line in EXCEPTIONS.get(part, [])), encoding="utf-8")
    (folder / "cntlist.rev").write_text("".join(f"{line}\n" for line in COUNTS), encoding="utf-8")
    return folder


INFO = """German - English test dictionary

Availability:

    Copyright (C) Ann Reed
  2020
    Available under the terms of the GNU General Public License ver. 2.0 and
  any later version.

Publication date: 2020.
"""
# The words under which an entry is found, and its text.
ENTRIES = [
    (
        ["haus"],
        "Haus /hˈaʊs/ <neut, n, sg>\n [adm.] establishment <n>, institution <n>\n   Synonyms: {Anstalt}, {Heim}\n",
    ),
    (
        ["haus"],
        'Haus /hˈaʊs/ <neut, n, sg>\nhouse <n>\n      "ein Haus bauen"  - build a house\n'
        "         Note: a building\n see: {Häuser}, {Hof}, {Dach}, {Tür}\n",
    ),
    (["haus"], "Haus… /hˈaʊs/ <adj>\ndomestic <adj>\n"),
    (["lieben"], "lieben /lˈiːbən/ <v, trans>\n1. love\n2. be fond of\n"),
    (["schön"], "schön /ʃˈøːn/ <adj>\nbeautiful\n"),
    (["schon"], "schon /ʃˈoːn/ <adv>\nalready\n"),
    (["schonen"], "schonen /ʃˈoːnən/ <v>\nspare\n"),
    (["bank"], "Bank <fem, n, sg>\nBanque <fem>, banc <masc>\n"),
    (["gehen", "ging"], "gehen /ɡˈeːən/ (ging /ɡˈɪŋ/) <v, intr>\ngo\n"),
    (["aabatterie"], "AA-Batterie /ˌɑːˈɑː/ <fem, n, sg>\ndouble-A battery\n"),
    (["das ist mir nicht geheuer"], "das ist mir nicht geheuer /x/\nthat scares me\n"),
]


def _number(value: int) -> str:
    digits = ""
    while value or not digits:
        digits, value = _DIGITS[value % 64] + digits, value // 64
    return digits


def write_freedict(folder: Path, name: str = "freedict-deu-eng", language: str = "German") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    text, lines = b"", []
    for words, entry in [(["00databaseinfo"], INFO.replace("German", language)), *ENTRIES]:
        content = f"{entry}\n".encode()
        lines += [f"{word}\t{_number(len(text))}\t{_number(len(content))}\n" for word in words]
        text += content
    (folder / f"{name}.index").write_text("".join(sorted(lines)), encoding="utf-8")
    (folder / f"{name}.dict.dz").write_bytes(gzip.compress(text))
    return folder / f"{name}.index"
