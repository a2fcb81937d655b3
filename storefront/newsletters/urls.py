"""URLs of newsletters: the author's on the desk, the reader's, and the links in emails."""

from __future__ import annotations

from django.urls import path

from storefront.newsletters.views import desk, reader

app_name = "newsletters"

urlpatterns = [
    path("desk/newsletter/", desk.newsletter, name="newsletter"),
    path("desk/newsletter/new/", desk.new, name="new"),
    path("desk/newsletter/<str:issue_id>/", desk.issue, name="issue"),
    path("desk/newsletter/<str:issue_id>/send/", desk.send, name="send"),
    path("desk/newsletter/<str:issue_id>/preview/", desk.preview, name="preview"),
    path("desk/newsletter/<str:issue_id>/delete/", desk.delete, name="delete"),
    path("newsletters/", reader.mine, name="mine"),
    path("newsletters/stop/<str:token>/", reader.stop, name="stop-link"),
    path("authors/<str:public_id>/newsletter/", reader.fragment, name="fragment"),
    path("authors/<str:public_id>/newsletter/subscribe/", reader.subscribe, name="subscribe"),
    path("authors/<str:public_id>/newsletter/unsubscribe/", reader.unsubscribe, name="unsubscribe"),
]
