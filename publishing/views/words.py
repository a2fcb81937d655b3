"""Names that several pages of the desk show: targets, severities, designs."""

from __future__ import annotations

from django.utils.translation import gettext as _


def target_name(target: str) -> str:
    """What people call a target."""
    names = {
        "phone": _("Phone"),
        "ereader": _("E-reader"),
        "tablet": _("Tablet"),
        "desktop": _("Desktop"),
        "print": _("Print, A5"),
        "print-5x8": _("Print, 5 × 8 in"),
        "print-6x9": _("Print, 6 × 9 in"),
        "large-print": _("Large print"),
    }
    return names.get(target, target)


def severity_words() -> dict[str, tuple[str, str]]:
    """Each severity, worst first, with its word and the kind of chip that shows it."""
    return {
        "blocker": (_("Must be mended"), "danger"),
        "problem": (_("Readers will notice"), "caution"),
        "advice": (_("Better if mended"), ""),
        "info": (_("For your information"), ""),
    }


def design_words(name: str) -> tuple[str, str]:
    """A design's name and what it is like."""
    words = {
        "classic": (_("Classic"), _("Literata, centred titles, indents. For novels and stories.")),
        "modern": (_("Modern"), _("Titles set large and to the left, with air. For essays and narrative.")),
        "romance": (_("Romance"), _("Initials and ornaments. For love stories and tales.")),
        "technical": (_("Technical"), _("Sans serif titles, spaced paragraphs. For manuals and courses.")),
    }
    return words.get(name, (name.replace("-", " ").capitalize(), ""))
