"""Addresses around rules: reporting a book or a shelf, the rules themselves, and the log of what was decided."""

from __future__ import annotations

from django.urls import path

from storefront.views import reports

urlpatterns = [
    path("books/<slug:slug>/report/", reports.book, name="book-report"),
    path("shelves/<slug:slug>/report/", reports.shelf, name="shelf-report"),
    path("account/reports/", reports.mine, name="my-reports"),
    path("rules/", reports.rules, name="rules"),
    path("rules/decisions/", reports.log, name="decisions"),
]
