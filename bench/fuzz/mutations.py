"""Damage to documents that were whole: bytes, parts of archives, elements and values of markup, numbers, lines."""

from __future__ import annotations

import io
import random
import re
import zipfile
import zlib
from collections.abc import Callable

from bench.fuzz.words import NUMBERS, WORDS, picture, zipped

MAX_BYTES = 100_000  # of a document to damage: thousands of small ones find more than a few long ones
_TAG = re.compile(rb"<[^<>]{1,400}>")
_VALUE = re.compile(rb'="([^"]{0,200})"')
_NUMBER = re.compile(rb"-?\d+")
_JSON_VALUE = re.compile(rb':("[^"]{0,80}"|-?\d+|true|false|null|\[\]|\{\})')


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Return the document with one to a few kinds of damage."""
    for _ in range(chance.choice((1, 1, 2, 4))):
        if data.startswith(b"PK\x03\x04") and chance.random() < 0.9:
            data = _archive(data, chance)
        else:
            data = chance.choice(_DAMAGES)(data, chance)
    return data


def _archive(data: bytes, chance: random.Random) -> bytes:
    """Damage a part, or take one away, swap two, double one, or add one."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError, ValueError, OSError):
        return _flipped(data, chance)
    if not parts or sum(map(len, parts.values())) > 40 * MAX_BYTES:
        return _flipped(data, chance)
    names = list(parts)
    kind = chance.random()
    first, second = chance.choice(names), chance.choice(names)
    if kind < 0.8:
        markup = [name for name in names if name.endswith((".xml", ".xhtml", ".html", ".opf", ".md", ".ncx", ".css"))]
        chosen = chance.choice(markup or names)
        content = parts[chosen]
        parts[chosen] = chance.choice(_DAMAGES)(content.encode() if isinstance(content, str) else content, chance)
    elif kind < 0.86:
        del parts[first]
    elif kind < 0.92:
        parts[first], parts[second] = parts[second], parts[first]
    elif kind < 0.96:
        parts[first] = picture(chance)
    else:
        parts[chance.choice((first.upper(), first + "/x", "../x", "META-INF/encryption.xml", "word/x.bin"))] = parts[
            first
        ]
    return zipped(parts)


def _at(data: bytes, chance: random.Random) -> int:
    return chance.randrange(len(data) + 1)


def _flipped(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 3, 20)) if changed else 0):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _cut_short(data: bytes, chance: random.Random) -> bytes:
    return data[: _at(data, chance)]


def _taken_out(data: bytes, chance: random.Random) -> bytes:
    start = _at(data, chance)
    return data[:start] + data[start + chance.choice((1, 10, 500)) :]


def _doubled(data: bytes, chance: random.Random) -> bytes:
    start = _at(data, chance)
    piece = data[start : start + chance.choice((1, 30, 800))]
    return data[:start] + piece * chance.choice((2, 3, 40)) + data[start:]


def _moved(data: bytes, chance: random.Random) -> bytes:
    start, target = _at(data, chance), _at(data, chance)
    piece = data[start : start + chance.choice((5, 60, 2000))]
    return data[:target] + piece + data[target:]


def _put_in(data: bytes, chance: random.Random) -> bytes:
    start = _at(data, chance)
    return data[:start] + chance.choice((*WORDS, *NUMBERS)).encode() + data[start:]


def _one_of(pattern: re.Pattern[bytes], data: bytes, chance: random.Random) -> re.Match[bytes] | None:
    """Return a match near a random place."""
    return pattern.search(data, _at(data, chance)) or pattern.search(data)


def _without_tag(data: bytes, chance: random.Random) -> bytes:
    match = _one_of(_TAG, data, chance)
    return data[: match.start()] + data[match.end() :] if match else _taken_out(data, chance)


def _other_tag(data: bytes, chance: random.Random) -> bytes:
    """Put the tag of one place at another, which nests what is not meant to be nested."""
    first, second = _one_of(_TAG, data, chance), _one_of(_TAG, data, chance)
    if first is None or second is None:
        return _moved(data, chance)
    return data[: first.start()] + second.group() + data[first.end() :]


def _other_name(data: bytes, chance: random.Random) -> bytes:
    """Give all elements of one name the name of others: the document stays well-formed."""
    names = sorted(set(re.findall(rb"</([\w:.-]{1,40})>", data[:200_000])))
    if len(names) < 2:
        return _moved(data, chance)
    old, new = chance.sample(names, 2)
    return re.sub(rb"(</?)" + re.escape(old) + rb"(?=[\s/>])", rb"\1" + new, data)


def _other_value(data: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 4, 20))):
        first, second = _one_of(_VALUE, data, chance), _one_of(_VALUE, data, chance)
        if first is None or second is None:
            return _put_in(data, chance)
        number = chance.choice(NUMBERS).replace("&", "").encode()
        data = data[: first.start(1)] + chance.choice((number, second.group(1))) + data[first.end(1) :]
    return data


def _other_number(data: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 4, 20))):
        match = _one_of(_NUMBER, data, chance)
        if match is None:
            return _put_in(data, chance)
        data = data[: match.start()] + chance.choice(NUMBERS).encode() + data[match.end() :]
    return data


def _other_json(data: bytes, chance: random.Random) -> bytes:
    first, second = _one_of(_JSON_VALUE, data, chance), _one_of(_JSON_VALUE, data, chance)
    if first is None or second is None:
        return _other_number(data, chance)
    return data[: first.start(1)] + second.group(1) + data[first.end(1) :]


def _shuffled_lines(data: bytes, chance: random.Random) -> bytes:
    lines = data.split(b"\n")
    chance.shuffle(lines)
    return b"\n".join(lines)


_DAMAGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    *(_flipped, _cut_short, _taken_out, _doubled, _moved, _put_in, _without_tag, _other_tag, _other_name, _other_name),
    *(_other_value, _other_value, _other_number, _other_json, _shuffled_lines),
)
