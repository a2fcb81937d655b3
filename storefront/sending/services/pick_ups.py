"""Books picked up on an e-reader's own browser: it shows a code, and its owner types the code where they are logged in.

So whoever guesses a code gives a book away rather than taking one. What a screen shows is over after ten minutes.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import IntegrityError, transaction

from accounts.models import User
from common.errors import NotFound
from conversion.engine.api import ArtifactKind
from conversion.models import Artifact
from publishing.models import Work
from storefront.checkout.entitlements.services import access_log
from storefront.library.models import WatermarkedCopy
from storefront.library.services import watermarks
from storefront.library.services.downloads import file_name
from storefront.sending import permissions, selectors
from storefront.sending.errors import CodeUnknown, NoFile
from storefront.sending.models import Screen
from storefront.sending.services import codes

LASTS = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class PickUp:
    """The book that waits for an e-reader."""

    work: Work
    artifact: Artifact
    name: str
    giver: User

    def copy(self, *, at: datetime) -> WatermarkedCopy | None:
        """Return the copy whose marks the file carries."""
        return watermarks.copy_for(reader=self.giver, work=self.work, artifact=self.artifact, at=at)


def open_screen(*, is_kobo: bool, at: datetime) -> tuple[Screen, str]:
    """Return a screen with a code that no other shows, and the secret of its address."""
    secret = secrets.token_urlsafe(16)
    while True:
        try:
            with transaction.atomic():
                screen = Screen.objects.create(
                    secret_sha256=_digest(secret), code=codes.random_code(), is_kobo=is_kobo, opened_at=at
                )
        except IntegrityError:  # another screen shows this code
            continue
        return screen, secret


def screen_of(secret: str, *, at: datetime) -> Screen:
    """Return an e-reader's screen. Raises NotFound once its time is over."""
    screens = Screen.objects.select_related("giver", "work")
    screen = screens.filter(secret_sha256=_digest(secret), opened_at__gt=at - LASTS).first()
    if screen is None:
        raise NotFound
    return screen


def give(*, actor: User, code: str, work_id: str, at: datetime) -> None:
    """Give a book to the e-reader that shows the code, which is taken once.

    Raises NotAllowed for guests, NotFound for books that the person may not download, NoFile, CodeUnknown.
    """
    permissions.require_member(actor)
    work = selectors.work_to_send(actor, work_id)
    shown = Screen.objects.filter(code=codes.cleaned(code)[:20], giver=None, opened_at__gt=at - LASTS)
    screen = shown.first()
    if screen is None:
        raise CodeUnknown
    if selectors.file_for(work, _kinds(screen)) is None:
        raise NoFile
    if not shown.update(giver=actor, work=work):  # somebody else typed it at the same time
        raise CodeUnknown


def picked_up(screen: Screen) -> PickUp | None:
    """Return the book that waits for the e-reader; None before it was given one.

    Raises NotFound once the giver may not download it any more.
    """
    giver, work = screen.giver, screen.work
    if giver is None or work is None:
        return None
    permissions.require_download(giver, work)
    artifact = selectors.file_for(work, _kinds(screen))
    if artifact is None:
        raise NotFound
    return PickUp(work=work, artifact=artifact, name=file_name(work.title, artifact), giver=giver)


def record(pick_up: PickUp, *, address: str | None, at: datetime) -> None:
    """Record that the e-reader fetched the file, as for every download."""
    access_log.record_download(actor=pick_up.giver, work=pick_up.work, detail=pick_up.name, address=address, at=at)


def close_old(*, at: datetime) -> None:
    """Delete screens whose time is over, so that their codes can be shown again."""
    Screen.objects.filter(opened_at__lte=at - LASTS).delete()


def _kinds(screen: Screen) -> tuple[ArtifactKind, ...]:
    """Return the kinds of files that the e-reader takes, the best first: a Kobo reads its own kind faster."""
    return (ArtifactKind.KEPUB, ArtifactKind.EPUB) if screen.is_kobo else (ArtifactKind.EPUB,)


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
