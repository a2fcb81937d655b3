"""The content of a person's data copy: a JSON file for each file of the schedule, documents, and a README."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from dataclasses import is_dataclass
from datetime import datetime
from typing import IO, Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string

from accounts import hooks, retention_schedule
from accounts.models import User
from accounts.retention_schedule import Rule
from common.typed_json import to_json

_CHUNK = 1000


def write(file: IO[bytes], user: User, at: datetime) -> None:
    """Write the whole copy as a zip, in the active language. Rows are streamed in chunks, however many there are."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        documents = [_put(archive, document) for document in hooks.documents_of(user)]
        for name, rules in retention_schedule.files().items():
            with archive.open(f"{name}.json", "w") as entry:
                for piece in _pieces(rules, user):
                    entry.write(piece.encode())
        archive.writestr("README.txt", _readme(user, at, documents))


class _Encoder(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        return to_json(o) if is_dataclass(o) else super().default(o)


def _put(archive: zipfile.ZipFile, document: hooks.Document) -> str:
    archive.writestr(document.name, document.content)
    return document.name


def _pieces(rules: list[Rule], user: User) -> Iterator[str]:
    """Yield the pieces of a JSON object with a list of rows for each table."""
    encoder = _Encoder(ensure_ascii=False)
    yield "{"
    tables = [held for rule in rules for held in rule.tables if held.copied]
    for number, held in enumerate(tables):
        yield f"{',' if number else ''}\n{json.dumps(held.key)}: ["
        for place, row in enumerate(held.rows_of(user.pk).iterator(_CHUNK)):
            yield f"{',' if place else ''}\n  {encoder.encode({_label(name): value for name, value in row.items()})}"
        yield "]"
    yield "\n}\n"


def _label(path: str) -> str:
    return path.replace("__", "_")


def _readme(user: User, at: datetime, documents: list[str]) -> str:
    context = {
        "SITE_NAME": settings.SITE_NAME,
        "SITE_URL": settings.SITE_URL,
        "user": user,
        "at": at,
        "files": [(f"{name}.json", rules) for name, rules in retention_schedule.files().items()],
        "left_out": [held for _rule, held in retention_schedule.held() if held.of and held.not_copied],
        "documents": documents,
        "folders": sorted({name.partition("/")[0] for name in documents}),
    }
    return render_to_string("accounts/data_copy_readme.txt", context)
