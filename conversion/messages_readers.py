"""Sentences for what is read through pandoc, and for the newer remarks of the readers: code -> title and advice.

Merged into `conversion.messages`.
"""

from __future__ import annotations

from conversion.marked import _

MESSAGES: dict[str, tuple[str, str]] = {
    "source.needs-pandoc": (
        _("{kind} files cannot be read on this server."),
        _("Save the manuscript as DOCX and upload that."),
    ),
    "source.pandoc-failed": (
        _("This {kind} file could not be read."),
        _("Check that it is complete and opens where you wrote it, or save it as DOCX and upload that."),
    ),
    "source.drawing-told": (
        _("Charts or diagrams were written out as a list or a table ({count})."),
        _(
            "If readers should see the drawing, save it as a picture and insert that, with the words as its "
            "description."
        ),
    ),
    "source.include-missing": (
        _("Files that your manuscript includes were not sent along; their text is missing ({count}, first “{name}”)."),
        _("Put everything into one file, and upload that."),
    ),
    "source.commands-skipped": (
        _("Commands that could not be read were left out ({count})."),
        _(
            "Compare the proof with your original near the place quoted; drawings made with commands need "
            "to be pictures."
        ),
    ),
}
