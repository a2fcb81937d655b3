"""Synonyms for subjects, added to the headings of `publishing.thema`; each language has its own.

Add words that readers type and do not find.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

SUBJECT_SYNONYMS: dict[str, Promise] = {
    "F": pgettext_lazy("search words", "novel, novels"),
    "FF": pgettext_lazy("search words", "crime novel, detective story, whodunit"),
    "FH": pgettext_lazy("search words", "thriller, suspense"),
    "FK": pgettext_lazy("search words", "scary stories, ghost story"),
    "FL": pgettext_lazy("search words", "sci-fi, space, future"),
    "FR": pgettext_lazy("search words", "love story, love stories"),
    "FV": pgettext_lazy("search words", "historical novel"),
    "FY": pgettext_lazy("search words", "short story, novella"),
    "DC": pgettext_lazy("search words", "poems, verse"),
    "DN": pgettext_lazy("search words", "autobiography, memoirs, diary, letters"),
    "X": pgettext_lazy("search words", "comic, manga, graphic novel"),
    "Y": pgettext_lazy("search words", "children’s book, children’s books, kids, teens, young adult"),
    "YB": pgettext_lazy("search words", "picture book, board book"),
    "YP": pgettext_lazy("search words", "textbook, school, homework"),
    "CJ": pgettext_lazy("search words", "language course, vocabulary, grammar"),
    "JM": pgettext_lazy("search words", "mind, behaviour"),
    "KF": pgettext_lazy("search words", "personal finance, investing, tax"),
    "KJ": pgettext_lazy("search words", "leadership, startup"),
    "PB": pgettext_lazy("search words", "maths, algebra, calculus"),
    "UM": pgettext_lazy("search words", "coding, software, developer"),
    "VS": pgettext_lazy("search words", "advice, habits, happiness"),
    "WB": pgettext_lazy("search words", "cooking, cookbook, recipes, baking, wine"),
    "WF": pgettext_lazy("search words", "knitting, sewing, crochet"),
    "WM": pgettext_lazy("search words", "garden, plants, vegetables"),
    "WT": pgettext_lazy("search words", "travel guide, journeys"),
}
