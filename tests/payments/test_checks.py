from __future__ import annotations

import pytest

from payments.checks import provider_is_configured


@pytest.fixture
def live(settings):
    settings.PAYMENTS_SANDBOX = False
    settings.STRIPE_SECRET_KEY = "sk_live_x"
    settings.STRIPE_WEBHOOK_SECRET = settings.STRIPE_CONNECT_WEBHOOK_SECRET = f"whsec_{'a1' * 16}"
    settings.STRIPE_THIN_WEBHOOK_SECRET = f"whsec_{'b2' * 16}"
    return settings


class TestProviderIsConfigured:
    def test_sandbox_needs_nothing(self, settings):
        assert provider_is_configured(None) == []

    def test_live_with_everything(self, live):
        assert provider_is_configured(None) == []

    def test_names_missing_secrets(self, live):
        live.STRIPE_THIN_WEBHOOK_SECRET = ""
        (problem,) = provider_is_configured(None)
        assert (problem.id, "thin" in problem.msg) == ("payments.E001", True)

    def test_warns_of_a_test_key(self, live):
        live.STRIPE_SECRET_KEY = "rk_test_x"
        assert [problem.id for problem in provider_is_configured(None)] == ["payments.W001"]

    @pytest.mark.parametrize("secret", ["whsec_x", "whsec_embedded_sandbox", "no-such-word", f"sk_live_{'a1' * 16}"])
    def test_refuses_what_stripe_never_makes(self, live, secret: str):
        live.STRIPE_CONNECT_WEBHOOK_SECRET = f"whsec_{'a1' * 16},{secret}"
        (problem,) = provider_is_configured(None)
        assert (problem.id, "connect" in problem.msg) == ("payments.E002", True)
        assert secret not in problem.msg
