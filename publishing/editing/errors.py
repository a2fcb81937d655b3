"""Errors of changing a text. Each says what to do, and nothing that was typed is lost."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError, NotFound


class NoText(NotFound):
    """The work has no text that can be corrected, or not yet."""

    code = "editing.no_text"
    message = _("The text of this book cannot be edited yet. Open its text page and prepare the text first.")


class CorrectionClashes(DomainError):
    code = "editing.clashes"
    message = _(
        "These words have been corrected in another way meanwhile. Open the chapter and change them there, or undo the "
        "other correction first."
    )
