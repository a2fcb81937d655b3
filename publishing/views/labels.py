"""Labels shared by several dashboard pages: targets, severities and designs."""

from __future__ import annotations

from django.utils.translation import gettext as _


def target_name(target: str) -> str:
    """Return a target's label."""
    names = {
        "phone": _("Phone"),
        "ereader": _("E-reader"),
        "tablet": _("Tablet"),
        "desktop": _("Desktop"),
        "print": _("Print"),
        "print-5x8": _("Print, 5 × 8 in"),
        "print-6x9": _("Print, 6 × 9 in"),
        "large-print": _("Large print"),
    }
    return names.get(target, target)


def severity_words() -> dict[str, tuple[str, str]]:
    """Return the severities, most severe first, each with its label and the kind of its chip."""
    return {
        "blocker": (_("Must be fixed"), "danger"),
        "problem": (_("Readers will notice"), "caution"),
        "advice": (_("Worth fixing"), ""),
        "info": (_("For your information"), ""),
    }


def design_words(name: str) -> tuple[str, str]:
    """Return a design's label and description."""
    words = {
        "classic": (_("Classic"), _("Literata, centred titles, indented paragraphs. For novels and stories.")),
        "modern": (
            _("Modern"),
            _("Large titles on the left, plenty of white space. For essays and narrative writing."),
        ),
        "romance": (_("Romance"), _("Decorative initials and ornaments. For love stories and tales.")),
        "technical": (_("Technical"), _("Sans-serif titles, space between paragraphs. For manuals and courses.")),
    }
    return words.get(name, (name.replace("-", " ").capitalize(), ""))
