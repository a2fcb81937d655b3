"""URLs of collaboration, under /desk/."""

from __future__ import annotations

from django.urls import path

from publishing.collaboration.views import answers, people, shared

app_name = "collaboration"

urlpatterns = [
    path("works/<str:public_id>/collaborators/", people.people, name="people"),
    path("works/<str:public_id>/collaborators/<str:collaborator_id>/", people.change, name="change"),
    path("works/<str:public_id>/collaborators/<str:collaborator_id>/again/", people.invite_again, name="again"),
    path("works/<str:public_id>/collaborators/<str:collaborator_id>/end/", people.end, name="end"),
    path("shared/", shared.shared, name="shared"),
    path("shared/<str:public_id>/", shared.work, name="work"),
    path("shared/<str:public_id>/publish/", shared.publish, name="publish"),
    path("shared/<str:public_id>/leave/", shared.leave, name="leave"),
    path("collaborations/<str:token>/", answers.answer, name="answer"),
]
