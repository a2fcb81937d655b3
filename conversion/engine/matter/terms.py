"""The words of front and back pages in the language of the book; English where a language is missing."""

from __future__ import annotations

from dataclasses import dataclass

from ..markup.terms import primary


@dataclass(frozen=True, slots=True)
class MatterTerms:
    """The words in one language. Those with `{names}`, `{name}`, `{number}` or `{year}` are filled in."""

    copyright: str
    dedication: str
    about: str  # of one author
    about_all: str  # of several
    also_by: str
    rights_reserved: str
    public_domain: str
    published_by: str
    edition: str
    translated: str
    edited: str
    illustrated: str
    foreword: str
    cover: str
    proofread: str
    is_english: bool = False


_ENGLISH = MatterTerms(
    "Copyright", "Dedication", "About the author", "About the authors", "Also by {names}", "All rights reserved.",
    "This work is in the public domain.", "Published by {name}", "Edition {number}, {year}", "Translated by {names}",
    "Edited by {names}", "Illustrated by {names}", "Foreword by {names}",
    "Cover by {names}", "Proofread by {names}", is_english=True,
)  # fmt: skip

_TERMS = {
    "en": _ENGLISH,
    "de": MatterTerms(
        "Impressum", "Widmung", "Über den Autor", "Über die Autoren", "Weitere Bücher von {names}",
        "Alle Rechte vorbehalten.", "Dieses Werk ist gemeinfrei.", "Erschienen bei {name}",
        "{number}. Auflage, {year}", "Übersetzt von {names}", "Herausgegeben von {names}", "Illustriert von {names}",
        "Mit einem Vorwort von {names}",
        "Umschlaggestaltung: {names}", "Korrektorat: {names}",
    ),
    "fr": MatterTerms(
        "Mentions légales", "Dédicace", "À propos de l’auteur", "À propos des auteurs", "Autres livres de {names}",
        "Tous droits réservés.", "Cette œuvre est dans le domaine public.", "Publié par {name}",
        "Édition {number}, {year}", "Traduction : {names}", "Sous la direction de {names}",
        "Illustrations : {names}", "Avant-propos : {names}",
        "Couverture : {names}", "Correction : {names}",
    ),
    "es": MatterTerms(
        "Créditos", "Dedicatoria", "Sobre el autor", "Sobre los autores", "Otros libros de {names}",
        "Todos los derechos reservados.", "Esta obra es de dominio público.", "Publicado por {name}",
        "Edición {number}, {year}", "Traducción de {names}", "Edición a cargo de {names}",
        "Ilustraciones de {names}", "Prólogo de {names}",
        "Cubierta de {names}", "Corrección de {names}",
    ),
    "it": MatterTerms(
        "Note legali", "Dedica", "L’autore", "Gli autori", "Altri libri di {names}", "Tutti i diritti riservati.",
        "Quest’opera è di pubblico dominio.", "Pubblicato da {name}", "Edizione {number}, {year}",
        "Traduzione di {names}", "A cura di {names}", "Illustrazioni di {names}", "Prefazione di {names}",
        "Copertina di {names}", "Correzione di bozze di {names}",
    ),
    "pt": MatterTerms(
        "Créditos", "Dedicatória", "Sobre o autor", "Sobre os autores", "Outros livros de {names}",
        "Todos os direitos reservados.", "Esta obra está em domínio público.", "Publicado por {name}",
        "Edição {number}, {year}", "Tradução de {names}", "Organização de {names}", "Ilustrações de {names}",
        "Prefácio de {names}",
        "Capa de {names}", "Revisão de {names}",
    ),
    "nl": MatterTerms(
        "Colofon", "Opdracht", "Over de auteur", "Over de auteurs", "Andere boeken van {names}",
        "Alle rechten voorbehouden.", "Dit werk behoort tot het publieke domein.", "Uitgegeven door {name}",
        "Druk {number}, {year}", "Vertaald door {names}", "Samengesteld door {names}", "Geïllustreerd door {names}",
        "Voorwoord van {names}",
        "Omslagontwerp: {names}", "Correctie: {names}",
    ),
    "sv": MatterTerms(
        "Copyright", "Dedikation", "Om författaren", "Om författarna", "Andra böcker av {names}",
        "Alla rättigheter förbehållna.", "Det här verket är fritt från upphovsrätt.", "Utgiven av {name}",
        "Utgåva {number}, {year}", "Översättning: {names}", "Redaktör: {names}", "Illustrationer: {names}",
        "Förord: {names}",
        "Omslag: {names}", "Korrektur: {names}",
    ),
    "pl": MatterTerms(
        "Nota wydawnicza", "Dedykacja", "O autorze", "O autorach", "Inne książki: {names}",
        "Wszelkie prawa zastrzeżone.", "Utwór należy do domeny publicznej.", "Wydawca: {name}",
        "Wydanie {number}, {year}", "Przekład: {names}", "Redakcja: {names}", "Ilustracje: {names}",
        "Przedmowa: {names}",
        "Projekt okładki: {names}", "Korekta: {names}",
    ),
    "ru": MatterTerms(
        "Выходные данные", "Посвящение", "Об авторе", "Об авторах", "Другие книги: {names}",
        "Все права защищены.", "Произведение находится в общественном достоянии.", "Издатель: {name}",
        "Издание {number}, {year}", "Перевод: {names}", "Редактор: {names}", "Иллюстрации: {names}",
        "Предисловие: {names}",
        "Обложка: {names}", "Корректор: {names}",
    ),
    "ar": MatterTerms(
        "حقوق النشر", "إهداء", "عن المؤلف", "عن المؤلفين", "كتب أخرى: {names}", "جميع الحقوق محفوظة.",
        "هذا العمل ملك عام.", "الناشر: {name}", "الطبعة {number}، {year}", "ترجمة: {names}", "تحرير: {names}",
        "رسوم: {names}", "تقديم: {names}",
        "تصميم الغلاف: {names}", "تدقيق: {names}",
    ),
    "he": MatterTerms(
        "זכויות יוצרים", "הקדשה", "על המחבר", "על המחברים", "ספרים נוספים: {names}", "כל הזכויות שמורות.",
        "היצירה היא נחלת הכלל.", "הוצאה לאור: {name}", "מהדורה {number}, {year}", "תרגום: {names}",
        "עריכה: {names}", "איורים: {names}", "הקדמה: {names}",
        "עיצוב הכריכה: {names}", "הגהה: {names}",
    ),
    "ja": MatterTerms(
        "奥付", "献辞", "著者について", "著者について", "{names}の他の本", "無断転載を禁じます。",
        "この作品はパブリックドメインです。", "発行　{name}", "第{number}版　{year}年", "訳　{names}", "編　{names}",
        "絵　{names}", "序文　{names}",
        "装丁　{names}", "校正　{names}",
    ),
    "zh": MatterTerms(
        "版权页", "献辞", "关于作者", "关于作者", "{names}的其他作品", "版权所有。", "本作品属于公有领域。",
        "出版：{name}", "第{number}版，{year}年", "翻译：{names}", "编辑：{names}", "插图：{names}", "序：{names}",
        "封面设计：{names}", "校对：{names}",
    ),
    "ko": MatterTerms(
        "판권", "헌사", "지은이 소개", "지은이 소개", "{names}의 다른 책", "모든 권리를 보유합니다.",
        "이 작품은 퍼블릭 도메인입니다.", "펴낸이 {name}", "제{number}판, {year}년", "옮긴이 {names}", "엮은이 {names}",
        "그린이 {names}", "서문 {names}",
        "표지 디자인 {names}", "교정 {names}",
    ),
}  # fmt: skip


def terms_for(language: str) -> MatterTerms:
    """Return the words for a language tag; English where we have none."""
    return _TERMS.get(primary(language), _ENGLISH)


LANGUAGES = frozenset(_TERMS)
