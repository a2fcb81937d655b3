"""URLs of orders without an account. They must come before `orders/<id>/`."""

from __future__ import annotations

from django.urls import path

from storefront.checkout.guests.views import guests

urlpatterns = [
    path("orders/find/", guests.find, name="find-orders"),
    path("orders/claim/", guests.claim, name="claim-orders"),
    path("orders/forget/", guests.remove_from_browser, name="remove-from-browser"),
    path("orders/renew-links/", guests.renew, name="renew-order-links"),
    path("orders/open/<str:token>/", guests.open_link, name="guest-order"),
]
