"""The author's own PDF, delivered beside ours: byte for byte as it is, unless it contains something that a book must
not do.

Scripts, automatic actions, programs to launch, forms that send data, attached files, films and links to files on the
reader's machine are removed, and a finding lists what was removed. A file with data before or after its PDF is
rewritten, because other programs may see a different file in it.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary

from ..book import clean
from ..errors import AuthorFixable
from ..findings.model import Finding, Severity

MAX_OBJECTS = 400_000
MAX_DEPTH = 60
_TAIL_BYTES = 4096
_END = b"%%EOF"
_LINES = b"\r\n \t\0"

# Kinds of action -> the words that authors read. Links within the document or to a web address are not among them.
_ACTIONS = {
    "/JavaScript": "scripts",
    "/Launch": "links that start programs",
    "/SubmitForm": "forms that send data",
    "/ImportData": "forms that read files",
    "/ResetForm": "form actions",
    "/GoToR": "links to other files",
    "/GoToE": "links into attached files",
    "/GoTo3DView": "films and models",
    "/Movie": "films and models",
    "/Sound": "sounds",
    "/Rendition": "films and models",
    "/RichMediaExecute": "films and models",
    "/Thread": "links to other files",
    "/SetOCGState": "actions on layers",
    "/Hide": "form actions",
    "/Named": "",
}
_ANNOTATIONS = {
    "/FileAttachment": "attached files",
    "/RichMedia": "films and models",
    "/Movie": "films and models",
    "/Screen": "films and models",
    "/Sound": "sounds",
    "/3D": "films and models",
}
_OF_CATALOG = {
    "/OpenAction": "actions on opening",
    "/AA": "actions that start by themselves",
    "/AF": "attached files",
    "/Collection": "attached files",
}
_OF_NAMES = {
    "/JavaScript": "scripts",
    "/EmbeddedFiles": "attached files",
    "/Renditions": "films and models",
    "/AlternatePresentations": "films and models",
}


def keep(source: Path, out: Path) -> list[Finding]:
    """Write the PDF at `source` to `out`, as it is or cleaned; a finding lists what was removed.

    Raises AuthorFixable `source.pdf-damaged` or `source.encrypted`.
    """
    try:
        with pikepdf.open(source) as pdf:
            if pdf.is_encrypted:
                raise AuthorFixable("source.encrypted", part="")
            taken = _clean(pdf)
            if _is_more_than_a_pdf(source):
                taken["data outside the PDF"] += 1
            if not taken:
                shutil.copyfile(source, out)
                return []
            pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    except pikepdf.PasswordError as error:
        raise AuthorFixable("source.encrypted", part="") from error
    except (pikepdf.PdfError, ValueError, TypeError, RecursionError) as error:
        raise AuthorFixable("source.pdf-damaged") from error
    parts = ", ".join(sorted(taken))
    return [Finding("pdf.own-cleaned", Severity.ADVICE, facts={"parts": clean.title(parts)})]


def _is_more_than_a_pdf(source: Path) -> bool:
    """Return whether the file has data before its header or after its end."""
    with source.open("rb") as stream:
        head = stream.read(5)
        stream.seek(max(0, source.stat().st_size - _TAIL_BYTES))
        tail = stream.read()
    return head != b"%PDF-" or bool(tail[tail.rfind(_END) + len(_END) :].strip(_LINES)) or _END not in tail


# ---------------------------------------------------------------- taking out


def _clean(pdf: pikepdf.Pdf) -> Counter[str]:
    """Remove everything active; return what was found, counted by the words that authors read for it."""
    taken: Counter[str] = Counter()
    _take(pdf.Root, _OF_CATALOG, taken)
    names = pdf.Root.get("/Names")
    if isinstance(names, Dictionary):
        _take(names, _OF_NAMES, taken)
    form = pdf.Root.get("/AcroForm")
    if isinstance(form, Dictionary) and "/XFA" in form:
        del form["/XFA"]
        taken["XFA forms"] += 1
    if len(pdf.objects) > MAX_OBJECTS:
        raise AuthorFixable("source.too-demanding", limit="memory")
    for thing in pdf.objects:
        for dictionary in _dictionaries(thing, 0):
            _clean_dictionary(dictionary, taken)
    return taken


def _dictionaries(thing: Any, depth: int) -> Iterator[Any]:
    """Yield the dictionaries of one indirect object; the objects it refers to are visited separately."""
    if depth > MAX_DEPTH:
        return
    if isinstance(thing, pikepdf.Stream | Dictionary):
        yield thing
        inside: list[Any] = [value for _, value in thing.items()]
    elif isinstance(thing, Array):
        inside = list(thing)
    else:
        return
    for value in inside:
        if isinstance(value, pikepdf.Object) and not value.is_indirect:
            yield from _dictionaries(value, depth + 1)


def _clean_dictionary(thing: Any, taken: Counter[str]) -> None:
    if "/AA" in thing:
        del thing["/AA"]
        taken["actions that start by themselves"] += 1
    for key in ("/A", "/PA", "/Next"):
        if key in thing and (word := _acts(thing[key])):
            del thing[key]
            taken[word] += 1
    if isinstance(thing, pikepdf.Stream) and "/F" in thing:
        del thing["/F"]
        taken["links to other files"] += 1
    for key in ("/EF", "/JS", "/AF"):
        if key in thing:
            del thing[key]
            taken["scripts" if key == "/JS" else "attached files"] += 1
    if isinstance(thing.get("/Annots"), Array):
        _clean_annotations(thing, taken)


def _clean_annotations(page: Any, taken: Counter[str]) -> None:
    kept = []
    for annotation in page.Annots:
        word = _ANNOTATIONS.get(str(annotation.get("/Subtype", ""))) if isinstance(annotation, Dictionary) else "damage"
        if word:
            taken[word] += 1
        else:
            kept.append(annotation)
    if len(kept) != len(page.Annots):
        page.Annots = Array(kept)


def _acts(action: Any) -> str:
    """Return the forbidden effect of an action or a list of actions; "" for a link within the document or to the
    web."""
    if isinstance(action, Array):
        return next((word for one in action if (word := _acts(one))), "")
    if not isinstance(action, Dictionary):
        return ""
    kind = str(action.get("/S", ""))
    if kind == "/URI":
        return "" if clean.href(str(action.get("/URI", ""))) else "links to files or programs"
    if kind not in _ACTIONS and kind not in ("/GoTo", ""):
        return "unknown actions"
    return _ACTIONS.get(kind, "")


def _take(thing: Any, keys: dict[str, str], taken: Counter[str]) -> None:
    for key, word in keys.items():
        if key not in thing or (key == "/OpenAction" and not _acts(thing[key])):
            continue
        del thing[key]
        taken[word] += 1
