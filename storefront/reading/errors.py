"""Errors of the web reader."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class WordsNotThere(DomainError):
    code = "typo_words_not_there"
    message = _("These words are not at that place in the book. Reload the page, and select them again.")
    status = 422


class TooManyWords(DomainError):
    code = "typo_too_many_words"
    message = _("Select only the words that are wrong, {limit} characters at most.")
    status = 422


class NothingToCorrect(DomainError):
    code = "typo_nothing_to_correct"
    message = _("This is what the book says already. Change the words to what they should be.")
    status = 422


class NoNotesInFile(DomainError):
    code = "no_notes_in_file"
    message = _(
        "There are no notes that can be read in this file. Choose a file that was exported from here, or from another "
        "reader, as Markdown, JSON or CSV."
    )
    status = 422


class FileOfTooManyNotes(DomainError):
    code = "file_of_too_many_notes"
    message = _("This file has more than {most} notes. Divide it into several files.")
    status = 422


class TextInFileTooLong(DomainError):
    code = "text_in_file_too_long"
    message = _(
        "A text in this file is longer than {most} characters: it begins “{words}”. Shorten it, and import the file "
        "again. Nothing has been imported yet."
    )
    status = 422
