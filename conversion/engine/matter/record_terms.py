"""Words for what the record adds to a copyright page, by language: rarer roles, and which ISBN is that of the paper."""

from __future__ import annotations

from ..markup.terms import primary

# With, photographs, preface, introduction, afterword: in the order in which a copyright page has them.
ROLES = ("ctb", "pht", "wpr", "win", "aft")
_TERMS = {
    "en": ("With {names}", "Photographs by {names}", "Preface by {names}", "Introduction by {names}",
           "Afterword by {names}", "print"),
    "de": ("Mit {names}", "Fotografien: {names}", "Mit einem Geleitwort von {names}",
           "Mit einer Einleitung von {names}", "Mit einem Nachwort von {names}", "Druck"),
    "fr": ("Avec {names}", "Photographies : {names}", "Préface : {names}", "Introduction : {names}",
           "Postface : {names}", "imprimé"),
    "es": ("Con {names}", "Fotografías de {names}", "Prefacio de {names}", "Introducción de {names}",
           "Epílogo de {names}", "impreso"),
    "it": ("Con {names}", "Fotografie di {names}", "Premessa di {names}", "Introduzione di {names}",
           "Postfazione di {names}", "stampa"),
    "pt": ("Com {names}", "Fotografias de {names}", "Preâmbulo de {names}", "Introdução de {names}",
           "Posfácio de {names}", "impresso"),
    "nl": ("Met {names}", "Foto’s: {names}", "Woord vooraf van {names}", "Inleiding van {names}",
           "Nawoord van {names}", "gedrukt"),
    "sv": ("Med {names}", "Foto: {names}", "Företal: {names}", "Inledning: {names}", "Efterord: {names}", "tryckt"),
    "pl": ("Współpraca: {names}", "Fotografie: {names}", "Słowo wstępne: {names}", "Wstęp: {names}",
           "Posłowie: {names}", "druk"),
    "ru": ("При участии: {names}", "Фотографии: {names}", "Вступительное слово: {names}", "Введение: {names}",
           "Послесловие: {names}", "печать"),
    "ar": ("بمشاركة: {names}", "تصوير: {names}", "تمهيد: {names}", "مقدمة: {names}", "خاتمة: {names}", "مطبوع"),
    "he": ("עם {names}", "צילומים: {names}", "פתח דבר: {names}", "מבוא: {names}", "אחרית דבר: {names}", "דפוס"),
    "ja": ("共著　{names}", "写真　{names}", "はしがき　{names}", "序論　{names}", "あとがき　{names}", "印刷版"),
    "zh": ("合著：{names}", "摄影：{names}", "前言：{names}", "导言：{names}", "后记：{names}", "印刷版"),
    "ko": ("함께 쓴 이 {names}", "사진 {names}", "머리말 {names}", "서론 {names}", "후기 {names}", "종이책"),
}  # fmt: skip


def role_terms(language: str) -> dict[str, str]:
    """Return the line for each role, with `{names}` to fill in; in English where we have none."""
    return dict(zip(ROLES, _TERMS.get(primary(language), _TERMS["en"]), strict=False))


def print_term(language: str) -> str:
    """Return what stands behind the ISBN of the paper book."""
    return _TERMS.get(primary(language), _TERMS["en"])[-1]
