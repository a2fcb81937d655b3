"""URLs under /earnings/."""

from __future__ import annotations

from django.urls import path, re_path

from royalties.views import earnings, holds, ledger, payee_details, payout_account, plan, preview, what_if, withholding

urlpatterns = [
    path("", earnings.overview, name="earnings"),
    path("preview/", preview.preview, name="earnings-preview"),
    path("fragment/", earnings.fragment, name="earnings-fragment"),
    path("stages/<str:name>/", earnings.stage, name="earnings-stage"),
    path("breakdown/", earnings.breakdown, name="earnings-breakdown"),
    path("what-if/", what_if.what_if, name="earnings-what-if"),
    path("sales/", earnings.share_list, name="earnings-sales"),
    path("sales/<str:reference>/", earnings.share, name="earnings-sale"),
    path("entries/<int:entry_id>/", earnings.entry, name="earnings-entry"),
    path("provider/<str:object_id>/", earnings.provider_object, name="earnings-provider"),
    path("statements/", earnings.statement_list, name="earnings-statements"),
    path("statements/<str:public_id>/", earnings.statement, name="earnings-statement"),
    path("statements/<str:public_id>/json/", ledger.own_statement, name="earnings-statement-json"),
    re_path(
        r"^statements/(?P<public_id>\w+)/(?P<form>pdf|csv|xlsx)/$",
        earnings.statement_file,
        name="earnings-statement-file",
    ),
    path(
        "statements/<str:public_id>/movements/<str:kind>/",
        earnings.statement_movement,
        name="earnings-statement-movement",
    ),
    path("statements/<str:public_id>/figures/<str:name>/", earnings.statement_figure, name="earnings-statement-figure"),
    path("statements/<str:public_id>/lines/<int:position>/", earnings.statement_line, name="earnings-statement-line"),
    path("tax/", withholding.tax, name="earnings-tax"),
    path("details/", payee_details.details, name="earnings-details"),
    path("holds/", holds.own_list, name="earnings-holds"),
    path("holds/<str:public_id>/", holds.own, name="earnings-hold"),
    path("account/", payout_account.account, name="earnings-account"),
    path("account/start/", payout_account.start, name="earnings-account-start"),
    path("account/return/", payout_account.returned, name="earnings-account-return"),
    path("plan/", plan.plan, name="earnings-plan"),
    path("plan/choose/", plan.choose, name="earnings-plan-choose"),
    path("account/bank/", payout_account.bank, name="earnings-account-bank"),
    path("account/schedule/", payout_account.schedule, name="earnings-account-schedule"),
    path("account/pay-now/", payout_account.pay_now, name="earnings-account-pay-now"),
]
