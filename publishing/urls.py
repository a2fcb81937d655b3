"""URLs under /desk/, the author dashboard."""

from __future__ import annotations

from django.urls import path

from publishing.covers import views as covers
from publishing.house_defaults import views as house_defaults
from publishing.record import views as record
from publishing.views import (
    changes,
    contributors,
    design,
    desk,
    details,
    drafts,
    files,
    findings,
    invitations,
    matter,
    page_images,
    prices,
    proof,
    publish,
    publish_next,
    release,
    rights,
    series,
    slug,
    territory,
    watermark,
)

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("defaults/", house_defaults.house_defaults, name="house-defaults"),
    path("works/new/", desk.create, name="work-create"),
    path("works/new/write/", desk.begin, name="work-begin"),
    path("works/<str:public_id>/", desk.work, name="work"),
    path("works/<str:public_id>/manuscript/", desk.manuscript, name="work-manuscript"),
    path("works/<str:public_id>/manuscripts/<str:manuscript_id>/", files.manuscript, name="work-manuscript-file"),
    path("works/<str:public_id>/proof/", proof.proof, name="work-proof"),
    path("works/<str:public_id>/proof/status/", proof.status, name="work-proof-status"),
    path("works/<str:public_id>/proof/pages/", page_images.sheet, name="work-sheet"),
    path("works/<str:public_id>/proof/pages/<str:target>/<int:number>/", page_images.page, name="work-sheet-page"),
    path(
        "works/<str:public_id>/proof/pictures/<str:artifact_id>/<path:name>", page_images.picture, name="work-picture"
    ),
    path("works/<str:public_id>/proof/remarks/", findings.remarks, name="work-remarks"),
    path("works/<str:public_id>/proof/remarks/<str:code>/override/", findings.override, name="work-override"),
    path("works/<str:public_id>/proof/changes/", changes.changes, name="work-changes"),
    path("works/<str:public_id>/design/", design.design, name="work-design"),
    path("works/<str:public_id>/design/preview/", design.preview, name="work-design-preview"),
    path("works/<str:public_id>/design/status/", design.status, name="work-design-status"),
    path("works/<str:public_id>/matter/", matter.matter, name="work-matter"),
    path("works/<str:public_id>/rebuild/", proof.rebuild, name="work-rebuild"),
    path("works/<str:public_id>/cancel/", proof.cancel, name="work-cancel"),
    path("works/<str:public_id>/delete/", drafts.delete, name="work-delete"),
    path("works/<str:public_id>/archive/", drafts.archive, name="work-archive"),
    path("works/<str:public_id>/preview/", proof.preview, name="work-preview"),
    path("works/<str:public_id>/preview/files/<path:name>", files.preview_file, name="work-preview-file"),
    path("works/<str:public_id>/preview/<str:chapter_id>/", proof.preview, name="work-preview-chapter"),
    path("works/<str:public_id>/files/<str:artifact_id>/", files.artifact, name="work-artifact"),
    path("works/<str:public_id>/details/", details.details, name="work-details"),
    path("works/<str:public_id>/cover/", details.cover, name="work-cover"),
    path("works/<str:public_id>/cover/design/", covers.page, name="work-cover-page"),
    path("works/<str:public_id>/cover/drawn/", covers.drawn, name="work-cover-drawn"),
    path("works/<str:public_id>/cover/upload/", covers.upload, name="work-cover-upload"),
    path("works/<str:public_id>/cover/status/", covers.status, name="work-cover-status"),
    path("works/<str:public_id>/cover/back/", covers.take_back, name="work-cover-back"),
    path("works/<str:public_id>/cover/print/", covers.printing, name="work-cover-print"),
    path("works/<str:public_id>/cover/picture/", files.cover_picture, name="work-cover-picture"),
    path("works/<str:public_id>/cover/remove/", details.remove_cover, name="work-cover-remove"),
    path("works/<str:public_id>/price/", prices.price, name="work-price"),
    path("works/<str:public_id>/address/", slug.address, name="work-address"),
    path("works/<str:public_id>/territory/", territory.territory, name="work-territory"),
    path("works/<str:public_id>/watermark/", watermark.watermark, name="work-watermark"),
    path("works/<str:public_id>/release/", release.release, name="work-release"),
    path("works/<str:public_id>/rights/", rights.rights, name="work-rights"),
    path("works/<str:public_id>/record/", record.record, name="work-record"),
    path("works/<str:public_id>/defaults/", house_defaults.take, name="work-take-defaults"),
    path("works/<str:public_id>/people/", contributors.people, name="work-people"),
    path("works/<str:public_id>/people/add/", contributors.add, name="work-people-add"),
    path("works/<str:public_id>/people/split/", contributors.propose, name="work-split"),
    path("works/<str:public_id>/people/<str:contributor_id>/", contributors.contributor, name="work-contributor"),
    path("works/<str:public_id>/people/<str:contributor_id>/move/", contributors.move, name="work-contributor-move"),
    path(
        "works/<str:public_id>/people/<str:contributor_id>/remove/", contributors.remove, name="work-contributor-remove"
    ),
    path(
        "works/<str:public_id>/people/<str:contributor_id>/invite/", invitations.invite, name="work-contributor-invite"
    ),
    path("works/<str:public_id>/publish/", publish.publish, name="work-publish"),
    path("works/<str:public_id>/publish/plan/cancel/", publish_next.cancel_plan, name="work-plan-cancel"),
    path("works/<str:public_id>/editions/", publish.editions, name="work-editions"),
    path("works/<str:public_id>/editions/<str:edition_id>/withdraw/", publish.withdraw, name="edition-withdraw"),
    path("works/<str:public_id>/editions/<str:edition_id>/publish/", publish.put_back, name="edition-publish"),
    path("terms/", rights.terms, name="author-terms"),
    path("terms/<str:version>/", rights.terms, name="author-terms-version"),
    path("series/<str:series_id>/", series.series, name="desk-series"),
    path("invitations/<str:token>/", invitations.answer, name="invitation"),
    path("credits/<str:contributor_id>/", contributors.credit, name="credit"),
    path("splits/<str:agreement_id>/", contributors.consent, name="split-consent"),
]
