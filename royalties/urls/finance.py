"""Addresses under /finance/."""

from __future__ import annotations

from django.urls import path, re_path

from royalties.views import bank, finance, keeping, ledger, payouts, withholding

urlpatterns = [
    path("", finance.overview, name="finance"),
    path("months/close/", finance.close_period, name="finance-close"),
    path("sales/", finance.sale_list, name="finance-sales"),
    path("sales/export/", finance.sales_export, name="finance-sales-export"),
    path("sales/<str:reference>/", finance.sale, name="finance-sale"),
    path("contributors/", finance.contributor_list, name="finance-contributors"),
    path("contributors/<str:public_id>/", finance.contributor, name="finance-contributor"),
    path("entries/", finance.entry_list, name="finance-entries"),
    path("entries/<int:entry_id>/", finance.entry, name="finance-entry"),
    path("provider/<str:object_id>/", finance.provider_object, name="finance-provider"),
    path("payouts/", payouts.run_list, name="finance-payouts"),
    path("payouts/propose/", payouts.propose, name="finance-propose"),
    path("payouts/held/<str:public_id>/", payouts.hold, name="finance-hold"),
    path("payouts/released/<str:public_id>/", payouts.release, name="finance-release"),
    path("payouts/back/<str:public_id>/", payouts.bring_back, name="finance-bring-back"),
    path("payouts/<str:public_id>/", payouts.run, name="finance-run"),
    path("payouts/<str:public_id>/approve/", payouts.approve, name="finance-approve"),
    path("payouts/<str:public_id>/cancel/", payouts.cancel, name="finance-cancel"),
    path("reserves/", keeping.reserve_list, name="finance-reserves"),
    path("reserves/<str:public_id>/lift/", keeping.lift, name="finance-reserve-lift"),
    path("corrections/", keeping.correction_list, name="finance-corrections"),
    path("corrections/<str:public_id>/", keeping.decide, name="finance-correction"),
    path("payouts/<str:public_id>/files/", bank.make_files, name="finance-make-files"),
    path("contributors/<str:public_id>/hold/", payouts.impose_hold, name="finance-person-hold"),
    path("holds/<str:public_id>/lift/", payouts.lift_hold, name="finance-lift-hold"),
    path("bank/", bank.bank, name="finance-bank"),
    path("bank/upload/", bank.upload, name="finance-bank-upload"),
    path("bank/rows/<int:row_id>/", bank.settle, name="finance-bank-settle"),
    path("bank/files/<str:public_id>/", bank.download, name="finance-file"),
    path("bank/files/<str:public_id>/release/", bank.release_file, name="finance-file-release"),
    path("bank/files/<str:public_id>/withdraw/", bank.withdraw_file, name="finance-file-withdraw"),
    path("rates/", bank.rates, name="finance-rates"),
    path("rates/<str:public_id>/", bank.decide_rate, name="finance-rate-decide"),
    path("withholding/", withholding.office, name="finance-withholding"),
    path("withholding/forms/<str:public_id>/", withholding.decide_form, name="finance-tax-form"),
    path("withholding/remittances/<str:public_id>/", withholding.decide_remittance, name="finance-remittance"),
    path("economics/", bank.unit_economics, name="finance-economics"),
    path("statements/", finance.statement_list, name="finance-statements"),
    path("statements/<str:public_id>/", finance.statement, name="finance-statement"),
    re_path(
        r"^statements/(?P<public_id>\w+)/(?P<form>pdf|csv|xlsx)/$",
        finance.statement_file,
        name="finance-statement-file",
    ),
    path("statements/<str:public_id>/json/", ledger.any_statement, name="finance-statement-json"),
    path(
        "statements/<str:public_id>/movements/<str:kind>/",
        finance.statement_movement,
        name="finance-statement-movement",
    ),
    path("statements/<str:public_id>/figures/<str:name>/", finance.statement_figure, name="finance-statement-figure"),
    path("statements/<str:public_id>/lines/<int:position>/", finance.statement_line, name="finance-statement-line"),
]
