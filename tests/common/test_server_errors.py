"""Errors that are ours: 503 while database or bucket are away, 500 with a number to quote otherwise."""

from __future__ import annotations

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)
from django.db import InterfaceError, InternalError, OperationalError, connection, transaction
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation
from structlog.testing import capture_logs

from common import views
from common.database_errors import is_database_away

PAGE = "/healthz"


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


def failing(error: Exception):
    def fail() -> None:
        raise error

    return fail


BUCKET = "http://bucket.example"


def answered(status: int) -> ClientError:
    return ClientError({"Error": {"Code": "x"}, "ResponseMetadata": {"HTTPStatusCode": status}}, "PutObject")


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("server closed"),
        InterfaceError("connection already closed"),
        ReadTimeoutError(endpoint_url=BUCKET),
        ConnectTimeoutError(endpoint_url=BUCKET),
        EndpointConnectionError(endpoint_url=BUCKET),
        ConnectionClosedError(endpoint_url=BUCKET),
        answered(503),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_database_or_bucket_that_is_away_asks_to_come_again(visitor, monkeypatch, error):
    monkeypatch.setattr(views.connection, "cursor", failing(error))
    with capture_logs() as lines:
        response = visitor.get(PAGE)
    assert (response.status_code, response["Retry-After"], response["Cache-Control"]) == (503, "10", "no-store")
    assert "Nothing is lost" in response.text
    assert [line["code"] for line in lines if line["event"] == "request_failed"] == [503]


@pytest.mark.parametrize("error", [ValueError("a fault of ours"), answered(403), NoCredentialsError()])
def test_any_other_error_has_a_number_to_quote(visitor, monkeypatch, error):
    monkeypatch.setattr(views.connection, "cursor", failing(error))
    with capture_logs() as lines:
        response = visitor.get(PAGE)
    assert (response.status_code, response["Cache-Control"]) == (500, "no-store")
    assert str(error) not in response.text
    (line,) = [line for line in lines if line["event"] == "request_failed"]
    assert (line["request"], line["code"]) == ("GET /healthz", 500)
    assert f"<code>{response['X-Request-ID']}</code>" in response.text
    assert "Retry-After" not in response


@pytest.mark.parametrize(("page", "heading"), [("503", "Gleich wieder da"), ("500", "Bei uns ging etwas schief")])
def test_is_told_in_the_readers_language(page, heading):
    with translation.override("de"):
        text = render_to_string(f"errors/{page}.html")
    assert f"<h1>{heading}</h1>" in text
    assert '<html lang="de"' in text


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL has replicas")
def test_a_replica_that_was_not_promoted_is_a_database_that_is_away():
    def write() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY; CREATE TABLE written (n int)")

    with pytest.raises(InternalError) as refused, transaction.atomic():
        write()
    assert is_database_away(refused.value)
    assert not is_database_away(InternalError("something else"))
