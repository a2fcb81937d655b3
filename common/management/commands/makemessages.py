"""`manage.py makemessages`: Django's, without guesses for new messages."""

from __future__ import annotations

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    """A new message stays empty, rather than marked fuzzy with the translation of one that looks like it."""

    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]
