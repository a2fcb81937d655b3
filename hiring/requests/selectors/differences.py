"""What a proposal says otherwise than the one before it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.numerals import localized
from common.templatetags.money import day, money, percent
from hiring.requests.models import Proposal

_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words: in both proposals, only in the earlier or only in the later one."""

    text: str
    kind: Literal["same", "removed", "added"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One line of the two proposals, marked."""

    label: str
    pieces: list[Piece]


def differences(before: Proposal, after: Proposal) -> list[Difference]:
    """Return what differs, in the order in which a proposal is shown."""
    found = []
    if before.scope != after.scope:
        found.append(Difference(_("What is done"), list(_marked(before.scope, after.scope))))
    milestones = zip_longest(_milestones(before), _milestones(after), fillvalue="")
    for number, (old, new) in enumerate(milestones, start=1):
        if old != new:
            label = _("Milestone %(number)s") % {"number": localized(number)}
            found.append(Difference(label, _replaced(old, new)))
    earlier = dict(_lines(before))
    found += [
        Difference(label, _replaced(earlier[label], line)) for label, line in _lines(after) if line != earlier[label]
    ]
    return found


def _marked(before: str, after: str) -> Iterator[Piece]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    for tag, at, end, new_at, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece("".join(old[at:end]), "same")
            continue
        if end > at:
            yield Piece("".join(old[at:end]), "removed")
        if new_end > new_at:
            yield Piece("".join(new[new_at:new_end]), "added")


def _replaced(before: str, after: str) -> list[Piece]:
    return [piece for piece in (Piece(before, "removed"), Piece(after, "added")) if piece.text]


def _milestones(proposal: Proposal) -> list[str]:
    return [
        _("%(title)s, %(amount)s, by %(day)s")
        % {"title": one.title, "amount": money(one.amount_minor, proposal.currency), "day": day(one.due_on)}
        for one in proposal.milestones
    ]


def _lines(proposal: Proposal) -> Iterator[tuple[str, str]]:
    yield _("The client pays"), money(proposal.total)
    rounds, days = proposal.revision_rounds, proposal.revision_days
    revisions = ngettext("%(n)s round, %(days)s days each", "%(n)s rounds, %(days)s days each", rounds)
    yield _("Revisions"), revisions % {"n": localized(rounds), "days": localized(days)}
    yield _("Rights"), proposal.get_rights_display()
    yield _("Use of AI"), proposal.get_ai_use_display()
    yield _("Named in the book as"), proposal.credit_name or _("not named")
    yield _("Share of the royalties"), _share(proposal)


def _share(proposal: Proposal) -> str:
    if not proposal.share_bps:
        return _("none")
    parts = [percent(proposal.share_bps)]
    if proposal.share_ends_on:
        parts.append(_("until %(day)s") % {"day": day(proposal.share_ends_on)})
    if proposal.share_ends_at_minor:
        parts.append(_("until it has paid %(sum)s") % {"sum": money(proposal.share_ends_at_minor, proposal.currency)})
    return ", ".join(parts)
