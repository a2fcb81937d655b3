"""Personal data about passages, for the retention schedule (accounts/retention_schedule.py)."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.retention_schedule import Area, Erasure, Rule, TableRule
from publishing.passages.models import Match, PassagePrint, PrintedText

_OTHERS = _("The passages of a book, and what was answered about them, are in the copy of the person who answered.")

RULES = (
    Rule(
        area=Area.PUBLISHING,
        holds=_("A fingerprint of each of your texts, and the passages that also stand in somebody else’s book."),
        purpose=_("So that nobody can sell what others wrote, and you learn of it if somebody sells what you wrote."),
        kept=_("As long as the text is in preparation or on sale, and after it was taken off sale."),
        erasure=Erasure.PSEUDONYM,
        left=_("Fingerprints of texts that were on sale, and the passages, without your name and explanations."),
        file="publishing",
        tables=(
            TableRule(
                PrintedText,
                of=("edition__work__owner",),
                copied=("edition__public_id", "version", "words", "printed_at"),
            ),
            TableRule(
                PassagePrint,
                of=("text__edition__work__owner",),
                not_copied=_("It is made of the text, which is in the copy."),
            ),
            TableRule(
                Match,
                of=("text__edition__work__owner", "answered_by"),
                copied=(
                    "public_id",
                    "text__edition__public_id",
                    "words",
                    "found_at",
                    "answer",
                    "explanation",
                    "answered_at",
                ),
                copied_if=~Q(answer=""),
                not_copied=_OTHERS,
            ),
        ),
    ),
)
