"""Retention rules for the personal data of this app and those below it (accounts/retention_schedule.py)."""

from __future__ import annotations

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts import audit_registry
from accounts.models import AuditEntry, DataCopy, Deletion, Guest, MailStop, Refusal, RoleGrant, User
from accounts.retention_schedule import Area, Erasure, Rule, TableRule
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
            "Your name, country, language, what you wrote about yourself, your roles and the hash of your password. "
            "Copies of your data leave out the hash."
        ),
        purpose=_("So that you can log in, and so that your name appears where you publish or review."),
        kept=_("As long as you have the account. One week if you never confirm its address."),
        erasure=Erasure.PSEUDONYM,
        left=_("A record with a random identifier, which orders and payouts refer to. It has no name and no address."),
        file="profile",
        tables=(TableRule(User, of=("pk",), names=("email", "display_name"), copied=_PROFILE),),
    ),
    Rule(
        area=Area.ACCOUNT,
        holds=_("Your email addresses, and whether you have confirmed them."),
        purpose=_("For logging in, and for emails about what you bought, wrote or earned."),
        kept=_("Until you remove them."),
        erasure=Erasure.DELETED,
        file="profile",
        tables=(
            TableRule(EmailAddress, of=("user",), names=("email",), copied=("email", "verified", "primary")),
            TableRule(
                EmailConfirmation,
                of=("email_address__user",),
                not_copied=_("The keys in links that we emailed you: anyone who has one could use it."),
            ),
        ),
    ),
    Rule(
        area=Area.ACCOUNT,
        holds=_("Your authenticator app, passkeys and recovery codes."),
        purpose=_("To keep others out of your account."),
        kept=_("Until you remove them."),
        erasure=Erasure.DELETED,
        file="security",
        tables=(TableRule(Authenticator, of=("user",), copied=("type", "created_at", "last_used_at")),),
    ),
    Rule(
        area=Area.ACCOUNT,
        holds=_("Where you are logged in: browser, IP address, when you logged in and were last active."),
        purpose=_("So that you stay logged in, and notice when someone else is."),
        kept=_("Until you log out, and at most two weeks after you logged in."),
        erasure=Erasure.DELETED,
        file="security",
        tables=(
            TableRule(
                UserSession,
                of=("user",),
                names=("ip", "user_agent"),
                copied=("ip", "user_agent", "created_at", "last_seen_at"),
            ),
            TableRule(Session),
        ),
    ),
    Rule(
        area=Area.ACCOUNT,
        holds=_("Which kinds of email you stopped, and when."),
        purpose=_("So that you do not get them."),
        kept=_("Until you allow them again."),
        erasure=Erasure.DELETED,
        file="profile",
        tables=(TableRule(MailStop, of=("user",), copied=("kind", "stopped_at")),),
    ),
    Rule(
        area=Area.ACCOUNT,
        holds=_("Copies of your data that you asked for, and whether you asked us to delete the account."),
        purpose=_("So that you can use these rights."),
        kept=_("Copies for seven days."),
        erasure=Erasure.DELETED,
        left=_("The date of the deletion."),
        file="profile",
        tables=(
            TableRule(DataCopy, of=("user",), copied=("public_id", "state", "asked_at", "made_at", "expires_at")),
            TableRule(Deletion, of=("user",), copied=("asked_at", "due_at", "keeps_words")),
        ),
    ),
    Rule(
        area=Area.BUYING,
        holds=_("The email address used to buy something without an account."),
        purpose=_("To send the receipt and the link for reading the books."),
        kept=_(
            "As long as we can send links to your books to it. If you have added the purchase to an account, "
            "until you delete the account."
        ),
        erasure=Erasure.DELETED,
        left=_("A record with a random identifier, which the order refers to."),
        file="profile",
        tables=(
            TableRule(
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
            "Who did what with money or rights, or opened something that belongs to someone else, and when. Only "
            "identifiers, no names. If our team opened something of yours, the reason they gave."
        ),
        purpose=_("So that none of this can happen unnoticed."),
        kept=_("Permanently. Reasons for three years."),
        erasure=Erasure.PSEUDONYM,
        left=_("The entries, with a random identifier."),
        file="activity",
        tables=(
            TableRule(
                AuditEntry,
                of=("actor", "about"),
                copied=("at", "verb", "subject_kind", "subject_id", "facts"),
                copied_if=lambda person_id: Q(actor=person_id) | ~Q(verb__in=audit_registry.staff_only_verbs()),
                not_copied=_("Anything you are suspected of: only the people who look into it may see it."),
            ),
        ),
    ),
    Rule(
        area=Area.RUNNING,
        holds=_(
            "The IP address used when your password, email addresses or two-factor authentication were changed, when "
            "a log-in was refused, and when you tried to open a page you may not open. If an email address has no "
            "account here, a keyed hash of it."
        ),
        purpose=_("So that you and we can see whether someone tries to get into your account."),
        kept=_("Six months. What happened and when is kept permanently, without the IP address."),
        erasure=Erasure.DELETED,
        left=_("What happened and when, with a random identifier."),
        file="security",
        tables=(TableRule(Refusal, of=("actor", "about"), copied=("minute", "verb", "facts", "times")),),
    ),
    Rule(
        area=Area.RUNNING,
        holds=_("Staff roles you were assigned, and when they ended."),
        purpose=_("So that it is clear who could do what, and when."),
        kept=_("Permanently."),
        erasure=Erasure.PSEUDONYM,
        left=_("The entries, with a random identifier."),
        file="activity",
        tables=(
            TableRule(
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
            "How often an IP address tried to log in or asked for links, and a fingerprint of the places an account "
            "was logged in from."
        ),
        purpose=_("To stop people from guessing passwords, and from locking you out by doing so."),
        kept=_(
            "Attempts for a day at most, the fingerprint for 30 days. The fingerprint reveals neither the address "
            "nor the place."
        ),
        erasure=Erasure.NOT_YOURS,
        tables=(TableRule(CacheEntry),),
    ),
    Rule(
        area=Area.RUNNING,
        holds=_("Emails about your account that are waiting to be sent."),
        purpose=_("So that they arrive even if the mail server is down for a while."),
        kept=_("Until they are sent; three days at most."),
        erasure=Erasure.DELETED,
        tables=(TableRule(PendingMail, names=("to",)),),
    ),
    Rule(
        area=Area.RUNNING,
        holds=_("Emails, in a shop without a mail server."),
        purpose=_("So that they can be read on the outbox page."),
        kept=_("30 days."),
        erasure=Erasure.DELETED,
        tables=(TableRule(OutboxMessage, names=("to",)),),
    ),
)
