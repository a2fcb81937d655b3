"""Addresses under /desk/."""

from __future__ import annotations

from django.urls import path

from publishing.views import changes, design, desk, details, files, people, pricing, proof, remarks, sale, sheet

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("works/new/", desk.create, name="work-create"),
    path("works/<str:public_id>/", desk.work, name="work"),
    path("works/<str:public_id>/manuscript/", desk.manuscript, name="work-manuscript"),
    path("works/<str:public_id>/manuscripts/<str:manuscript_id>/", files.manuscript, name="work-manuscript-file"),
    path("works/<str:public_id>/proof/", proof.proof, name="work-proof"),
    path("works/<str:public_id>/proof/status/", proof.status, name="work-proof-status"),
    path("works/<str:public_id>/proof/pages/", sheet.sheet, name="work-sheet"),
    path("works/<str:public_id>/proof/pages/<str:target>/<int:number>/", sheet.page, name="work-sheet-page"),
    path("works/<str:public_id>/proof/pictures/<str:artifact_id>/<path:name>", sheet.picture, name="work-picture"),
    path("works/<str:public_id>/proof/remarks/", remarks.remarks, name="work-remarks"),
    path("works/<str:public_id>/proof/remarks/<str:code>/fix/", remarks.fix, name="work-fix"),
    path("works/<str:public_id>/proof/remarks/<str:code>/override/", remarks.override, name="work-override"),
    path("works/<str:public_id>/proof/changes/", changes.changes, name="work-changes"),
    path("works/<str:public_id>/design/", design.design, name="work-design"),
    path("works/<str:public_id>/design/preview/", design.preview, name="work-design-preview"),
    path("works/<str:public_id>/design/status/", design.status, name="work-design-status"),
    path("works/<str:public_id>/rebuild/", proof.rebuild, name="work-rebuild"),
    path("works/<str:public_id>/cancel/", proof.cancel, name="work-cancel"),
    path("works/<str:public_id>/preview/", proof.preview, name="work-preview"),
    path("works/<str:public_id>/preview/files/<path:name>", files.preview_file, name="work-preview-file"),
    path("works/<str:public_id>/preview/<str:chapter_id>/", proof.preview, name="work-preview-chapter"),
    path("works/<str:public_id>/files/<str:artifact_id>/", files.artifact, name="work-artifact"),
    path("works/<str:public_id>/details/", details.details, name="work-details"),
    path("works/<str:public_id>/cover/", details.cover, name="work-cover"),
    path("works/<str:public_id>/cover/remove/", details.remove_cover, name="work-cover-remove"),
    path("works/<str:public_id>/price/", pricing.price, name="work-price"),
    path("works/<str:public_id>/people/", people.people, name="work-people"),
    path("works/<str:public_id>/people/add/", people.add, name="work-people-add"),
    path("works/<str:public_id>/people/split/", people.propose, name="work-split"),
    path("works/<str:public_id>/people/<str:contributor_id>/", people.contributor, name="work-contributor"),
    path("works/<str:public_id>/people/<str:contributor_id>/remove/", people.remove, name="work-contributor-remove"),
    path("works/<str:public_id>/publish/", sale.publish, name="work-publish"),
    path("works/<str:public_id>/editions/", sale.editions, name="work-editions"),
    path("works/<str:public_id>/editions/<str:edition_id>/withdraw/", sale.withdraw, name="edition-withdraw"),
    path("works/<str:public_id>/editions/<str:edition_id>/publish/", sale.put_back, name="edition-publish"),
    path("splits/<str:agreement_id>/", people.consent, name="split-consent"),
]
