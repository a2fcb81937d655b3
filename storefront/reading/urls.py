"""URLs of the web reader and its files."""

from __future__ import annotations

from django.urls import path

from storefront.reading.views import (
    book_search,
    dictionary,
    files,
    note_imports,
    notes,
    offline,
    plain_pages,
    reader,
    sync,
    typos,
    work_typos,
)

app_name = "reading"

urlpatterns = [
    path("reading/sync/", sync.sync, name="sync"),
    path("reading/define/", dictionary.define, name="define"),
    path("reading/notes/", notes.notes, name="notes"),
    path("reading/notes/export/<slug:kind>/", notes.export, name="export-notes"),
    path("reading/notes/import/", note_imports.import_notes, name="import-notes"),
    path("reading/notes/import/<slug:import_id>/", note_imports.note_import, name="note-import"),
    path("reading/notes/<slug:work_id>/", notes.book_notes, name="book-notes"),
    path("reading/notes/<slug:work_id>/export/<slug:kind>/", notes.export, name="export-book-notes"),
    path("reading/notes/<slug:work_id>/<uuid:uid>/", notes.note, name="note"),
    path("reading/notes/<slug:work_id>/<uuid:uid>/remove/", notes.remove, name="note-remove"),
    path("reading/notes/<slug:work_id>/<uuid:uid>/restore/", notes.restore, name="note-restore"),
    path("reading/notes/<slug:work_id>/<uuid:uid>/place/", notes.place, name="note-place"),
    # No book has such a name: slugs have no dots.
    path("read/", offline.shelf, name="shelf"),
    path("read/shell.html", offline.shell, name="shell"),
    path("read/shell-pages.html", offline.shell, {"is_pages": True}, name="shell-pages"),
    path("read/sw.js", offline.worker, name="worker"),
    path("read/who.json", offline.who, name="who"),
    path("read/app.webmanifest", offline.manifest, name="manifest"),
    path("read/<slug:slug>/", reader.read, name="read"),
    path("read/<slug:slug>/book.json", offline.book_facts_json, name="book-facts"),
    path("read/<slug:slug>/<slug:edition_id>.zip", offline.archive, name="archive"),
    path("read/<slug:slug>/search/", book_search.search, name="search"),
    path("read/<slug:slug>/files/<slug:edition_id>/<path:path>", files.file, name="file"),
    path("read/<slug:slug>/plain/", plain_pages.contents, name="plain"),
    path("read/<slug:slug>/plain/place/", plain_pages.remember, name="plain-place"),
    path("read/<slug:slug>/typo/", typos.typo, name="typo"),
    path("read/<slug:slug>/sample/", reader.sample, name="sample"),
    path("read/<slug:slug>/sample/search/", book_search.sample_search, name="sample-search"),
    path("read/<slug:slug>/sample/plain/", plain_pages.sample_contents, name="sample-plain"),
    path("read/<slug:slug>/sample/files/assets/<str:name>", files.sample_picture, name="sample-picture"),
    path("read/<slug:slug>/sample/files/<slug:edition_id>/<path:path>", files.sample_file, name="sample-file"),
    path("read/<slug:slug>/sample/<slug:chapter_id>/", plain_pages.sample_chapter, name="sample-chapter"),
    path("read/<slug:slug>/<slug:chapter_id>/", plain_pages.chapter, name="chapter"),
    path("desk/typos/<str:work_id>/", work_typos.findings, name="work-typos"),
    path("desk/typos/<str:work_id>/count/", work_typos.count, name="work-typo-count"),
    path("desk/typos/<str:work_id>/<str:typo_id>/", work_typos.decide, name="work-typo"),
]
