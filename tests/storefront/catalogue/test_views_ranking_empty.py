"""The ranking's pages before there is anything to rank."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_explain_themselves_in_an_empty_shop(client: Client) -> None:
    assert b"three places" in client.get("/ranking/").content


def test_have_no_file_before_the_first_ranking(client: Client) -> None:
    assert client.get("/ranking/inputs.json").status_code == 404
