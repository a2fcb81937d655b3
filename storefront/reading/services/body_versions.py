"""Bodies of a note that several devices wrote: which one is shown, and which were written apart from it.

The versions of a note form a set that only grows, and what is shown follows from the set alone. So changes may come in
any order, and twice. A version is superseded if another names it as a base; or if its own device wrote again after it,
and had seen nothing of others since the base of the later one: a device sends only the last of several unsent changes.
"""

from __future__ import annotations

from collections.abc import Iterable

from storefront.reading import stamps
from storefront.reading.models import BodyVersion

type Versions = tuple[BodyVersion, ...]

# Superseded versions that are remembered; older ones no longer come again.
_MAX_SUPERSEDED = 50


def joined(ours: Versions, theirs: Versions) -> Versions:
    """Return the versions of both, in order of their stamps, with the texts of those that are not superseded."""
    known: dict[str, BodyVersion] = {}
    for version in (*ours, *theirs):
        twin = known.get(version.stamp)
        known[version.stamp] = version if twin is None else _either(twin, version)
    ordered = [known[stamp] for stamp in sorted(known)]
    standing = heads(ordered)
    superseded = [version for version in ordered if version not in standing][-_MAX_SUPERSEDED:]
    kept = [*standing, *(BodyVersion(version.stamp, "", version.bases) for version in superseded)]
    return tuple(sorted(kept, key=lambda version: version.stamp))


def shown(versions: Versions) -> tuple[BodyVersion, BodyVersion | None]:
    """Return the latest version, and the latest of those written apart from it that says something else."""
    standing = sorted(heads(versions), key=lambda version: version.stamp, reverse=True)
    if not standing:
        return BodyVersion(""), None
    latest, *others = standing
    return latest, next((one for one in others if one.text not in {"", latest.text}), None)


def _either(one: BodyVersion, other: BodyVersion) -> BodyVersion:
    """Return one of two versions with one stamp, the same whichever comes first: one may have lost its text."""
    bases = one.bases if one.bases == other.bases else max(one.bases, other.bases)
    return BodyVersion(one.stamp, max(one.text, other.text), bases)


def heads(versions: Iterable[BodyVersion]) -> list[BodyVersion]:
    """Return the versions that are not superseded."""
    versions = list(versions)
    named = {base for version in versions for base in version.bases if base < version.stamp}
    return [
        version
        for version in versions
        if version.stamp not in named and not any(_has_gone_on(later, version) for later in versions)
    ]


def _has_gone_on(later: BodyVersion, version: BodyVersion) -> bool:
    """Return whether the device that wrote the version wrote `later` in its place."""
    base = later.bases[0] if later.bases else ""
    return base < version.stamp < later.stamp and stamps.device_of(later.stamp) == stamps.device_of(version.stamp)
