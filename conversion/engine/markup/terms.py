"""The few words that the writers add to a book, in the book's own language."""

from __future__ import annotations

from dataclasses import dataclass

from .text import language_tag


@dataclass(frozen=True, slots=True)
class Terms:
    """The words in one language. `chapter` and `part` are followed by a number."""

    contents: str
    cover: str
    title_page: str
    start: str
    pages: str
    notes: str
    chapter: str
    part: str
    untitled: str
    sample_end: str
    landmarks: str


_ENGLISH = Terms(
    "Contents", "Cover", "Title page", "Start of the text", "Pages", "Notes", "Chapter", "Part", "Untitled",
    "This is the end of the sample.", "Landmarks",
)  # fmt: skip

_TERMS = {
    "en": _ENGLISH,
    "de": Terms(
        "Inhalt", "Umschlag", "Titelseite", "Textbeginn", "Seiten", "Anmerkungen", "Kapitel", "Teil", "Ohne Titel",
        "Hier endet die Leseprobe.", "Orientierung",
    ),
    "fr": Terms(
        "Table des matières", "Couverture", "Page de titre", "Début du texte", "Pages", "Notes", "Chapitre", "Partie",
        "Sans titre", "L’extrait s’arrête ici.", "Repères",
    ),
    "es": Terms(
        "Índice", "Cubierta", "Portada", "Inicio del texto", "Páginas", "Notas", "Capítulo", "Parte", "Sin título",
        "Aquí termina la muestra.", "Puntos de referencia",
    ),
    "it": Terms(
        "Indice", "Copertina", "Frontespizio", "Inizio del testo", "Pagine", "Note", "Capitolo", "Parte",
        "Senza titolo", "Qui finisce l’anteprima.", "Punti di riferimento",
    ),
    "pt": Terms(
        "Índice", "Capa", "Folha de rosto", "Início do texto", "Páginas", "Notas", "Capítulo", "Parte", "Sem título",
        "A amostra termina aqui.", "Pontos de referência",
    ),
    "nl": Terms(
        "Inhoud", "Omslag", "Titelpagina", "Begin van de tekst", "Pagina’s", "Noten", "Hoofdstuk", "Deel",
        "Zonder titel", "Hier eindigt het fragment.", "Oriëntatiepunten",
    ),
    "sv": Terms(
        "Innehåll", "Omslag", "Titelsida", "Textens början", "Sidor", "Noter", "Kapitel", "Del", "Utan titel",
        "Här slutar smakprovet.", "Landmärken",
    ),
    "pl": Terms(
        "Spis treści", "Okładka", "Strona tytułowa", "Początek tekstu", "Strony", "Przypisy", "Rozdział", "Część",
        "Bez tytułu", "To koniec fragmentu.", "Punkty orientacyjne",
    ),
    "ru": Terms(
        "Содержание", "Обложка", "Титульный лист", "Начало текста", "Страницы", "Примечания", "Глава", "Часть",
        "Без названия", "Конец ознакомительного фрагмента.", "Ориентиры",
    ),
    "ar": Terms(
        "المحتويات", "الغلاف", "صفحة العنوان", "بداية النص", "الصفحات", "الحواشي", "الفصل", "الجزء", "بلا عنوان",
        "هنا تنتهي العينة.", "المعالم",
    ),
    "he": Terms(
        "תוכן העניינים", "כריכה", "שער", "תחילת הטקסט", "עמודים", "הערות", "פרק", "חלק", "ללא כותרת",
        "כאן מסתיים קטע הקריאה.", "נקודות ציון",
    ),
    "ja": Terms(
        "目次", "表紙", "扉", "本文", "ページ", "注", "章", "部", "無題", "試し読みはここまでです。", "ランドマーク",
    ),
    "zh": Terms("目录", "封面", "扉页", "正文", "页码", "注释", "章", "部分", "无题", "试读到此结束。", "导航点"),
    "ko": Terms(
        "차례", "표지", "속표지", "본문", "쪽", "주", "장", "부", "제목 없음", "맛보기는 여기까지입니다.", "주요 위치",
    ),
}  # fmt: skip

_PAGE = {
    "en": "Page", "de": "Seite", "fr": "Page", "es": "Página", "it": "Pagina", "pt": "Página", "nl": "Pagina",
    "sv": "Sida", "pl": "Strona", "ru": "Страница", "ar": "صفحة", "he": "עמוד", "ja": "ページ", "zh": "页", "ko": "쪽",
}  # fmt: skip


def page_title(language: str, label: str) -> str:
    """Return the title of a page: "Page 3"."""
    return f"{_PAGE.get(primary(language), 'Page')} {label}"


_RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"})


def terms_for(language: str) -> Terms:
    """Return the words for a language tag; English where we have none."""
    return _TERMS.get(primary(language), _ENGLISH)


def primary(language: str) -> str:
    """Return the primary subtag of a language tag in lower case: "en" of "en-GB"."""
    return language_tag(language).partition("-")[0].lower()
