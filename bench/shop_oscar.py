"""django-oscar as its documentation sets it up, with its own templates. The peer's Python runs it, without Octavo.

    python -m bench.shop_oscar PRODUCTS      create the tables, load this many products and index them
    granian bench.shop_oscar:application     run the shop

One product class, twenty categories, one partner with stock and a price for each product; search by Haystack and
Whoosh.
"""

from __future__ import annotations

import os
import sys
from itertools import batched
from pathlib import Path

import django
from django.conf import settings

_FOLDER = Path(os.environ["OSCAR_DIR"])
_CATEGORIES = 20


def _configure() -> None:
    from oscar import defaults

    values = {name: value for name, value in vars(defaults).items() if name.isupper()}
    settings.configure(
        **values,
        ALLOWED_HOSTS=["*"],
        SECRET_KEY="oscar",
        SITE_ID=1,
        USE_TZ=True,
        STATIC_URL="/static/",
        MEDIA_ROOT=str(_FOLDER / "media"),
        MEDIA_URL="/media/",
        ROOT_URLCONF=__name__,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": "oscar",
                "USER": "octavo",
                "HOST": os.environ["OSCAR_HOST"],
                "CONN_MAX_AGE": 60,
            }
        },
        INSTALLED_APPS=[
            *("django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes"),
            *("django.contrib.sessions", "django.contrib.messages", "django.contrib.staticfiles"),
            *("django.contrib.sites", "django.contrib.flatpages"),
            *("oscar.config.Shop", "oscar.apps.analytics.apps.AnalyticsConfig"),
            *("oscar.apps.checkout.apps.CheckoutConfig", "oscar.apps.address.apps.AddressConfig"),
            *("oscar.apps.shipping.apps.ShippingConfig", "oscar.apps.catalogue.apps.CatalogueConfig"),
            *(
                "oscar.apps.catalogue.reviews.apps.CatalogueReviewsConfig",
                "oscar.apps.communication.apps.CommunicationConfig",
            ),
            *("oscar.apps.partner.apps.PartnerConfig", "oscar.apps.basket.apps.BasketConfig"),
            *("oscar.apps.payment.apps.PaymentConfig", "oscar.apps.offer.apps.OfferConfig"),
            *("oscar.apps.order.apps.OrderConfig", "oscar.apps.customer.apps.CustomerConfig"),
            *("oscar.apps.search.apps.SearchConfig", "oscar.apps.voucher.apps.VoucherConfig"),
            *("oscar.apps.wishlists.apps.WishlistsConfig", "oscar.apps.dashboard.apps.DashboardConfig"),
            *("oscar.apps.dashboard.reports.apps.ReportsDashboardConfig",),
            *("oscar.apps.dashboard.users.apps.UsersDashboardConfig",),
            *("oscar.apps.dashboard.orders.apps.OrdersDashboardConfig",),
            *("oscar.apps.dashboard.catalogue.apps.CatalogueDashboardConfig",),
            *("oscar.apps.dashboard.offers.apps.OffersDashboardConfig",),
            *("oscar.apps.dashboard.partners.apps.PartnersDashboardConfig",),
            *("oscar.apps.dashboard.pages.apps.PagesDashboardConfig",),
            *("oscar.apps.dashboard.ranges.apps.RangesDashboardConfig",),
            *("oscar.apps.dashboard.reviews.apps.ReviewsDashboardConfig",),
            *("oscar.apps.dashboard.vouchers.apps.VouchersDashboardConfig",),
            *("oscar.apps.dashboard.communications.apps.CommunicationsDashboardConfig",),
            *("oscar.apps.dashboard.shipping.apps.ShippingDashboardConfig",),
            *("widget_tweaks", "haystack", "treebeard", "sorl.thumbnail", "django_tables2"),
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.contrib.flatpages.middleware.FlatpageFallbackMiddleware",
            "oscar.apps.basket.middleware.BasketMiddleware",
        ],
        AUTHENTICATION_BACKENDS=["oscar.apps.customer.auth_backends.EmailBackend"],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.template.context_processors.i18n",
                        "django.contrib.messages.context_processors.messages",
                        "oscar.apps.search.context_processors.search_form",
                        "oscar.apps.checkout.context_processors.checkout",
                        "oscar.apps.communication.notifications.context_processors.notifications",
                        "oscar.core.context_processors.metadata",
                    ]
                },
            }
        ],
        HAYSTACK_CONNECTIONS={
            "default": {"ENGINE": "haystack.backends.whoosh_backend.WhooshEngine", "PATH": str(_FOLDER / "whoosh")}
        },
    )
    django.setup()


_configure()

from django.apps import apps  # noqa: E402 # after the settings
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import include, path  # noqa: E402

urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include(apps.get_app_config("oscar").urls[0])),
]
application = get_wsgi_application()


def load(count: int) -> None:
    """Load products with titles that can be searched, each in one category and in stock."""
    from django.core.management import call_command
    from oscar.core.loading import get_model

    call_command("migrate", verbosity=0)
    product_class = get_model("catalogue", "ProductClass").objects.create(name="Book", track_stock=False)
    category = get_model("catalogue", "Category")
    categories = [category.add_root(name=f"Subject {number}") for number in range(_CATEGORIES)]
    partner = get_model("partner", "Partner").objects.create(name="Bench")
    product, record = get_model("catalogue", "Product"), get_model("partner", "StockRecord")
    in_category = get_model("catalogue", "ProductCategory")
    words = ("lighthouse", "garden", "winter", "bridge", "letter", "island", "archive", "river", "piano", "comet")
    for numbers in batched(range(count), 1000):
        rows = product.objects.bulk_create(
            product(
                structure="standalone",
                is_public=True,
                upc=str(number),
                title=f"The {words[number % 10]} of {words[number // 10 % 10]} {number}",
                slug=f"book-{number}",
                description="Patiently told. " * 12,
                product_class=product_class,
            )
            for number in numbers
        )
        in_category.objects.bulk_create(
            in_category(product=row, category=categories[row.pk % _CATEGORIES]) for row in rows
        )
        record.objects.bulk_create(
            record(product=row, partner=partner, partner_sku=row.upc, price_currency="GBP", price=4, num_in_stock=99)
            for row in rows
        )
    call_command("rebuild_index", interactive=False, verbosity=0)


if __name__ == "__main__":
    load(int(sys.argv[1]))
