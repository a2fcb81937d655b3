"""URLs under /ledger/, open to everybody."""

from __future__ import annotations

from django.urls import path

from royalties.views import ledger

urlpatterns = [
    path("", ledger.overview, name="ledger"),
    path("roots.json", ledger.roots, name="ledger-roots"),
    path("verify_statement.py", ledger.script, name="ledger-script"),
]
