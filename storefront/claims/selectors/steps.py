"""Who can do what with a claim now, what each step means for a side, and the statement of reasons for a hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from common.templatetags.money import day, number, percent
from storefront.claims import process
from storefront.claims.models import Claim, HoldState, News, Outcome, Reply, Side
from storefront.claims.process import Act, Actor, State

ACTORS = {Side.CLAIMANT: Actor.CLAIMANT, Side.AUTHOR: Actor.AUTHOR}


def may_answer(claim: Claim, at: datetime) -> bool:
    """Return whether the owner has not answered yet and still can: within the time, or until somebody decides."""
    if claim.answer or not process.allows(State(claim.state), Actor.AUTHOR, Act.ANSWER):
        return False
    return claim.state == State.DECIDING or is_in_time(claim, at)


def may_uphold(claim: Claim, at: datetime) -> bool:
    """Return whether the claimant can still uphold the claim."""
    return process.allows(State(claim.state), Actor.CLAIMANT, Act.UPHOLD) and is_in_time(claim, at)


def may_withdraw(claim: Claim) -> bool:
    return process.allows(State(claim.state), Actor.CLAIMANT, Act.WITHDRAW)


def may_take(claim: Claim, at: datetime) -> bool:
    """Return whether the claimant can still name an account to which the money goes."""
    is_waiting = claim.is_won and claim.winner_id is None and claim.ended_at is not None
    return is_waiting and at < take_until(claim)


def take_until(claim: Claim) -> datetime:
    """Return until when the money of an ended claim waits for an account."""
    return (claim.ended_at or claim.began_at) + process.TAKE


def is_in_time(claim: Claim, at: datetime) -> bool:
    return claim.ends_at is not None and at < claim.ends_at


def appeal_until(claim: Claim, side: Side) -> datetime | None:
    """Return until when a side can appeal; None while the email about the decision is on its way."""
    told = claim.claimant_told_at if side == Side.CLAIMANT else claim.author_told_at
    return told + process.APPEAL if told is not None else None


def may_appeal(claim: Claim, side: Side, at: datetime) -> bool:
    """Return whether a side can appeal: once, in time, and against a decision that was not all in its favour."""
    if not process.allows(State(claim.state), ACTORS[side], Act.APPEAL) or not has_lost(claim, side):
        return False
    until = appeal_until(claim, side)
    return not claim.appeals.filter(side=side).exists() and (until is None or at < until)


def has_lost(claim: Claim, side: Side) -> bool:
    """Return whether the decision was not all in a side's favour."""
    if claim.decided_at is None:
        return False
    return len(claim.won) < len(claim.passages) if side == Side.CLAIMANT else bool(claim.won)


# ---------------------------------------------------------------- what a side is told


def told(claim: Claim, side: Side, news: News, until: datetime | None) -> list[str]:
    """Return what a side is told of a step, in sentences."""
    facts = {
        "name": claim.name,
        "title": claim.work.title,
        "original": claim.original_title,
        "words": number(claim.claimed_words),
        "share": percent(claim.share_bps),
        "day": day(until),
    }
    lines = _LINES[side][news](claim)
    return [line % facts for line in lines]


def _to_claimant_answered(claim: Claim) -> list[str]:
    lines = [_("The owner of “%(title)s” has answered: %(answer)s.") % _answer(claim)]
    if claim.state == State.CONTESTED:
        lines.append(
            _(
                "If you uphold your claim, say so with evidence before %(day)s. Otherwise it ends, and what is held "
                "goes back."
            )
        )
    return lines


def _to_author_deciding(claim: Claim) -> list[str]:
    first = _("You have not contested the claim of %(name)s.")
    if claim.upheld_at is not None:
        first = _("%(name)s upholds the claim.")
    return [first, _("A moderator now decides about “%(title)s”, by %(day)s.")]


_LINES: dict[Side, dict[News, Callable[[Claim], list[str]]]] = {
    Side.CLAIMANT: {
        News.RECEIVED: lambda claim: [
            _("You claim %(words)s words of “%(title)s”, which stand in “%(original)s”."),
            _("Its owner has 14 days to answer. They see your name and what you write, not your address."),
        ],
        News.HELD: lambda claim: [
            _(
                "A moderator has looked at your claim on “%(title)s”. From now on the disputed share of what the book "
                "earns is held until there is a decision."
            )
        ],
        News.NOT_HELD: lambda claim: [
            _(
                "A moderator has looked at your claim on “%(title)s”. Nothing is held until there is a decision. Your "
                "claim goes on."
            )
        ],
        News.ANSWERED: _to_claimant_answered,
        News.DECIDING: lambda claim: [_("A moderator now decides your claim on “%(title)s”, by %(day)s.")],
        News.DECIDED: lambda claim: [_decision(claim), _may_appeal(claim, Side.CLAIMANT)],
        News.APPEALED: lambda claim: [_("The owner of “%(title)s” has appealed. A second person decides, by %(day)s.")],
        News.APPEAL_DECIDED: lambda claim: [
            _("A second person has decided the appeal about your claim on “%(title)s”."),
            _decision(claim),
        ],
        News.ENDED: lambda claim: [_ending(claim), *_money(claim, Side.CLAIMANT)],
    },
    Side.AUTHOR: {
        News.FILED: lambda claim: [
            _("%(name)s claims %(words)s words of “%(title)s”, %(share)s of the book: they stand in “%(original)s”."),
            _("Please answer before %(day)s. If you do not, that admits nothing: a moderator decides all the same."),
        ],
        News.HELD: lambda claim: [_("A moderator has looked at the claim of %(name)s on “%(title)s”.")],
        News.DECIDING: _to_author_deciding,
        News.DECIDED: lambda claim: [_decision(claim), _may_appeal(claim, Side.AUTHOR)],
        News.APPEALED: lambda claim: [
            _("%(name)s has appealed. A second person decides about “%(title)s”, by %(day)s.")
        ],
        News.APPEAL_DECIDED: lambda claim: [
            _("A second person has decided the appeal about the claim on “%(title)s”."),
            _decision(claim),
        ],
        News.ENDED: lambda claim: [_ending(claim), *_money(claim, Side.AUTHOR)],
    },
}


def _answer(claim: Claim) -> dict[str, str]:
    """Keep the other places of a sentence for the facts that are filled in later."""
    return {"answer": str(Reply(claim.answer).label), "title": "%(title)s"}


def _decision(claim: Claim) -> str:
    if not claim.won:
        return _("The claim on “%(title)s” is dismissed.")
    if len(claim.won) < len(claim.passages):
        return _("The claim on “%(title)s” is upheld for some of the passages.")
    return _("The claim on “%(title)s” is upheld.")


def _may_appeal(claim: Claim, side: Side) -> str:
    if not has_lost(claim, side):
        return _("The other side can appeal within 14 days. No money moves before that.")
    return _(
        "You can appeal until %(day)s. Somebody who did not make the decision then decides. No money moves before "
        "that. You can also turn to an out-of-court dispute settlement body or to a court."
    )


def _ending(claim: Claim) -> str:
    return {
        Outcome.AGREED: _("The owner of “%(title)s” agrees with the claim. It has ended."),
        Outcome.UPHELD: _("The decision about “%(title)s” is final: the claim is upheld."),
        Outcome.DISMISSED: _("The decision about “%(title)s” is final: the claim is dismissed."),
        Outcome.LAPSED: _("The claim on “%(title)s” was not upheld in time, so it has ended."),
        Outcome.WITHDRAWN: _("The claim on “%(title)s” was withdrawn."),
    }[Outcome(claim.outcome)]


def _money(claim: Claim, side: Side) -> list[str]:
    if not claim.hold.was_held:
        return []
    if not claim.is_won:
        return [_("What was held goes back to the book’s authors.")]
    if side == Side.AUTHOR:
        return [
            _("What was held goes to the claimant. Take the passages out of the book, or agree on a share for them.")
        ]
    if claim.winner_id is not None:
        return [_("What was held is yours now, and is paid out with your earnings.")]
    return [
        _(
            "What was held waits for you for 180 days. To take it, log in or create an account with the address that "
            "you claimed from, and open your claim."
        ),
    ]


# ---------------------------------------------------------------- statement of reasons


type Statement = tuple[tuple[str | Promise, str | Promise], ...]


def statement(claim: Claim, side: Side | None) -> Statement:
    """Return the statement of reasons for a hold (Digital Services Act, Article 17), label by label.

    What can be done about it is for the owner of the book alone.
    """
    hold = claim.hold
    if hold.begun_at is None:
        return ()
    found = (
        _("A machine: the comparison of all books in this shop") if claim.by_machine else _("A person: the claimant")
    )
    if hold.is_at_once:
        decided = _("A fixed rule: the passages were found by the comparison, and the claimant is known to us")
    else:
        decided = _("A person: a moderator has looked at the passages")
    return (
        (_("What"), _("%(share)s of what this book earns is held") % {"share": percent(hold.share_bps)}),
        (_("Which passages"), _passages(claim)),
        (_("Since"), day(hold.begun_at)),
        (_("How long"), _how_long(claim)),
        (_("Rule"), _("Only sell what is yours or what you have the rights to (copyright)")),
        (_("Basis"), _("The law and our rules")),
        (_("Who found the passages"), found),
        (_("Who decided to hold"), decided),
        (_("Where it applies"), _("In all countries")),
        *(_redress() if side == Side.AUTHOR else ()),
    )


def _redress() -> Statement:
    return (
        (
            _("If you disagree"),
            _(
                "Answer the claim. A person then decides, and a second one if you appeal. You can also turn to an "
                "out-of-court dispute settlement body or to a court."
            ),
        ),
    )


def _how_long(claim: Claim) -> str:
    if claim.hold.state == HoldState.ENDED:
        return _("Until %(day)s") % {"day": day(claim.hold.ended_at)}
    return _("Until the claim has ended")


def _passages(claim: Claim) -> str:
    chapters = list(dict.fromkeys(one.here.chapter for one in claim.passages if one.here.chapter))
    words = _("%(words)s words of %(all)s") % {"words": number(claim.claimed_words), "all": number(claim.body_words)}
    return f"{words}: {', '.join(chapters)}" if chapters else words
