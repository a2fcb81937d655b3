"""What happens to reviews when an account is deleted."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Deletion
from hiring.reviews.models import ContractReview, Reviewer


def erase(deletion: Deletion, at: datetime) -> None:
    """Delete the person's words, unless they want them kept. The stars stay, under a pseudonym. Safe to repeat."""
    Reviewer.objects.filter(user=deletion.user).delete()
    if deletion.keeps_words:
        return
    ContractReview.objects.filter(author=deletion.user).update(body="")
    ContractReview.objects.filter(about=deletion.user).update(answer="", answered_at=None, answer_hidden_at=None)
