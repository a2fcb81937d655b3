"""URLs under /staff/: roles, people, and the page that asks for a reason."""

from __future__ import annotations

from django.urls import path

from accounts.views import staff

urlpatterns = [
    path("roles/", staff.role_list, name="staff-roles"),
    path("roles/<str:grant_id>/", staff.decide_role, name="staff-role-decide"),
    path("people/", staff.people_list, name="staff-people"),
    path("people/<str:public_id>/", staff.person, name="staff-person"),
    path("people/<str:public_id>/copy/", staff.copy_for, name="staff-copy"),
    path("people/<str:public_id>/delete/", staff.delete_for, name="staff-delete"),
    path("people/<str:public_id>/roles/<str:role>/take/", staff.take_role, name="staff-role-take"),
    path("why/<str:key>/", staff.why, name="staff-why"),
]
