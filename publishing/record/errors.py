"""Errors of the record. Each says what to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class IsbnWrong(DomainError):
    code = "record.isbn_wrong"
    message = _(
        "“{number}” is not an ISBN. It has 10 or 13 digits, and the last one checks the others: compare it with what "
        "your agency sent you."
    )


class IsbnTaken(DomainError):
    """The number belongs to another format or another book. `format` is the format that it was entered for."""

    code = "record.isbn_taken"
    message = _(
        "{isbn} already belongs to another format or another book. Each format of each book needs its own ISBN."
    )


class SubjectUnknown(DomainError):
    code = "record.subject_unknown"
    message = _("“{subject}” is not a subject of Thema 1.2. Search for it in your own words.")


class MainSubjectIsQualifier(DomainError):
    code = "record.main_subject_is_qualifier"
    message = _("“{subject}” only narrows other subjects. Put a subject of another kind first.")


class TooManySubjects(DomainError):
    code = "record.too_many_subjects"
    message = _("Choose up to {most} subjects and up to {most} that narrow them. Untick the ones that fit least.")


class TooManyKeywords(DomainError):
    code = "record.too_many_keywords"
    message = _("Enter up to {most} keywords. Keep the ones that readers would type.")


class KeywordTooLong(DomainError):
    code = "record.keyword_too_long"
    message = _("“{keyword}” is too long. A keyword has up to {most} characters: a few words that readers would type.")


class KeywordInTitle(DomainError):
    code = "record.keyword_in_title"
    message = _(
        "“{keyword}” is in the title, the series or the names already, where every shop looks. Use the space for "
        "something else."
    )


class KeywordNamesAuthor(DomainError):
    code = "record.keyword_names_author"
    message = _(
        "“{keyword}” names another author. Shops refuse that, because readers who look for them would find you instead."
    )


class SourceMissing(DomainError):
    code = "record.source_missing"
    message = _("Say where the text comes from, such as the edition and the year, so that others can check it.")


class MiningNotReservable(DomainError):
    code = "record.mining_not_reservable"
    message = _(
        "Text and data mining can be reserved only where all rights are reserved. This licence allows it already."
    )


class OrcidWrong(DomainError):
    code = "record.orcid_wrong"
    message = _(
        "“{number}” is not an ORCID iD. It has 16 digits, such as 0000-0002-1825-0097, and the last one may be X."
    )


class IsniWrong(DomainError):
    code = "record.isni_wrong"
    message = _("“{number}” is not an ISNI. It has 16 digits, such as 0000 0001 2281 955X, and the last one may be X.")
