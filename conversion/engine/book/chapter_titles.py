"""Classify a chapter by its title: well-known names in several languages, and numbered chapters."""

from __future__ import annotations

import re

from . import clean
from .model import Division

FRONT, BODY, BACK = Division.FRONT, Division.BODY, Division.BACK

_NAMES: tuple[tuple[str, Division, str], ...] = (
    (
        "dedication",
        FRONT,
        "dedication dedicated-to widmung dédicace dedicatoria dedica dedicatória opdracht посвящение إهداء הקדשה 献辞",
    ),
    ("epigraph", FRONT, "epigraph motto épigraphe epígrafe epigrafe эпиграф"),
    (
        "preface",
        FRONT,
        "preface author's-preface vorwort préface prefacio prefácio prefazione voorwoord förord forord przedmowa "
        "предисловие مقدمة תמهيد הקדמה 序 序文 まえがき はじめに 前言",
    ),
    ("foreword", FRONT, "foreword geleitwort zum-geleit avant-propos prólogo-del-editor ten-geleide"),
    (
        "introduction",
        FRONT,
        "introduction einleitung einführung introducción introdução introduzione inleiding inledning wstęp "
        "введение מבוא",
    ),
    (
        "copyright-page",
        FRONT,
        "copyright copyright-page imprint impressum mentions-légales créditos legal-notice colophon-page "
        "all-rights-reserved",
    ),
    ("titlepage", FRONT, "title-page titlepage half-title halftitle titelblatt titelseite page-de-titre portada"),
    (
        "toc",
        FRONT,
        "contents table-of-contents toc inhalt inhaltsverzeichnis table-des-matières sommaire índice índice-general "
        "indice sommario inhoud inhoudsopgave innehåll spis-treści содержание оглавление المحتويات فهرس "
        "תוכן-עניינים 目次 目录",
    ),
    (
        "introduction",
        FRONT,
        "dramatis-personae list-of-characters characters personen note-on-the-text how-to-use-this-book",
    ),
    ("prologue", BODY, "prologue prolog prólogo prologo proloog пролог プロローグ"),
    ("epilogue", BODY, "epilogue epilog épilogue epílogo epilogo epiloog эпилог エピローグ"),
    ("chapter", BODY, "interlude intermezzo zwischenspiel intermède intermedio"),
    (
        "afterword",
        BACK,
        "afterword nachwort postface posfacio posfácio postfazione nawoord efterord послесловие あとがき "
        "postscript conclusion-note",
    ),
    (
        "acknowledgments",
        BACK,
        "acknowledgments acknowledgements acknowledgment danksagung dank remerciements agradecimientos "
        "agradecimentos "
        "ringraziamenti dankwoord tack podziękowania благодарности 謝辞",
    ),
    (
        "appendix",
        BACK,
        "appendix appendices anhang annexe annexes apéndice apêndice appendice bijlage приложение 付録 附录",
    ),
    ("endnotes", BACK, "notes endnotes footnotes anmerkungen fußnoten endnoten notas note noten примечания 注釈"),
    (
        "bibliography",
        BACK,
        "bibliography references works-cited further-reading literatur bibliographie bibliografía литература",
    ),
    ("glossary", BACK, "glossary glossar glossaire glosario glossario глоссарий 用語集"),
    ("index", BACK, "index register sachregister stichwortverzeichnis указатель 索引"),
    (
        "contributors",
        BACK,
        "about-the-author about-the-authors über-den-autor über-die-autorin à-propos-de-l'auteur "
        "sobre-el-autor sobre-la-autora "
        "sobre-o-autor l'autore over-de-auteur об-авторе",
    ),
    ("other-credits", BACK, "also-by-the-author other-books-by also-by weitere-bücher du-même-auteur del-mismo-autor"),
    ("colophon", BACK, "colophon kolophon colophon-note uncopyright"),
)
_BY_TITLE = {
    clean.fold(name.replace("-", " ")): (role, division) for role, division, names in _NAMES for name in names.split()
}
_PREFIXES = tuple(
    sorted(
        (
            title
            for title, (role, _) in _BY_TITLE.items()
            if role in {"preface", "appendix", "introduction", "foreword", "dedication"}
        ),
        key=len,
        reverse=True,
    )
)
_ROMAN = r"(?=[ivxlcdm])m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})"
_ROMAN_ONLY = re.compile(_ROMAN, re.IGNORECASE)
_NUMBER_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen "
    "nineteen twenty thirty forty fifty sixty first second third fourth fifth sixth seventh eighth ninth "
    "tenth last "
    "eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf erstes zweites drittes viertes fünftes "
    "un deux trois quatre cinq sept huit neuf dix onze douze premier première deuxième troisième "
    "uno dos tres cuatro cinco seis siete ocho nueve diez primero segundo tercero primo terzo quarto due tre quattro "
    "um dois três een twee drie vijf zes zeven acht первая вторая третья"
)
_NUMBER_WORD = "|".join(sorted(set(_NUMBER_WORDS.split()), key=len, reverse=True))
# "Twenty-one" and "twenty one"; not "Two Sisters", which is a name.
_NUMBER = rf"(?:\d{{1,4}}|{_ROMAN}|(?:{_NUMBER_WORD})(?:-\w{{2,9}}| (?:{_NUMBER_WORD}))?)"
_CHAPTER_WORDS = (
    "chapter|chap\\.|chapitre|kapitel|cap[ií]tulo|capitolo|hoofdstuk|kapittel|rozdział|kapitola|luku|глава|розділ|κεφάλαιο|"
    "الفصل|فصل|פרק|canto|stave|letter|lettre|brief|carta"
)
_PART_WORDS = "part|book|volume|teil|buch|band|partie|livre|tome|parte|libro|livro|deel|boek|часть|книга|том"
_CHAPTER_LINE = re.compile(
    rf"(?:{_CHAPTER_WORDS})\s+(?:the\s+)?{_NUMBER}\b.{{0,90}}|第\s*[0-9０-９一二三四五六七八九十百〇]{{1,6}}\s*[章回話节節].{{0,60}}",
    re.IGNORECASE,
)
_ORDINAL_FIRST = re.compile(rf"(?:the\s+)?{_NUMBER}\s+(?:{_CHAPTER_WORDS}|{_PART_WORDS})\b.{{0,60}}", re.IGNORECASE)
_PART_LINE = re.compile(
    rf"(?:{_PART_WORDS})\s+(?:the\s+)?{_NUMBER}\b.{{0,90}}|第\s*[0-9０-９一二三四五六七八九十]{{1,4}}\s*[部巻編篇].{{0,60}}",
    re.IGNORECASE,
)
_BARE = re.compile(rf"({_ROMAN}|\d{{1,3}})[.):]?", re.IGNORECASE)
_NUMBERED = re.compile(rf"({_ROMAN}|\d{{1,3}})[.):]\s+(\S.{{0,140}})", re.IGNORECASE)


def classify(title: str) -> tuple[str, Division] | None:
    """Return the role and division that a well-known title implies, or None for the author's own title."""
    folded = clean.fold(title)
    found = _BY_TITLE.get(folded)
    if found is not None:
        return found
    for prefix in _PREFIXES:
        if folded.startswith(prefix) and not folded[len(prefix)].isalpha():
            return _BY_TITLE[prefix]
    return None


def is_chapter_line(text: str) -> bool:
    """Return whether a line names a chapter: "Chapter One", "Kapitel 3: Der Fuchs", "第一章" ..."""
    return len(text) <= 120 and bool(_CHAPTER_LINE.fullmatch(text) or _is_ordinal_first(text))


def _is_ordinal_first(text: str) -> bool:
    match = _ORDINAL_FIRST.fullmatch(text)
    return match is not None and not text[:1].islower() and len(text) <= 60


def is_part_line(text: str) -> bool:
    """Return whether a line names a part: "Part II", "Book the First", "Zweiter Teil" ..."""
    return len(text) <= 120 and _PART_LINE.fullmatch(text) is not None


def number_of(text: str, *, alone: bool) -> int:
    """The number a heading such as "IV", "12." or (unless `alone`) "IV. The Storm" starts with; 0 without one."""
    match = _BARE.fullmatch(text) or (None if alone else _NUMBERED.fullmatch(text))
    if match is None:
        return 0
    sign = match.group(1)
    if sign.isascii() and sign.isdigit():
        return int(sign)
    return roman(sign) if sign.isupper() else 0


def roman(sign: str) -> int:
    """The value of a Roman numeral; 0 for anything else."""
    if not _ROMAN_ONLY.fullmatch(sign):
        return 0
    values = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
    numbers = [values[letter] for letter in sign.lower()]
    return sum(-n if n < after else n for n, after in zip(numbers, [*numbers[1:], 0], strict=True))


def is_label_only(text: str) -> bool:
    """Return whether a heading consists of a number only: "Chapter 4", "IV", "Zweites Kapitel"."""
    bare = text.strip(" .:—–-")
    short = re.fullmatch(rf"(?:(?:{_CHAPTER_WORDS}|{_PART_WORDS})\s+)?(?:the\s+)?{_NUMBER}", bare, re.IGNORECASE)
    return len(bare) <= 40 and (short is not None or (_is_ordinal_first(bare) and len(bare.split()) == 2))
