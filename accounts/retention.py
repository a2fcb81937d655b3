"""What this app, and those below it, hold of people (accounts/schedule.py)."""

from __future__ import annotations

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import audit_register
from accounts.models import AuditEntry, DataCopy, Deletion, Guest, Refusal, RoleGrant, User
from accounts.schedule import Area, Erasure, Held, Rule
from common.models import CacheEntry, OutboxMessage, PendingMail

_PROFILE = (
    "public_id",
    "email",
    "display_name",
    "country",
    "language",
    "bio",
    "is_author",
    "is_finance",
    "is_moderator",
    "is_operator",
    "joined_at",
    "last_login",
)

RULES = (
    Rule(
        area=Area.ACCOUNT,
        holds=_(
            "Your name, country, language, a few words about you, your roles, and the hash of your password, "
            "which copies leave out."
        ),
        purpose=_("So that you can log in, and are named where you publish or review."),
        kept=_("As long as you have the account; a week if its address is never confirmed."),
        erasure=Erasure.PSEUDONYM,
        left=_("A row with a random identifier, to which orders and payouts refer. It has no name and no address."),
        file="profile",
        tables=(Held(User, of=("pk",), names=("email", "display_name"), copied=_PROFILE),),
    ),
    Rule(
        area=Area.ACCOUNT,
        holds=_("Your e-mail addresses, and whether you have confirmed them."),
        purpose=_("For logging in, and for mails about what you bought, wrote or earned."),
        kept=_("Until you remove them."),
        erasure=Erasure.DELETED,
        file="profile",
        tables=(
            Held(EmailAddress, of=("user",), names=("email",), copied=("email", "verified", "primary")),
            Held(
                EmailConfirmation,
                of=("email_address__user",),
                not_copied=_("Keys of links that were mailed to you: whoever has one could use it."),
            ),
        ),
    ),
    Rule(
        area=Area.ACCOUNT,
        holds=_("Your second factor and its recovery codes."),
        purpose=_("To keep others out of your account."),
        kept=_("Until you take it away."),
        erasure=Erasure.DELETED,
        file="security",
        tables=(Held(Authenticator, of=("user",), copied=("type", "created_at", "last_used_at")),),
    ),
    Rule(
        area=Area.ACCOUNT,
        holds=_("Where you are logged in: browser, internet address, when it began and was last used."),
        purpose=_("So that you stay logged in, and notice when somebody else is."),
        kept=_("Until you log out; two weeks after you logged in at most."),
        erasure=Erasure.DELETED,
        file="security",
        tables=(
            Held(
                UserSession,
                of=("user",),
                names=("ip", "user_agent"),
                copied=("ip", "user_agent", "created_at", "last_seen_at"),
            ),
            Held(Session),
        ),
    ),
    Rule(
        area=Area.ACCOUNT,
        holds=_("Copies of your data that you asked for, and whether you asked for the account to be deleted."),
        purpose=_("So that you can use these rights."),
        kept=_("Copies for seven days."),
        erasure=Erasure.DELETED,
        left=_("The day of the deletion."),
        file="profile",
        tables=(
            Held(DataCopy, of=("user",), copied=("public_id", "state", "asked_at", "made_at", "expires_at")),
            Held(Deletion, of=("user",), copied=("asked_at", "due_at", "keeps_words")),
        ),
    ),
    Rule(
        area=Area.BUYING,
        holds=_("The address under which something was bought without an account."),
        purpose=_("For the receipt, and for the link by which the books are read."),
        kept=_("As long as you can have links to the books sent to it. Put into an account, it goes with the account."),
        erasure=Erasure.DELETED,
        left=_("A row with a random identifier, to which the order refers."),
        file="profile",
        tables=(
            Held(
                Guest,
                of=("claimed_by",),
                by=("user",),
                names=("email",),
                copied=("email", "made_at", "claimed_at"),
            ),
        ),
    ),
    Rule(
        area=Area.RUNNING,
        holds=_(
            "Who did what with money or rights, or opened what belongs to others, and when: identifiers alone, no "
            "names. Where our staff opened what is yours, the reason they gave."
        ),
        purpose=_("So that nobody can do so unseen."),
        kept=_("For good. Reasons for three years."),
        erasure=Erasure.PSEUDONYM,
        left=_("The entries refer to the random identifier."),
        file="activity",
        tables=(
            Held(
                AuditEntry,
                of=("actor", "about"),
                copied=("at", "verb", "subject_kind", "subject_id", "facts"),
                copied_if=lambda person_id: Q(actor=person_id) | ~Q(verb__in=audit_register.not_told()),
                not_copied=_("What you are suspected of is known to those who look into it alone."),
            ),
        ),
    ),
    Rule(
        area=Area.RUNNING,
        holds=_(
            "The internet address behind changes of your password, addresses and second factor, log-ins that were "
            "refused, and pages that you were not allowed to open. For an address that nobody has here, a keyed hash "
            "of it."
        ),
        purpose=_("So that we and you can see whether somebody tries to get into your account."),
        kept=_("Six months. That it happened, and when, is kept for good, without the internet address."),
        erasure=Erasure.DELETED,
        left=_("That it happened, and when, with the random identifier."),
        file="security",
        tables=(Held(Refusal, of=("actor", "about"), copied=("minute", "verb", "facts", "times")),),
    ),
    Rule(
        area=Area.RUNNING,
        holds=_("Staff roles you were given, and when they ended."),
        purpose=_("So that it is clear who could do what, and when."),
        kept=_("For good."),
        erasure=Erasure.PSEUDONYM,
        left=_("The entries refer to the random identifier."),
        file="activity",
        tables=(
            Held(
                RoleGrant,
                of=("person",),
                by=("granted_by", "confirmed_by", "ended_by"),
                copied=("public_id", "role", "granted_at", "confirmed_at", "ended_at"),
            ),
        ),
    ),
    Rule(
        area=Area.RUNNING,
        holds=_(
            "How often an internet address tried to log in or asked for links, and a mark of the places "
            "from where an account logged in."
        ),
        purpose=_("Against people who try passwords, and so that they do not lock you out."),
        kept=_("Tries for a day at most, the mark for 30 days. The mark tells neither the address nor the place."),
        erasure=Erasure.NOT_YOURS,
        tables=(Held(CacheEntry),),
    ),
    Rule(
        area=Area.RUNNING,
        holds=_("Mails about your account that wait for the mail server."),
        purpose=_("So that they arrive even if the mail server is out of order for a while."),
        kept=_("Until they are sent; three days at most."),
        erasure=Erasure.DELETED,
        tables=(Held(PendingMail, names=("to",)),),
    ),
    Rule(
        area=Area.RUNNING,
        holds=_("Mails, in a shop that has no mail server."),
        purpose=_("So that they can be read on its outbox page."),
        kept=_("30 days."),
        erasure=Erasure.DELETED,
        tables=(Held(OutboxMessage, names=("to",)),),
    ),
)
