"""Sentences for formats read through pandoc, and for newer findings of the readers: code -> title and advice.

Merged into `conversion.messages`.
"""

from __future__ import annotations

from conversion.translation_marks import _

MESSAGES: dict[str, tuple[str, str]] = {
    "source.part-plain": (
        _("Parts of the manuscript could not be read as they are formatted; their words are there plainly ({count})."),
        _(
            "No words are missing, but pictures, notes and formatting may be. Compare them with your manuscript. "
            "We have been notified. Typing such a part again, or saving the manuscript in another format, may help."
        ),
    ),
    "source.needs-pandoc": (
        _("{kind} files cannot be read on this server."),
        _("Save the manuscript as DOCX and upload that."),
    ),
    "source.pandoc-failed": (
        _("This {kind} file could not be read."),
        _("Check that it is complete and opens in the program you wrote it with, or save it as DOCX and upload that."),
    ),
    "source.drawing-told": (
        _("Charts or diagrams were written out as a list or a table ({count})."),
        _(
            "If readers should see the drawing, save it as a picture and insert that, with this text as its "
            "description."
        ),
    ),
    "source.include-missing": (
        _(
            "Files that your manuscript includes were not uploaded with it, so their text is missing ({count}, "
            "the first is “{name}”)."
        ),
        _("Put everything into one file and upload that."),
    ),
    "source.formula-unread": (
        _("Formulas that could not be read are shown as they were typed ({count})."),
        _("Look for misspelled commands, or write the formula with commands that LaTeX has without packages."),
    ),
    "source.commands-skipped": (
        _("Commands that could not be read were left out ({count})."),
        _(
            "Compare the proof with your original near the quoted passage. Insert drawings made with commands "
            "as pictures."
        ),
    ),
}
