"""URLs of help and contact, for everyone."""

from __future__ import annotations

from django.urls import path

from helpdesk.views import contact, pages, well_known

urlpatterns = [
    path("help/", pages.index, name="help"),
    path("help/<slug:name>/", pages.topic, name="help-topic"),
    path("faq/", pages.faq, name="faq"),
    path("about/", pages.about, name="about"),
    path("source/", pages.source, name="source"),
    path("contact/", contact.contact, name="contact"),
    path("contact/sent/", contact.sent, name="contact-sent"),
    path("contact/<str:public_id>/", contact.own, name="contact-request"),
    path(".well-known/security.txt", well_known.security, name="security-txt"),
    path(".well-known/change-password", well_known.change_password, name="well-known-change-password"),
]
