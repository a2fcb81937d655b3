"""Finds whose copy a file is, by its marks (decision 150). Every search is in the audit log, also one that finds
nobody."""

from __future__ import annotations

import hashlib
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO

from django.db import transaction
from django.db.models.functions import Coalesce

from accounts import services as account_services
from accounts.models import User
from conversion.engine.api import watermark
from publishing.models import Edition
from storefront.library import permissions
from storefront.library.errors import NoMarkedFile
from storefront.library.models import WatermarkedCopy
from storefront.library.services.watermarks import MARKED_KINDS

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Hint:
    """A copy that marks speak for. It is named, with its order and buyer, only if two kinds of marks agree."""

    copy: WatermarkedCopy
    evidence: watermark.Evidence

    @property
    def is_named(self) -> bool:
        return self.evidence.verdict == watermark.Verdict.NAMED


@dataclass(frozen=True, slots=True)
class CopySearch:
    """What the marks of a file say. `nearest_sigma` is the highest of all `compared` copies, None without dashes."""

    titles: tuple[str, ...]
    dashes: int
    compared: int
    hints: tuple[Hint, ...]  # the strongest first
    nearest_sigma: float | None

    @property
    def named(self) -> tuple[Hint, ...]:
        """Return the copies that are named: several if copies were mixed."""
        return tuple(hint for hint in self.hints if hint.is_named)


@transaction.atomic
def find_copies(*, actor: User, file: IO[bytes]) -> CopySearch:
    """Compare the marks of an EPUB with every copy that was handed out, and record it.

    Raises NotAllowed, and NoMarkedFile for what is no EPUB.
    """
    permissions.require_find_copies(actor)
    try:
        found = watermark.marks_in(file)
    except zipfile.BadZipFile:
        raise NoMarkedFile from None
    hints, compared, nearest = _weighed(found)
    search = CopySearch(tuple(sorted(found.titles)), len(found.sites), compared, hints, nearest)
    _record(actor, file, search)
    return search


def _weighed(found: watermark.FoundMarks) -> tuple[tuple[Hint, ...], int, float | None]:
    hints: list[Hint] = []
    compared, nearest = 0, None
    for copy, key in _copies():
        evidence = watermark.evidence_for(found, key)
        compared += 1
        if found.sites:
            nearest = evidence.sigma if nearest is None else max(nearest, evidence.sigma)
        if evidence.verdict is not None:
            hints.append(Hint(copy, evidence))
    hints.sort(key=lambda hint: (hint.is_named, hint.evidence.sigma), reverse=True)
    return tuple(hints), compared, nearest


def _copies() -> Iterator[tuple[WatermarkedCopy, watermark.CopyKey]]:
    sums = _sums_by_work()
    copies = WatermarkedCopy.objects.select_related("entitlement__line__order", "entitlement__user__guest", "given_to")
    for copy in copies.order_by("pk").iterator(_BATCH):
        key = watermark.CopyKey(copy.public_id, copy.token, copy.number, sums.get(copy.work_id, ()))
        yield copy, key


def _sums_by_work() -> Mapping[int | None, tuple[str, ...]]:
    """Return the checksums of the files that copies may have been made from: every edition's."""
    marked = WatermarkedCopy.objects.annotate(work=Coalesce("entitlement__work", "given_work")).values("work")
    files = Edition.objects.filter(work__in=marked, job__artifacts__kind__in=MARKED_KINDS)
    sums: dict[int | None, list[str]] = defaultdict(list)
    for work_id, sha256 in files.values_list("work_id", "job__artifacts__sha256").distinct():
        sums[work_id].append(sha256)
    return {work_id: tuple(several) for work_id, several in sums.items()}


def _record(actor: User, file: IO[bytes], search: CopySearch) -> None:
    file.seek(0)
    sha256 = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # typeshed wants readinto
    facts: dict[str, str | int] = {"file": sha256, "sites": search.dashes, "named": len(search.named)}
    account_services.record_audit(actor=actor, verb="copy.searched", subject=actor, facts=facts)
    for hint in search.named:
        proof: dict[str, str | int] = {
            "file": sha256,
            "sites": hint.evidence.sites,
            "sigma": f"{hint.evidence.sigma:.1f}",
            "marks": " ".join(hint.evidence.marks),
        }
        account_services.record_audit(actor=actor, verb="copy.named", subject=hint.copy, facts=proof)
