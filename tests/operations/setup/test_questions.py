from __future__ import annotations

import pytest
from cryptography.fernet import Fernet

from operations.setup import questions
from operations.setup.questions import Incomplete

GIVEN = {
    "DOMAIN": "books.example",
    "SELLER_NAME": "Example Books",
    "SELLER_ADDRESS": "1 Example Street|10115 Berlin",
    "SELLER_EMAIL": "books@books.example",
    "SOURCE_URL": "https://code.example/octavo",
    "SMTP_HOST": "mail.example",
}
STRIPE = {
    "STRIPE_SECRET_KEY": "sk_live_1",
    **{f"STRIPE_{kind}WEBHOOK_SECRET": "whsec_1" for kind in ("", "CONNECT_", "THIN_")},
}


def answered(given: dict[str, str], known: dict[str, str] | None = None) -> dict[str, str]:
    return questions.answers(given, known or {}, may_ask=False)


class TestAnswers:
    def test_takes_what_is_given_and_its_own_defaults(self) -> None:
        found = answered(GIVEN)
        assert (found["SMTP_PORT"], found["SMTP_TLS"], found["STRIPE_SECRET_KEY"]) == ("587", "yes", "")

    def test_what_is_given_wins_over_the_last_time(self) -> None:
        known = {**GIVEN, "SMTP_HOST": "old.example", "SMTP_PORT": "25"}
        found = answered({"SMTP_HOST": "new.example"}, known)
        assert (found["SMTP_HOST"], found["SMTP_PORT"]) == ("new.example", "25")

    def test_names_everything_that_is_missing_at_once(self) -> None:
        with pytest.raises(Incomplete) as refused:
            answered({})
        assert [line.split()[0] for line in str(refused.value).splitlines()] == list(GIVEN)

    @pytest.mark.parametrize(
        ("name", "value", "instead"),
        [
            ("DOMAIN", "https://books.example", "a name such as"),
            ("DOMAIN", "localhost", "a name such as"),
            ("DOMAIN", "books.example; rm -rf /", "a name such as"),
            ("SELLER_EMAIL", "books", "an email address"),
            ("SELLER_NAME", "O'Brien\\", "without quotes"),
            ("SELLER_NAME", "", "set"),
            ("SOURCE_URL", "code.example", "the address of a page"),
            ("SMTP_PORT", "65536", "a number between"),
            ("SMTP_TLS", "maybe", "yes or no"),
        ],
    )
    def test_refuses_what_cannot_be(self, name: str, value: str, instead: str) -> None:
        with pytest.raises(Incomplete, match=f"{name} has to be {instead}"):
            answered({**GIVEN, name: value})

    def test_real_payments_need_all_signing_secrets(self) -> None:
        with pytest.raises(Incomplete) as refused:
            answered({**GIVEN, "STRIPE_SECRET_KEY": "sk_live_1"})
        assert {line.split()[0] for line in str(refused.value).splitlines()} == STRIPE.keys() - {"STRIPE_SECRET_KEY"}
        assert answered({**GIVEN, **STRIPE})["STRIPE_THIN_WEBHOOK_SECRET"] == "whsec_1"

    def test_asks_again_until_it_can_use_the_answer(self, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
        typed = iter(["nonsense", "", "books.example"])
        monkeypatch.setattr("builtins.input", lambda _: next(typed))
        question = questions.QUESTIONS[0]
        assert questions._ask(question) == "books.example"
        assert capsys.readouterr().out.count("This has to be") == 2

    @pytest.mark.parametrize(("user", "asked"), [("", False), ("books", True)])
    def test_asks_for_a_password_only_where_there_is_a_user(
        self, monkeypatch: pytest.MonkeyPatch, user: str, asked: bool
    ) -> None:
        hidden: list[str] = []
        monkeypatch.setattr("builtins.input", lambda _: "")
        monkeypatch.setattr(questions, "getpass", lambda prompt: hidden.append(prompt) or "secret")
        given = {**GIVEN, "SMTP_USER": user, "STRIPE_SECRET_KEY": ""}
        found = questions.answers(given, {}, may_ask=True)
        assert (bool(hidden), found["SMTP_PASSWORD"]) == ((True, "secret") if asked else (False, ""))


class TestSettings:
    def test_hold_all_that_production_needs(self) -> None:
        made = {"DATABASE_URL": "postgres://octavo_app@127.0.0.1/octavo", "BROKER_URL": "redis://127.0.0.1/0"}
        found = questions.settings_from(answered(GIVEN), {}, made)
        assert found["SITE_URL"] == "https://books.example"
        assert found["MAIL_FROM"] == "Example Books <books@books.example>"
        assert found["ALLOW_SANDBOX_PAYMENTS"] == "yes"
        assert len(found["SECRET_KEY"]) > 50
        assert Fernet(found["VAULT_KEYS"])
        assert "" not in found.values()

    def test_keys_are_made_once_and_differ_between_shops(self) -> None:
        first = questions.settings_from(answered(GIVEN), {}, {})
        again = questions.settings_from(answered(GIVEN, first), first, {})
        other = questions.settings_from(answered(GIVEN), {}, {})
        assert again == first
        assert not {first["SECRET_KEY"], first["VAULT_KEYS"]} & set(other.values())

    def test_what_somebody_added_stays(self) -> None:
        first = questions.settings_from(answered(GIVEN), {}, {})
        known = {**first, "BANK_IBAN": "DE89370400440532013000"}
        assert questions.settings_from(answered(GIVEN, known), known, {})["BANK_IBAN"] == "DE89370400440532013000"

    def test_real_payments_end_the_simulation(self) -> None:
        first = questions.settings_from(answered(GIVEN), {}, {})
        found = questions.settings_from(answered({**GIVEN, **STRIPE}, first), first, {})
        assert "ALLOW_SANDBOX_PAYMENTS" not in found
