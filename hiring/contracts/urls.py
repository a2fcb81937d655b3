"""URLs of contracts."""

from __future__ import annotations

from django.urls import path

from hiring.contracts.views import acts, amendments, cases, contracts, fund, payments

app_name = "contracts"

urlpatterns = [
    path("finance/fund/", fund.overview, name="fund"),
    path("finance/fund/<str:dispute_id>/propose/", fund.propose, name="fund-propose"),
    path("finance/fund/claims/<str:claim_id>/", fund.decide, name="fund-claim"),
    path("contracts/", contracts.contract_list, name="contracts"),
    path("hire/guide/", contracts.guide, name="guide"),
    path("contracts/terms/<int:version>/", contracts.terms, name="terms"),
    path("contracts/files/<str:file_id>/", contracts.file, name="delivered-file"),
    path("contracts/files/<str:file_id>/cover/", contracts.use_as_cover, name="use-as-cover"),
    path("contracts/files/<str:file_id>/book/", contracts.make_book, name="make-book"),
    path("contracts/cases/", cases.queue, name="cases"),
    path("contracts/cases/files/<str:file_id>/", cases.file, name="case-file"),
    path("contracts/cases/<str:case_id>/", cases.case, name="case"),
    path("contracts/cases/<str:case_id>/write/", cases.write, name="case-write"),
    path("contracts/<str:contract_id>/", contracts.contract, name="contract"),
    path("contracts/<str:contract_id>/change/", amendments.amend, name="amend"),
    path("contracts/<str:contract_id>/change/<str:amendment_id>/", amendments.answer, name="amendment"),
    path("contracts/<str:contract_id>/<str:milestone_id>/pay/", payments.pay, name="pay"),
    path("contracts/<str:contract_id>/<str:milestone_id>/paid/", payments.paid, name="paid"),
    path("contracts/<str:contract_id>/<str:milestone_id>/receipt/", payments.receipt, name="receipt"),
    path("contracts/<str:contract_id>/<str:milestone_id>/deliver/", acts.deliver, name="deliver"),
    path("contracts/<str:contract_id>/<str:milestone_id>/<slug:act>/", acts.act, name="act"),
    path(
        "contracts/<str:contract_id>/<str:milestone_id>/divisions/<str:division_id>/",
        acts.accept_division,
        name="accept-division",
    ),
]
