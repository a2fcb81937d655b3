"""The only writers of people and audit entries."""

from __future__ import annotations

from django.db import models, transaction

from accounts.models import AuditEntry, User
from common import clock


@transaction.atomic
def become_author(*, actor: User) -> User:
    """Let the person publish. Safe to repeat."""
    user = User.objects.select_for_update().get(pk=actor.pk)
    if not user.is_author:
        user.is_author = True
        user.save(update_fields=["is_author"])
        record_audit(actor=user, verb="user.became_author", subject=user)
    return user


@transaction.atomic
def update_profile(*, actor: User, display_name: str, country: str, language: str, bio: str) -> User:
    """Change what the person shows of themselves."""
    user = User.objects.select_for_update().get(pk=actor.pk)
    user.display_name, user.country, user.language, user.bio = display_name, country, language, bio
    user.save(update_fields=["display_name", "country", "language", "bio"])
    return user


def record_audit(
    *, actor: User | None, verb: str, subject: models.Model, facts: dict[str, str | int] | None = None
) -> AuditEntry:
    """Append who did what to which thing. `verb` reads noun.verbed; facts hold no personal data."""
    return AuditEntry.objects.create(
        at=clock.now(),
        actor=actor,
        verb=verb,
        subject_kind=subject._meta.label_lower,
        subject_id=str(getattr(subject, "public_id", subject.pk)),
        facts=facts or {},
    )
