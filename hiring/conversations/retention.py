"""Personal data that conversations hold, for the retention schedule (accounts/retention_schedule.py)."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.retention_schedule import Area, Erasure, Rule, TableRule
from hiring.conversations.models import Block, Conversation, Membership, Message, MessageFile, SeenElsewhere

RULES = (
    Rule(
        area=Area.COMMUNITY,
        holds=_("Messages that you and others wrote to each other, with their files."),
        purpose=_("So that people who work together can talk and prove what they agreed."),
        kept=_("Four years after the last message of a conversation."),
        erasure=Erasure.PSEUDONYM,
        left=_("What you wrote about a request, an offer or a contract; the others may have to prove it."),
        file="messages",
        tables=(
            TableRule(
                Conversation,
                of=("memberships__user",),
                by=("started_by",),
                copied=("public_id", "subject", "title", "started_at"),
            ),
            TableRule(
                Membership,
                of=("user",),
                copied=("conversation__public_id", "joined_at", "is_muted"),
            ),
            TableRule(
                Message,
                of=("conversation__memberships__user",),
                by=("author",),
                copied=("public_id", "conversation__public_id", "author__public_id", "body", "sent_at"),
                copied_if=Q(hidden_at=None),
                not_copied=_("Messages that a moderator has removed."),
            ),
            TableRule(
                MessageFile,
                of=("message__conversation__memberships__user",),
                copied=("public_id", "message__public_id", "name", "size_bytes", "sha256"),
                copied_if=Q(message__hidden_at=None),
                not_copied=_("Files of messages that a moderator has removed."),
            ),
        ),
    ),
    Rule(
        area=Area.COMMUNITY,
        holds=_("Whom you have blocked."),
        purpose=_("So that you do not hear from each other."),
        kept=_("Until you take it back."),
        erasure=Erasure.DELETED,
        file="blocks",
        tables=(
            TableRule(
                Block,
                of=("blocker",),
                by=("blocked",),
                copied=("blocked__public_id", "made_at"),
            ),
        ),
    ),
    Rule(
        area=Area.COMMUNITY,
        holds=_("When you last looked at comments on a text, and at our answers to you."),
        purpose=_("So that your inbox shows what is new."),
        kept=_("As long as your account exists."),
        erasure=Erasure.DELETED,
        file="messages",
        tables=(TableRule(SeenElsewhere, of=("user",), copied=("thing", "seen_at")),),
    ),
)
