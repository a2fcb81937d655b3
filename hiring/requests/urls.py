"""URLs of requests and proposals."""

from __future__ import annotations

from django.urls import path

from hiring.requests.views import client, provider, public

app_name = "requests"

urlpatterns = [
    path("hire/how/", public.how, name="how"),
    path("hire/recompute_shortlist.py", public.script, name="script"),
    path("hire/shortlists/<str:request_id>/<int:number>.json", public.inputs, name="inputs"),
    path("hire/requests/", client.mine, name="mine"),
    path("hire/requests/new/", client.new, name="new"),
    path("hire/requests/<str:request_id>/", client.request_page, name="request"),
    path("hire/requests/<str:request_id>/ask/", client.ask_also, name="ask-also"),
    path("hire/requests/<str:request_id>/withdraw/", client.withdraw, name="withdraw"),
    path("hire/asked/<str:invitation_id>/", provider.asked, name="asked"),
    path("hire/asked/<str:invitation_id>/propose/", provider.propose, name="propose"),
    path("hire/asked/<str:invitation_id>/decline/", provider.decline, name="decline"),
    path("hire/asked/<str:invitation_id>/show-earnings/", provider.show_earnings, name="show-earnings"),
    path("hire/asked/<str:invitation_id>/message/", provider.message, name="message"),
    path("hire/proposals/<str:proposal_id>/<slug:action>/", provider.answer, name="answer"),
]
