"""The accessibility summary: plain sentences about this very book, in its own language."""

from __future__ import annotations

from dataclasses import dataclass

from ..markup.survey import Survey
from ..markup.terms import primary


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences in one language. `described` and `undescribed` are about pictures; the latter takes {without} and
    {images}."""

    text: str
    described: str
    undescribed: str
    mathematics: str
    notes: str
    pages: str


_ENGLISH = Sentences(
    "The text is real text in reading order, with a table of contents and structural navigation.",
    "All pictures have alternative text.",
    "{without} of {images} pictures have no alternative text.",
    "Mathematics is given as MathML.",
    "Notes are linked in both directions.",
    "The page numbers of a print edition are included.",
)

_SENTENCES = {
    "en": _ENGLISH,
    "de": Sentences(
        "Der Text ist echter Text in Lesereihenfolge, mit Inhaltsverzeichnis und gegliederter Navigation.",
        "Alle Bilder haben einen Alternativtext.",
        "{without} von {images} Bildern haben keinen Alternativtext.",
        "Formeln liegen als MathML vor.",
        "Anmerkungen sind in beiden Richtungen verknüpft.",
        "Die Seitenzahlen einer gedruckten Ausgabe sind enthalten.",
    ),
    "fr": Sentences(
        "Le texte est du vrai texte dans l’ordre de lecture, avec table des matières et navigation structurée.",
        "Toutes les images ont un texte de remplacement.",
        "{without} images sur {images} n’ont pas de texte de remplacement.",
        "Les formules sont données en MathML.",
        "Les notes sont liées dans les deux sens.",
        "Les numéros de page d’une édition imprimée sont inclus.",
    ),
    "es": Sentences(
        "El texto es texto real en orden de lectura, con índice y navegación estructurada.",
        "Todas las imágenes tienen texto alternativo.",
        "{without} de {images} imágenes no tienen texto alternativo.",
        "Las fórmulas están en MathML.",
        "Las notas están enlazadas en ambos sentidos.",
        "Se incluyen los números de página de una edición impresa.",
    ),
    "it": Sentences(
        "Il testo è testo reale in ordine di lettura, con indice e navigazione strutturata.",
        "Tutte le immagini hanno un testo alternativo.",
        "{without} immagini su {images} non hanno un testo alternativo.",
        "Le formule sono in MathML.",
        "Le note sono collegate nei due sensi.",
        "Sono inclusi i numeri di pagina di un’edizione a stampa.",
    ),
    "pt": Sentences(
        "O texto é texto real em ordem de leitura, com índice e navegação estruturada.",
        "Todas as imagens têm texto alternativo.",
        "{without} de {images} imagens não têm texto alternativo.",
        "As fórmulas estão em MathML.",
        "As notas estão ligadas nos dois sentidos.",
        "Incluem-se os números de página de uma edição impressa.",
    ),
    "nl": Sentences(
        "De tekst is echte tekst in leesvolgorde, met een inhoudsopgave en navigatie per onderdeel.",
        "Alle afbeeldingen hebben een alternatieve tekst.",
        "{without} van de {images} afbeeldingen hebben geen alternatieve tekst.",
        "Formules zijn als MathML opgenomen.",
        "Noten zijn in beide richtingen gekoppeld.",
        "De paginanummers van een gedrukte uitgave zijn opgenomen.",
    ),
    "sv": Sentences(
        "Texten är riktig text i läsordning, med innehållsförteckning och navigering efter struktur.",
        "Alla bilder har alternativtext.",
        "{without} av {images} bilder saknar alternativtext.",
        "Formler finns som MathML.",
        "Noter är länkade åt båda hållen.",
        "Sidnumren från en tryckt utgåva finns med.",
    ),
    "pl": Sentences(
        "Tekst jest prawdziwym tekstem w kolejności czytania, ze spisem treści i nawigacją po strukturze.",
        "Wszystkie ilustracje mają tekst alternatywny.",
        "Ilustracje bez tekstu alternatywnego: {without} z {images}.",
        "Wzory zapisano w MathML.",
        "Przypisy są połączone w obu kierunkach.",
        "Zawiera numery stron wydania drukowanego.",
    ),
    "ru": Sentences(
        "Текст представлен как настоящий текст в порядке чтения, с оглавлением и навигацией по структуре.",
        "Все изображения имеют текстовое описание.",
        "Изображений без текстового описания: {without} из {images}.",
        "Формулы представлены в MathML.",
        "Примечания связаны ссылками в обе стороны.",
        "Указаны номера страниц печатного издания.",
    ),
    "ar": Sentences(
        "النص نص حقيقي بترتيب القراءة، مع جدول محتويات وتنقل حسب البنية.",
        "لجميع الصور نص بديل.",
        "عدد الصور بلا نص بديل: {without} من {images}.",
        "الصيغ الرياضية مكتوبة بلغة MathML.",
        "الحواشي مرتبطة في الاتجاهين.",
        "أرقام صفحات طبعة ورقية مدرجة.",
    ),
    "he": Sentences(
        "הטקסט הוא טקסט אמיתי בסדר הקריאה, עם תוכן עניינים וניווט לפי מבנה.",
        "לכל התמונות יש טקסט חלופי.",
        "תמונות ללא טקסט חלופי: {without} מתוך {images}.",
        "הנוסחאות כתובות ב־MathML.",
        "ההערות מקושרות בשני הכיוונים.",
        "מספרי העמודים של מהדורה מודפסת כלולים.",
    ),
    "ja": Sentences(
        "本文は読む順に並んだテキストで、目次と構造によるナビゲーションがあります。",
        "すべての画像に代替テキストがあります。",
        "{images}点の画像のうち{without}点に代替テキストがありません。",
        "数式はMathMLです。",
        "注は双方向にリンクされています。",
        "印刷版のページ番号を含みます。",
    ),
    "zh": Sentences(
        "正文为按阅读顺序排列的真实文本，带有目录和结构导航。",
        "所有图片都有替代文本。",
        "{images}张图片中有{without}张没有替代文本。",
        "数学公式以MathML表示。",
        "注释双向链接。",
        "包含印刷版的页码。",
    ),
    "ko": Sentences(
        "본문은 읽는 순서대로 된 실제 텍스트이며 차례와 구조 탐색을 제공합니다.",
        "모든 그림에 대체 텍스트가 있습니다.",
        "그림 {images}개 가운데 {without}개에 대체 텍스트가 없습니다.",
        "수식은 MathML로 되어 있습니다.",
        "주석은 양방향으로 연결되어 있습니다.",
        "인쇄판의 쪽 번호가 들어 있습니다.",
    ),
}


def summary(survey: Survey, *, has_math: bool) -> tuple[str, str]:
    """Return the summary and its language: the book's own where we have its sentences, else English."""
    own = primary(survey.book.metadata.language)
    language = own if own in _SENTENCES else "en"
    sentences = _SENTENCES[language]
    features = survey.features
    parts = [sentences.text]
    if features.images and not features.images_without_alt:
        parts.append(sentences.described)
    elif features.images:
        parts.append(sentences.undescribed.format(without=features.images_without_alt, images=features.images))
    if has_math:
        parts.append(sentences.mathematics)
    if survey.note_home:
        parts.append(sentences.notes)
    if survey.marks:
        parts.append(sentences.pages)
    return ("" if language in ("ja", "zh") else " ").join(parts), language
