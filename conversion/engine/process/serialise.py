"""Convert the contract's values to JSON and back, for the pipe between parent and child and for `convert --json`.

Reading is strict: the child has read a hostile file, so the parent only accepts values in the right form.
"""

from __future__ import annotations

import dataclasses
import re
from enum import StrEnum
from pathlib import Path
from typing import Any

from ..book.cover_choice import CoverChoice
from ..book.matter import Biography, Matter, MatterKind, MatterPage
from ..book.model import Contributor
from ..contract import (
    ArtifactFile,
    ArtifactKind,
    AuthorDetails,
    Change,
    ChapterSummary,
    ConversionRequest,
    ConversionResult,
    PageDescription,
    Progress,
    Stage,
)
from ..errors import AuthorFixable, ConversionError, PlatformFault
from ..findings.model import Finding, PageArea, Severity, SourcePlace
from ..patches.model import Fit, Patch
from ..patches.reading import fit_from_json, fit_to_json, patch_from_json, patch_to_json

type Json = dict[str, Any]

_FILE_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,80}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_CODE = re.compile(r"[a-z]+(?:[._-][a-z0-9]+)+")
_BASE = re.compile(r"(?:[0-9a-f]{32})?")
_WALL = re.compile(r"[a-z_]{1,30}")


class Malformed(Exception):
    """The JSON is not a value of the contract."""


def to_json(value: Any) -> Any:
    """Return dataclasses, enums, paths and tuples as values that `json.dumps` accepts."""
    if isinstance(value, Patch | Fit):
        return patch_to_json(value) if isinstance(value, Patch) else fit_to_json(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        sent = (field.name for field in dataclasses.fields(value) if field.metadata.get("is_sent", True))
        return {name: to_json(getattr(value, name)) for name in sent}
    if isinstance(value, StrEnum | Path):
        return str(value)
    if isinstance(value, list | tuple):
        return [to_json(item) for item in value]
    if isinstance(value, dict):
        return {key: to_json(item) for key, item in value.items()}
    return value


def error_to_json(error: ConversionError) -> Json:
    """Return a failure with its family, so that the parent can raise it again."""
    family = "author" if isinstance(error, AuthorFixable) else "platform"
    return {"family": family, "code": error.code, "facts": error.facts}


# ---------------------------------------------------------------- reading; each raises Malformed


def request_from_json(data: Json) -> ConversionRequest:
    """Return the request that a parent wrote."""
    overrides: Json = {name: tuple(v) if isinstance(v, list) else v for name, v in data["overrides"].items()}
    overrides["contributors"] = _contributors(data["overrides"]["contributors"])
    plain: Json = {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}
    paths: Json = {name: Path(data[name]) if data[name] else None for name in ("source", "out", "cover", "cache")}
    paths |= {name: tuple(map(Path, data[name])) for name in ("bases", "pictures")}
    patches: Json = {name: tuple(map(patch_from_json, data[name])) for name in ("patches", "suggestions")}
    matter = _matter(data["matter"]) if data["matter"] else None
    records: Json = {"overrides": AuthorDetails(**overrides), "matter": matter, "cover_choice": _cover_choice(data)}
    records["descriptions"] = tuple(PageDescription(**one) for one in data["descriptions"])
    return ConversionRequest(**{**plain, **paths, **patches, **records})


def progress_from_json(data: Json) -> Progress:
    """Return one progress report."""
    try:
        artifact = artifact_from_json(data["artifact"]) if data["artifact"] else None
        return Progress(Stage(data["stage"]), _facts(data["facts"]), artifact)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Malformed from error


def result_from_json(data: Json) -> ConversionResult:
    """Return the whole result."""
    try:
        return ConversionResult(
            engine_version=_text(data["engine_version"]),
            source_format=_text(data["source_format"]),
            title=_text(data["title"]),
            subtitle=_text(data["subtitle"]),
            language=_text(data["language"]),
            contributors=_contributors(data["contributors"]),
            description=_text(data["description"]),
            chapters=tuple(_chapter(item) for item in data["chapters"]),
            words=_number(data["words"]),
            artifacts=tuple(artifact_from_json(item) for item in data["artifacts"]),
            findings=tuple(_finding(item) for item in data["findings"]),
            changes=tuple(_change(item) for item in data["changes"]),
            changed={_match(_CODE, code): _number(count) for code, count in data["changed"].items()},
            fits=tuple(fit_from_json(item) for item in data["fits"]),
            base=_match(_BASE, data["base"]),
            proposals=tuple(patch_from_json(item) for item in data["proposals"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Malformed from error


def names_from_json(data: Json) -> list[str]:
    """Return the names of sandbox protections."""
    try:
        return [_match(_WALL, name) for name in data]
    except (TypeError, ValueError) as error:
        raise Malformed from error


def error_from_json(data: Json) -> ConversionError:
    """Return the failure as an error of its family."""
    try:
        family = {"author": AuthorFixable, "platform": PlatformFault}[data["family"]]
        return family(_match(_CODE, data["code"]), **_facts(data["facts"]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Malformed from error


def artifact_from_json(data: Json) -> ArtifactFile:
    """Return one artifact; its path must be a plain file name."""
    try:
        return ArtifactFile(
            kind=ArtifactKind(data["kind"]),
            target=_text(data["target"]),
            path=_match(_FILE_NAME, data["path"]),
            media_type=_text(data["media_type"]),
            sha256=_match(_SHA256, data["sha256"]),
            size_bytes=_number(data["size_bytes"]),
            width=_number(data["width"]),
            height=_number(data["height"]),
            pages=_number(data["pages"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Malformed from error


def _chapter(data: Json) -> ChapterSummary:
    return ChapterSummary(_text(data["id"]), _text(data["title"]), _text(data["division"]), _number(data["words"]))


def _change(data: Json) -> Change:
    return Change(
        code=_match(_CODE, data["code"]),
        chapter=_text(data["chapter"]),
        before=_text(data["before"]),
        after=_text(data["after"]),
        place=_place(data["place"]),
    )


def _finding(data: Json) -> Finding:
    return Finding(
        code=_match(_CODE, data["code"]),
        severity=Severity(data["severity"]),
        chapter=_text(data["chapter"]),
        quote=_text(data["quote"]),
        place=_place(data["place"]),
        facts=_facts(data["facts"]),
        area=_area(data["area"]) if data["area"] else None,
        blocks=tuple(_number(number) for number in data["blocks"]),
    )


def _place(data: Json) -> SourcePlace:
    return SourcePlace(_text(data["part"]), _number(data["index"]))


def _area(data: Json) -> PageArea:
    lengths = {name: _number(data[name]) for name in ("page", "left", "top", "width", "height")}
    return PageArea(target=_text(data["target"]), **lengths)


def _contributors(data: list[Json]) -> tuple[Contributor, ...]:
    return tuple(Contributor(_text(item["name"]), _text(item["role"])) for item in data)


def _matter(data: Json) -> Matter:
    return Matter(
        **{
            **data,
            "pages": tuple(MatterPage(MatterKind(page["kind"]), page["words"]) for page in data["pages"]),
            "biographies": tuple(Biography(**life) for life in data["biographies"]),
            "other_works": tuple(data["other_works"]),
        }
    )


def _cover_choice(data: Json) -> CoverChoice | None:
    return CoverChoice(**data["cover_choice"]) if data["cover_choice"] else None


def _facts(data: Json) -> dict[str, str | int]:
    for key, value in data.items():
        if not key.isidentifier() or not isinstance(value, str | int):
            raise ValueError(key)
    return dict(data)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _number(value: Any) -> int:
    if not isinstance(value, int) or value < 0:
        raise TypeError
    return value


def _match(pattern: re.Pattern[str], value: Any) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ValueError
    return value
