"""URLs of advance copies: the author's on the desk, the reader's, and the links in emails."""

from __future__ import annotations

from django.urls import path

from storefront.advance_copies.views import answers, desk, reader

app_name = "advance_copies"

_DESK = "desk/works/<str:work_id>/advance-copies/"

urlpatterns = [
    path(_DESK, desk.copies, name="desk"),
    path(f"{_DESK}invite/", desk.invite, name="invite"),
    path(f"{_DESK}newest/", desk.newest, name="newest"),
    path(f"{_DESK}close/", desk.close, name="close"),
    path(f"{_DESK}reopen/", desk.reopen, name="reopen"),
    path(f"{_DESK}<str:copy_id>/", desk.copy, name="copy"),
    path(f"{_DESK}<str:copy_id>/again/", desk.invite_again, name="again"),
    path(f"{_DESK}<str:copy_id>/extend/", desk.extend, name="extend"),
    path(f"{_DESK}<str:copy_id>/withdraw/", desk.withdraw, name="withdraw"),
    path(f"{_DESK}<str:copy_id>/grant/", desk.grant, name="grant"),
    path(f"{_DESK}<str:copy_id>/refuse/", desk.refuse, name="refuse"),
    path("advance-copies/", reader.mine, name="mine"),
    path("advance-copies/invitation/<str:token>/", answers.invitation, name="invitation"),
    path("advance-copies/reminders/<str:token>/", answers.reminders, name="reminders"),
    path("advance-copies/never/<str:token>/", answers.never, name="never"),
    path("advance-copies/over/<slug:slug>/", reader.over, name="over"),
    path("advance-copies/mine/<str:copy_id>/reminder/", reader.reminder, name="reminder"),
    path("advance-copies/<str:offer_id>/", reader.request_copy, name="request"),
]
