"""URLs of a work's text, under /desk/works/<id>/text/."""

from __future__ import annotations

from django.urls import path

from publishing.editing.views import blocks, chapters, corrections, descriptions, documents, editor, fixes

urlpatterns = [
    path("", chapters.text, name="work-text"),
    path("write/", chapters.write, name="work-text-write"),
    path("at/<int:number>/", chapters.at, name="work-text-at"),
    path("corrections/", corrections.corrections, name="work-corrections"),
    path("corrections/<str:correction_id>/<str:action>/", corrections.decide, name="work-correction"),
    path("descriptions/", descriptions.descriptions, name="work-descriptions"),
    path("fixes/", fixes.fixes, name="work-fixes"),
    path("fixes/<str:code>/", fixes.fix, name="work-fix"),
    path("pictures/<str:asset>/", editor.picture, name="work-text-picture"),
    path("<str:chapter_id>/", chapters.chapter, name="work-text-chapter"),
    path("<str:chapter_id>/document/", documents.document, name="work-text-document"),
    path("<str:chapter_id>/picture/", editor.put_picture, name="work-text-put-picture"),
    path("<str:chapter_id>/blocks/<str:block_id>/", blocks.block, name="work-text-block"),
]
