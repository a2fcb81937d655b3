"""The shop of the bench: its settings, its catalogue, and people with accounts."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config import env

PASSWORD = "a lamp in the harbour"
# A worker for each queue, as octavo.target has them.
WORKERS = {
    f"worker-{queue}": queue for queue in ("money", "mail", "default", "nightly", "conversion", "conversion-large")
}
_LISTS = (
    *("/books/", "/books/?sort=rating", "/books/?sort=bestselling", "/books/?language=de", "/books/?subject=F"),
    *("/books/?subject=FM", "/books/?price=free", "/books/?subject=N&language=en", "/bundles/", "/shelves/"),
)


@dataclass(frozen=True)
class Account:
    email: str
    session: dict[str, str]


def production(folder: Path, health_port: int) -> Mapping[str, str]:
    """Return production settings, with payments in the sandbox. All limits of attempts hold."""
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "SECRET_KEY": "bench",
        "VAULT_KEYS": env.key_from("bench"),
        "SITE_URL": "https://localhost",
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "SOURCE_URL": "https://code.example/octavo",
        "ALLOW_SANDBOX_PAYMENTS": "yes",
        "TRUSTED_PROXIES": "1",
        "DOWNLOAD_BACKEND": "accel",
        "CACHE_URL": f"unix://{folder}/broker.sock?db=1",
        "CONVERSION_REQUIRE_SANDBOX": "no",
        "HEALTH_PORT": str(health_port),
    }


def certificate(folder: Path) -> Path:
    """Make a certificate for TLS in the folder."""
    folder.mkdir()
    key, chain = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-days", "2", "-subj", "/CN=localhost", "-keyout", str(key), "-out", str(chain)),
        ],
        check=True,
        capture_output=True,
    )
    return folder


def fill(books: int) -> None:
    """Put books on sale. Their files are those of a dozen manuscripts that are really converted."""
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("generate_catalogue", books=books, force=True, processes=1, verbosity=0)


def offers() -> tuple[list[tuple[str, str]], list[str], list[str]]:
    """Return books on sale with a sample, words to search for, and lists."""
    from storefront.catalogue.models import Listing

    listings = Listing.objects.on_sale().filter(is_adult=False).order_by("-sales_count", "-id")
    found = list(listings.values_list("slug", "details", "title", "byline"))
    dice = random.Random(24)
    words = [dice.choice((title, byline.partition(",")[0])) for _slug, _details, title, byline in found]
    dice.shuffle(words)
    return [(slug, details.edition) for slug, details, _title, _byline in found], words, list(_LISTS)


def accounts(count: int) -> list[Account]:
    """Make people with confirmed addresses and a password, each logged in once."""
    from allauth.account.models import EmailAddress
    from django.conf import settings
    from django.contrib.auth.hashers import make_password
    from django.test import Client

    from tests.factories.accounts import make_reader

    password, name, made = make_password(PASSWORD), settings.SESSION_COOKIE_NAME, []
    for number in range(count):
        reader = make_reader(email=f"reader{number}@example.org", password=password)
        EmailAddress.objects.create(user=reader, email=reader.email, verified=True, primary=True)
        client = Client()
        client.force_login(reader)
        made.append(Account(reader.email, {name: client.cookies[name].value}))
    return made
