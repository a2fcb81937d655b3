"""What a release of the reader consists of: the files that a device keeps to open books without a connection.

The list comes from the static files as they are served, so a new module or font is in it without anybody's doing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any

from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.templatetags.static import static

# Modules import each other by their plain names; pages name these by the names that contain their checksums.
_NAMED_BY_PAGES = re.compile(r"js/reader/(early|reader|pages|keeping/shelf)\.js|vendor/octavo\.js|.*\.css")
_MODULES = re.compile(r"(js/reader|vendor/foliate)/.+\.js")
_STYLES = re.compile(r"css/areas/(reader[a-z-]*|shelf)\.css|vendor/(octavo|reader-appearance)\.css")
_storage: Any = staticfiles_storage  # django-stubs knows no storage that has a manifest
_FONT = re.compile(rb"""url\(["']?([^"')]+\.woff2)""")


@dataclass(frozen=True, slots=True)
class Release:
    """Its URLs, and a digest that changes with the content of any of them."""

    urls: tuple[str, ...]
    digest: str


def reader_release() -> Release:
    """Return the files of this release. Only while developing do they change as long as a process lives."""
    return _fixed_release() if has_manifest() else _release()


def has_manifest() -> bool:
    """Return whether files are named by their content, so that nothing changes without a new process."""
    return isinstance(_storage, ManifestFilesMixin)


@cache
def _fixed_release() -> Release:
    return _release()


def _release() -> Release:
    names = sorted(name for name in _static_names() if _is_of_reader(name))
    styles = [name for name in names if name.endswith(".css")]
    fonts = {_name_in(style, font) for style in styles for font in _fonts_of(style)}
    urls = {url for name in names for url in _urls(name)} | {static(name) for name in fonts}
    digest = sha256()
    for name in [*names, *sorted(fonts)]:
        digest.update(name.encode() + b"\0" + _content(name))
    return Release(tuple(sorted(urls)), digest.hexdigest()[:16])


def _name_in(style: str, address: str) -> str:
    """Return the name of a file that a style sheet refers to."""
    return normpath(join(dirname(style), address))


def _is_of_reader(name: str) -> bool:
    if name.startswith("js/reader/keeping/worker"):
        return False  # the worker itself is no file of a release
    return name == "vendor/octavo.js" or bool(_MODULES.fullmatch(name) or _STYLES.fullmatch(name))


def _urls(name: str) -> Iterator[str]:
    if _MODULES.fullmatch(name):
        yield _storage.base_url + name
    if _NAMED_BY_PAGES.fullmatch(name):
        yield static(name)


def _static_names() -> Iterator[str]:
    if has_manifest():
        yield from _storage.hashed_files
        return
    for finder in get_finders():
        for name, _ in finder.list([]):
            yield name


def _fonts_of(style: str) -> list[str]:
    return [found.decode() for found in _FONT.findall(_content(style))]


def _content(name: str) -> bytes:
    if has_manifest():
        with _storage.open(name) as file:
            return bytes(file.read())
    found = (finder.find(name) for finder in get_finders())
    return next((Path(path).read_bytes() for path in found if isinstance(path, str)), b"")
