"""What an author says about words that also stand in somebody else's book. It blocks nothing; moderators read it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts import services as account_services
from accounts.models import User
from publishing.passages.errors import NotTheirText
from publishing.passages.models import Answer, Match
from publishing.passages.selectors import matches


@transaction.atomic
def answer_match(*, actor: User, match: Match, answer: Answer, explanation: str, at: datetime) -> Match:
    """Keep an answer, in place of an earlier one. Raises NotTheirText."""
    found = Match.objects.select_for_update(of=("self",)).select_related("text__edition__work").get(pk=match.pk)
    if not matches.may_answer(actor, found):
        raise NotTheirText
    found.answer, found.explanation, found.answered_words = answer, explanation.strip()[:2000], found.words
    found.answered_by, found.answered_at = actor, at
    found.save(update_fields=["answer", "explanation", "answered_words", "answered_by", "answered_at"])
    facts: dict[str, str | int] = {"answer": answer.value, "words": found.words}
    account_services.record_audit(actor=actor, verb="passages.answered", subject=found, facts=facts)
    return found
