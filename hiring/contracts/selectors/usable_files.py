"""Which delivered files can become the cover of the work, or the manuscript of its translation."""

from __future__ import annotations

from pathlib import PurePath

from hiring.contracts.models import Contract, DeliveryFile, Milestone
from hiring.contracts.process import Actor, State
from hiring.service_kinds import ServiceKind

COVER_KINDS = frozenset({ServiceKind.COVER_DESIGN, ServiceKind.ILLUSTRATION})
_TEXTS = frozenset({".docx", ".odt", ".rtf", ".epub", ".md", ".markdown", ".html", ".htm", ".txt", ".json"})
_PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".avif", ".svg"})


def are_rights_passed(milestone: Milestone) -> bool:
    """Return whether the rights to what was delivered have passed: its payment was released, and not in a case."""
    if milestone.amount_minor:
        is_settled = milestone.state in {State.ACCEPTED, State.RELEASED, State.SETTLED}
        return is_settled and milestone.released_minor > 0
    return milestone.state in {State.ACCEPTED, State.RELEASED}


def is_picture(file: DeliveryFile) -> bool:
    return PurePath(file.file_name).suffix.lower() in _PICTURES


def covers_of(contract: Contract, side: Actor | None) -> frozenset[str]:
    """Return the public ids of the delivered pictures that the client may use as the cover."""
    if side != Actor.CLIENT or contract.work_id is None or contract.kind not in COVER_KINDS:
        return frozenset()
    files = DeliveryFile.objects.filter(delivery__milestone__contract=contract).select_related("delivery__milestone")
    return frozenset(one.public_id for one in files if is_picture(one) and are_rights_passed(one.delivery.milestone))


def translations_of(contract: Contract, side: Actor | None) -> frozenset[str]:
    """Return the public ids of the delivered texts of which the client may make the translated book."""
    is_possible = contract.kind == ServiceKind.TRANSLATION and contract.work_id is not None
    if side != Actor.CLIENT or not is_possible or contract.translation_id is not None:
        return frozenset()
    files = DeliveryFile.objects.filter(delivery__milestone__contract=contract).select_related("delivery__milestone")
    return frozenset(one.public_id for one in files if is_text(one) and are_rights_passed(one.delivery.milestone))


def is_text(file: DeliveryFile) -> bool:
    return PurePath(file.file_name).suffix.lower() in _TEXTS
