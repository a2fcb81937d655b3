"""The text of a job's web book, chapter by chapter, for comparing it with another's."""

from __future__ import annotations

import json
import zipfile
from typing import Any

from common import storage
from conversion.engine.api import ArtifactKind, edition_diff, edition_text, passages
from conversion.models import ConversionJob
from conversion.selectors import artifact_of


def text_chapters(job: ConversionJob) -> list[edition_diff.TextChapter] | None:
    """Return the chapters of the job's text; None while there is no web book.

    A chapter that was divided into several files is one again. A book of pages is one chapter. Pages made from the
    record are left out: they change with every edition.
    Raises FileNotFoundError if the file is gone.
    """
    artifact = artifact_of(job, ArtifactKind.WEB)
    if artifact is None:
        return None
    with storage.private().open(artifact.file) as file, zipfile.ZipFile(file) as archive:
        text = edition_text.text_of_archive(archive)
        book: dict[str, Any] = json.loads(archive.read("book.json"))
    if book.get("kind") == "pages" or not book["chapters"]:
        return [edition_diff.TextChapter(book["title"], tuple(text.texts()))]
    parts: list[list[str]] = [[] for _ in book["chapters"]]
    for block in text.blocks:
        parts[min(block.part, len(parts) - 1)].append(block.text)
    found: list[edition_diff.TextChapter] = []
    for chapter, blocks in zip(book["chapters"], parts, strict=True):
        if chapter.get("made"):
            continue
        if found and found[-1].title == chapter["title"]:
            found[-1] = edition_diff.TextChapter(found[-1].title, (*found[-1].blocks, *blocks))
        else:
            found.append(edition_diff.TextChapter(chapter["title"], tuple(blocks)))
    return found


def body_of(job: ConversionJob) -> passages.Body | None:
    """Return the body of the job's text, without title pages and imprints; None while there is no web book.

    Raises FileNotFoundError if the file is gone.
    """
    artifact = artifact_of(job, ArtifactKind.WEB)
    if artifact is None:
        return None
    with storage.private().open(artifact.file) as file, zipfile.ZipFile(file) as archive:
        return passages.body_of_archive(archive)
