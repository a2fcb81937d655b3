"""What mails about contracts say. `until` says what happens at the hour that a mail names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hiring.contracts.process import Actor

type Words = str | Promise


class Kind(StrEnum):
    """What a mail tells."""

    OPENED = "opened"
    AMENDMENT = "amendment"
    AMENDED = "amended"
    AMENDMENT_DECLINED = "amendment_declined"
    CALLED_OFF = "called_off"
    PAID = "paid"
    PAYMENT_HELD = "payment_held"
    DUE_SOON = "due_soon"
    LATE = "late"
    ABSENT = "absent"
    DELIVERED = "delivered"
    REVIEW_ENDS_SOON = "review_ends_soon"
    REVISION = "revision"
    REVISION_LATE = "revision_late"
    ACCEPTED = "accepted"
    ACCEPTED_PART = "accepted_part"
    RELEASED = "released"
    GIVEN_BACK = "given_back"
    TAKEN_BACK = "taken_back"
    RETURNED = "returned"
    DIVISION = "division"
    DIVIDED = "divided"
    CANCELED = "canceled"
    CANCELED_BY_YOU = "canceled_by_you"
    CASE_OPENED = "case_opened"
    CASE_ANSWERED = "case_answered"
    CASE_UNANSWERED = "case_unanswered"
    CASE_WRITTEN = "case_written"
    CASE_QUESTION = "case_question"
    CASE_WITHDRAWN = "case_withdrawn"
    DECIDED = "decided"
    APPEALED = "appealed"
    CASE_CLOSED = "case_closed"
    STOPPED = "stopped"
    GOES_ON = "goes_on"
    TAKEN = "taken"
    HELD_AGAIN = "held_again"
    FUND_PAID = "fund_paid"
    SHARE_BEGAN = "share_began"
    SHARE_ENDED = "share_ended"


@dataclass(frozen=True, slots=True)
class MailWords:
    subject: Words
    body: Words
    until: Words = ""
    free_subject: Words = ""  # where a royalty share alone pays for the milestone, and nothing is held
    free_body: Words = ""
    free_until: Words = ""


_WORDS: Mapping[Kind, MailWords | Mapping[Actor, MailWords]] = {
    Kind.FUND_PAID: MailWords(
        _("The protection fund has paid you %(amount)s"),
        _("%(name)s’s bank took back the money for “%(milestone)s”, but you had delivered. The protection fund pays."),
    ),
    Kind.SHARE_BEGAN: {
        Actor.CLIENT: MailWords(
            _("The royalty share of %(name)s in “%(work)s” begins"),
            _(
                "Your contract has ended, so %(name)s now gets %(share)s of the royalty of every sale, out of your "
                "share, as agreed. %(how)s"
            ),
        ),
        Actor.PROVIDER: MailWords(
            _("Your royalty share of “%(work)s” begins"),
            _(
                "Your contract has ended, so you now get %(share)s of the royalty of every sale, as agreed. %(how)s "
                "Your earnings show each sale."
            ),
        ),
    },
    Kind.SHARE_ENDED: {
        Actor.CLIENT: MailWords(
            _("The royalty share of %(name)s in “%(work)s” has ended"),
            _("%(how)s You have the %(share)s again."),
        ),
        Actor.PROVIDER: MailWords(
            _("Your royalty share of “%(work)s” has ended"),
            _("%(how)s What you have earned with it stays yours, and is paid out as usual."),
        ),
    },
    Kind.OPENED: {
        Actor.CLIENT: MailWords(
            _("Your contract “%(contract)s” is open"),
            _(
                "You and %(name)s have agreed. Pay the first milestone to begin: we hold the money until you accept "
                "the work."
            ),
        ),
        Actor.PROVIDER: MailWords(
            _("Your contract “%(contract)s” is open"),
            _("You and %(name)s have agreed. Nothing is paid yet: do not begin. We will email you when it is."),
        ),
    },
    Kind.AMENDMENT: MailWords(
        _("A change of “%(contract)s” is proposed"),
        _("%(name)s proposes to change the contract. It changes only if you accept."),
    ),
    Kind.AMENDED: MailWords(
        _("“%(contract)s” has changed"),
        _("%(name)s has accepted your change. The contract now says what you proposed."),
    ),
    Kind.AMENDMENT_DECLINED: MailWords(
        _("Your change of “%(contract)s” was declined"),
        _("%(name)s has declined your change. The contract stays as it is."),
    ),
    Kind.CALLED_OFF: MailWords(
        _("“%(milestone)s” is called off"), _("The milestone was not paid, and nobody owes anything for it.")
    ),
    Kind.PAID: MailWords(
        _("“%(milestone)s” is paid: you can begin"),
        _("%(name)s has paid %(amount)s for the milestone. We hold the money until the work is accepted."),
        _("Deliver by %(until)s."),
    ),
    Kind.PAYMENT_HELD: MailWords(
        _("Your payment for “%(milestone)s” has arrived"),
        _("We hold %(amount)s until you accept the work. %(name)s has been told to begin."),
        _("The work is due on %(until)s. If it does not come, you get the money back."),
    ),
    Kind.DUE_SOON: MailWords(
        _("“%(milestone)s” is due soon"),
        _("%(name)s expects your delivery. If you need more time, propose a later day now."),
        _("It is due on %(until)s."),
    ),
    Kind.LATE: MailWords(
        _("“%(milestone)s” is a week late"),
        _("%(name)s has not delivered. You can take back %(amount)s now, or wait."),
        _("If nothing is delivered, the money returns to you by itself on %(until)s."),
        free_body=_("%(name)s has not delivered. You can end the milestone now, or wait."),
        free_until=_("If nothing is delivered, it ends by itself on %(until)s."),
    ),
    Kind.ABSENT: MailWords(
        _("%(name)s cannot deliver “%(milestone)s” now"),
        _("The account of %(name)s is closed. You can take back %(amount)s now, or wait: it may be opened again."),
        _("If nothing is delivered, the money returns to you by itself on %(until)s."),
        free_body=_(
            "The account of %(name)s is closed. You can end the milestone now, or wait: it may be opened again."
        ),
        free_until=_("If nothing is delivered, it ends by itself on %(until)s."),
    ),
    Kind.DELIVERED: MailWords(
        _("“%(milestone)s” is delivered"),
        _("%(name)s has delivered. Look at it, then accept it, ask for a revision or open a case."),
        _("If you do nothing, it counts as accepted on %(until)s. You then have a few more days to object."),
    ),
    Kind.REVIEW_ENDS_SOON: MailWords(
        _("Have you looked at “%(milestone)s”?"),
        _("%(name)s has delivered and waits for your answer: accept it, ask for a revision or open a case."),
        _("If you do nothing, it counts as accepted on %(until)s. You then have a few more days to object."),
    ),
    Kind.REVISION: MailWords(
        _("A revision of “%(milestone)s” is asked for"),
        _("%(name)s asks you for a revision:"),
        _("Deliver again by %(until)s."),
    ),
    Kind.REVISION_LATE: MailWords(
        _("The revision of “%(milestone)s” is due"),
        _("%(name)s waits for your revision."),
        _("If nothing is delivered, the money returns to the client on %(until)s."),
        free_until=_("If nothing is delivered, it ends by itself on %(until)s."),
    ),
    Kind.ACCEPTED: MailWords(
        _("“%(milestone)s” is accepted"),
        _("%(name)s has accepted your work. Of the %(amount)s that we held, all but our fee is released to you."),
        free_body=_("%(name)s has accepted your work. Your share begins when the contract ends."),
    ),
    Kind.ACCEPTED_PART: MailWords(
        _("A part of “%(milestone)s” is accepted"),
        _("%(name)s has accepted a part: %(amount)s. It is released to you, less our fee. The rest stays held."),
    ),
    Kind.RELEASED: {
        Actor.CLIENT: MailWords(
            _("“%(milestone)s” is accepted, as you did not answer"),
            _("The time to look at the delivery is over, so %(amount)s is released to %(name)s."),
            _("If something is wrong, you can still open a case until %(until)s."),
            free_body=_(
                "The time to look at the delivery is over. The share of %(name)s begins when the contract ends."
            ),
            free_until=_("The milestone closes on %(until)s."),
        ),
        Actor.PROVIDER: MailWords(
            _("“%(milestone)s” is accepted by silence"),
            _("%(name)s did not answer in time, so %(amount)s is released to you, less our fee."),
            _("It is payable on %(until)s, unless the client opens a case before."),
            free_body=_("%(name)s did not answer in time. Your share begins when the contract ends."),
            free_until=_("The milestone closes on %(until)s."),
        ),
    },
    Kind.GIVEN_BACK: MailWords(
        _("%(amount)s of “%(milestone)s” comes back to you"),
        _("%(name)s has given the money back. It is on its way to the card or account that you paid with."),
        free_subject=_("%(name)s has given up “%(milestone)s”"),
        free_body=_("The milestone has ended without being accepted, and no share begins for it."),
    ),
    Kind.TAKEN_BACK: MailWords(
        _("The money for “%(milestone)s” was taken back"),
        _("The work was not delivered in time, so %(name)s has taken back %(amount)s. Do not continue to work on it."),
        free_subject=_("“%(milestone)s” has ended"),
        free_body=_(
            "The work was not delivered in time, so %(name)s has ended the milestone. Do not continue to work on it."
        ),
    ),
    Kind.RETURNED: {
        Actor.CLIENT: MailWords(
            _("The money for “%(milestone)s” comes back to you"),
            _("Nothing was delivered in time. %(amount)s is on its way to the card or account that you paid with."),
        ),
        Actor.PROVIDER: MailWords(
            _("The money for “%(milestone)s” went back"),
            _("Nothing was delivered in time, so %(amount)s went back to %(name)s. Do not continue to work on it."),
        ),
    },
    Kind.DIVISION: MailWords(
        _("A proposal to end “%(milestone)s”"),
        _(
            "%(name)s proposes how to divide the money: %(amount)s to the provider, %(rest)s back to the client. "
            "Nothing moves unless you accept."
        ),
        free_body=_(
            "%(name)s proposes to end it without accepting it. No share then begins. It ends only if you agree."
        ),
    ),
    Kind.DIVIDED: MailWords(
        _("“%(milestone)s” is settled"),
        _(
            "You have agreed how to divide the money: %(amount)s is released to the provider, less our fee, and "
            "%(rest)s goes back to the client."
        ),
        free_subject=_("“%(milestone)s” has ended"),
        free_body=_("You have agreed to end it. It is not accepted, and no share begins for it."),
    ),
    Kind.CANCELED: {
        Actor.CLIENT: MailWords(
            _("%(name)s has cancelled “%(milestone)s”"),
            _("You have agreed that all of the money comes back. %(amount)s is on its way to you."),
        ),
        Actor.PROVIDER: MailWords(
            _("%(name)s has cancelled “%(milestone)s”"),
            _("You have agreed that all of the money goes back to the client. Do not work on it any more."),
        ),
    },
    Kind.CANCELED_BY_YOU: {
        Actor.CLIENT: MailWords(
            _("You have cancelled “%(milestone)s”"),
            _("%(name)s has agreed. %(amount)s is on its way to the card or account that you paid with."),
        ),
        Actor.PROVIDER: MailWords(
            _("You have cancelled “%(milestone)s”"),
            _("%(name)s has agreed. All of the money goes back to them. It counts in your record."),
        ),
    },
    Kind.CASE_OPENED: MailWords(
        _("A case about “%(milestone)s”"),
        _("%(name)s has opened a case about %(amount)s. Say what happened from your side, or propose a division."),
        _("If you do not answer by %(until)s, it is decided on what is there."),
        free_body=_("%(name)s has opened a case about it. Say what happened from your side, or propose to end it."),
    ),
    Kind.CASE_ANSWERED: MailWords(
        _("An answer in the case about “%(milestone)s”"),
        _("%(name)s has answered. A moderator decides now, unless you agree before."),
    ),
    Kind.CASE_UNANSWERED: MailWords(
        _("The case about “%(milestone)s” is being decided"),
        _("The time for an answer is over. A moderator decides on what is there."),
    ),
    Kind.CASE_WRITTEN: MailWords(
        _("More in the case about “%(milestone)s”"),
        _("%(name)s has written in the case. You can reply there. What they wrote:"),
    ),
    Kind.CASE_QUESTION: MailWords(
        _("A question in the case about “%(milestone)s”"),
        _("Whoever decides the case asks both sides. Answer on its page. The question:"),
    ),
    Kind.CASE_WITHDRAWN: MailWords(
        _("The case about “%(milestone)s” is withdrawn"),
        _("%(name)s has withdrawn the case, so nobody decides it. The page says what comes next."),
    ),
    Kind.DECIDED: MailWords(
        _("The case about “%(milestone)s” is decided"),
        _(
            "A moderator has decided how the money is divided: %(amount)s to the provider, %(rest)s back to the "
            "client. The reason:"
        ),
        _("Nothing is paid out before %(until)s: until then both sides may appeal to a second person."),
        free_body=_("A moderator has decided. %(ruling)s. The reason:"),
        free_until=_("Nothing changes before %(until)s: until then both sides may appeal to a second person."),
    ),
    Kind.APPEALED: MailWords(
        _("An appeal in the case about “%(milestone)s”"),
        _("%(name)s has appealed against the decision. A second person decides, and that is final."),
    ),
    Kind.CASE_CLOSED: MailWords(
        _("The case about “%(milestone)s” is closed"),
        _("The decision is final: %(amount)s goes to the provider, less our fee, and %(rest)s back to the client."),
        free_body=_("The decision is final. %(ruling)s."),
    ),
    Kind.STOPPED: MailWords(
        _("“%(milestone)s” is stopped by a bank"),
        _(
            "A bank has questioned the payment of %(amount)s. Nothing moves until it decides; the clocks stand still. "
            "Do not work on."
        ),
    ),
    Kind.GOES_ON: MailWords(
        _("“%(milestone)s” goes on"),
        _("The bank has decided that the payment stands. Every clock got the time of the stop in addition."),
    ),
    Kind.TAKEN: MailWords(
        _("A bank has taken back the payment for “%(milestone)s”"),
        _("The bank decided for the cardholder, who paid %(amount)s. The page says what that means for this contract."),
    ),
    Kind.HELD_AGAIN: MailWords(
        _("The bank has given back the payment for “%(milestone)s”"),
        _("It decided for us after all. We hold %(amount)s again, and the contract goes on where it was stopped."),
        _("The page says what comes next, and what happens by itself on %(until)s."),
    ),
}


FEE_KEPT: Mapping[Actor, Words] = {
    Actor.CLIENT: _(
        "We keep the card fee of %(kept)s: you have cancelled more often than is free, as the payment page said."
    ),
    Actor.PROVIDER: _("We keep the card fee of %(kept)s from what the client gets back. You owe nothing."),
}


def words_of(kind: Kind, to: Actor, *, is_free: bool = False) -> MailWords:
    """Return what a mail of this kind says to one side; `is_free` where nothing is held for the milestone."""
    found = _WORDS[kind]
    told = found if isinstance(found, MailWords) else found[to]
    if not is_free:
        return told
    return MailWords(told.free_subject or told.subject, told.free_body or told.body, told.free_until or told.until)
