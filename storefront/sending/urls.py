"""URLs of sending books. The one that people type on e-readers is short."""

from __future__ import annotations

from django.urls import path

from storefront.sending.views import books, devices, screens

app_name = "sending"

urlpatterns = [
    path("account/send/", devices.devices, name="devices"),
    path("account/send/<str:device_id>/confirm/", devices.confirm, name="confirm"),
    path("account/send/<str:device_id>/again/", devices.again, name="again"),
    path("account/send/<str:device_id>/purchases/", devices.purchases, name="purchases"),
    path("account/send/<str:device_id>/remove/", devices.remove, name="remove"),
    path("library/<str:work_id>/send/", books.book, name="book"),
    path("library/<str:work_id>/send/device/", books.send, name="send"),
    path("library/<str:work_id>/send/code/", books.give, name="give"),
    path("e/", screens.start, name="start"),
    path("e-reader/<str:secret>/", screens.screen, name="screen"),
    path("e-reader/<str:secret>/<str:name>", screens.file, name="screen-file"),
]
