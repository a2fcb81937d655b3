"""Sentences for what is read through pandoc, and for the newer remarks of the readers: code -> title and advice.

Merged into `conversion.messages`.
"""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, str]] = {
    "source.needs-pandoc": (
        "{kind} files cannot be read on this server.",
        "Save the manuscript as DOCX and upload that.",
    ),
    "source.pandoc-failed": (
        "This {kind} file could not be read.",
        "Check that it is complete and opens where you wrote it, or save it as DOCX and upload that.",
    ),
    "source.drawing-told": (
        "Charts or diagrams were written out as a list or a table ({count}).",
        "If readers should see the drawing, save it as a picture and insert that, with the words as its description.",
    ),
    "source.include-missing": (
        "Files that your manuscript includes were not sent along; their text is missing ({count}, first “{name}”).",
        "Put everything into one file, and upload that.",
    ),
    "source.commands-skipped": (
        "Commands that could not be read were left out ({count}).",
        "Compare the proof with your original near the place quoted; drawings made with commands need to be pictures.",
    ),
}
