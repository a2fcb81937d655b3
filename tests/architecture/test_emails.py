"""Every mail is a text and a page of the shop's look, and its first link leads to what it is about."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.test_code import _tracked

ROOT = Path(__file__).resolve().parents[2]
MAILS = ROOT / "templates" / "emails"
_FRAMES = {"base", "account_notice"}
_ON_OUR_SITE = r"\{\{ SITE_URL \}\}(?:\{% url [^%]*%\}(?:#[\w-]*\{\{ [\w.]+ \}\})?|\{\{ \w+ \}\})"
_LINK = re.compile(_ON_OUR_SITE + r"|\{\{ (?:\w+_url|link|page|book|library|links\.\w+) \}\}")

# What each mail is about, by the first address in it.
ORDER = "{{ links.order }}"
ACCOUNT = "{{ SITE_URL }}{% url 'account' %}"
ADDRESSES = "{{ SITE_URL }}{% url 'account_email' %}"
SECOND_FACTOR = "{{ SITE_URL }}{% url 'mfa_index' %}"
PAYOUT_ACCOUNT = "{{ SITE_URL }}{% url 'earnings-account' %}"
TAX_FORMS = "{{ SITE_URL }}{% url 'earnings-tax' %}"
SENDING = "{{ SITE_URL }}{% url 'sending:devices' %}"
CASE = "{{ SITE_URL }}{% url 'community:review-case' case.public_id %}"
LEADS_TO = {
    "account/account_already_exists": "{{ SITE_URL }}{% url 'account_login' %}",
    "account/email_added": ADDRESSES,
    "account/email_changed": ADDRESSES,
    "account/email_confirm": ADDRESSES,
    "account/email_confirmation": "",
    "account/email_confirmation_signup": "",
    "account/email_deleted": ADDRESSES,
    "account/login_code": "",  # the code is typed where it was asked for
    "account/password_changed": ACCOUNT,
    "account/password_reset": ACCOUNT,
    "account/password_reset_code": "",
    "account/password_reset_key": "{{ password_reset_url }}",
    "account/password_set": ACCOUNT,
    "account/unknown_account": "{{ SITE_URL }}{% url 'account_signup' %}",
    "account_deletion": "{{ link }}",
    "account_deletion_waits": "{{ link }}",
    "account_erased": "{{ SITE_URL }}{% url 'privacy' %}",
    "case_stopped": CASE,
    "advance_copy_decision": "{{ SITE_URL }}{% url 'advance_copies:mine' %}",
    "advance_copy_invitation": "{{ link }}",
    "advance_copy_reminder": "{{ SITE_URL }}{% url 'advance_copies:mine' %}",
    "sending_book": SENDING,
    "sending_code": "",  # an e-reader opens it, which is away from any log-in
    "sending_link": "{{ link }}",
    "sending_refused": SENDING,
    "app_password_made": "{{ SITE_URL }}{% url 'devices:app-passwords' %}",
    "claim_on_book": "{{ link }}",
    "claim_received": "{{ link }}",
    "claim_step": "{{ link }}",
    "claims_conduct": "{{ link }}",
    "collaboration_invited": "{{ SITE_URL }}{{ link }}",
    "contact_answer": "{{ page }}",
    "contact_request": "{{ SITE_URL }}{% url 'helpdesk-request' asked.public_id %}",
    "contract_news": "{{ SITE_URL }}{% url 'contracts:contract' contract.public_id %}",
    "contract_review_asked": "{{ SITE_URL }}{% url 'hiring-reviews:review' contract.public_id %}",
    "contract_reviews_shown": "{{ SITE_URL }}{% url 'hiring-reviews:review' contract.public_id %}",
    "conversion_failed": "{{ SITE_URL }}{{ page }}",
    "credit_offered": "{{ SITE_URL }}{{ link }}",  # the credit, or the way to it for who has no account
    "data_copy": "{{ SITE_URL }}{% url 'your-data' %}",
    "dispute_lost": ORDER,
    "dispute_lost_unbought": ORDER,
    "due_process": "{{ SITE_URL }}{{ address }}",
    "draft_deleted": "{{ SITE_URL }}{% url 'desk' %}",  # the work is no longer there
    "edition_not_ready": "{{ SITE_URL }}{% url 'work-publish' work.public_id %}",
    "gift": "{{ link }}",
    "gift_ended": "{{ book }}",
    "goodwill_used_up": "{{ SITE_URL }}{% url 'office:refunds' %}",
    "guest_claimed": "{{ library }}",  # of all orders of the guest
    "guest_links": "{{ link }}",
    "market_reports_ended": "{{ SITE_URL }}{% url 'market-reports:overview' %}",
    "later_files_failed": "{{ SITE_URL }}{{ page }}",
    "mfa/recovery_codes_generated": SECOND_FACTOR,
    "mfa/totp_activated": SECOND_FACTOR,
    "mfa/totp_deactivated": SECOND_FACTOR,
    "mfa/webauthn_added": SECOND_FACTOR,
    "mfa/webauthn_removed": SECOND_FACTOR,
    "newsletter": "{{ SITE_URL }}{% url 'pages:book' work.slug %}",
    "new_books": "{{ SITE_URL }}{% url 'pages:book' work.slug %}",
    "new_edition": "{{ SITE_URL }}{% url 'pages:book-changes' work.slug %}",
    "payee_details_needed": "{{ SITE_URL }}{% url 'earnings-details' %}",
    "payout_account_changed": PAYOUT_ACCOUNT,
    "payout_failed": "{{ SITE_URL }}{% url 'finance-run' payout.run.public_id %}",
    "payout_trouble": PAYOUT_ACCOUNT,
    "picture_failed": "{{ SITE_URL }}{{ page }}",
    "preorder_called_off": ORDER,
    "preorder_late": ORDER,
    "preorder_moved": ORDER,
    "preorder_out": "{{ book }}",
    "proposal_declined": "{{ SITE_URL }}{% url 'requests:asked' invitation.public_id %}",
    "proposal_made": "{{ SITE_URL }}{% url 'requests:asked' invitation.public_id %}",
    "quarantined": ORDER,
    "receipt": ORDER,
    "refund": ORDER,
    "refund_declined": ORDER,
    "refund_failed": ORDER,
    "release_late": "{{ SITE_URL }}{% url 'work-publish' work.public_id %}",
    "remedy_decided": CASE,
    "report_decided": "{{ link }}",
    "report_received": "{{ link }}",
    "reported_case": CASE,
    "review_case": CASE,
    "review_reply": "{{ SITE_URL }}{% url 'community:review-page' review.public_id %}",
    "role": SECOND_FACTOR,
    "role_waits": "{{ SITE_URL }}{% url 'staff-roles' %}",
    "request_declined": "{{ SITE_URL }}{% url 'requests:request' request.public_id %}",
    "request_round": "{{ SITE_URL }}{% url 'requests:request' request.public_id %}",
    "service_requested": "{{ SITE_URL }}{% url 'requests:asked' invitation.public_id %}",
    "split_proposed": "{{ SITE_URL }}{% url 'split-consent' agreement.public_id %}",
    "tax_form_decided": TAX_FORMS,
    "tax_form_expiring": TAX_FORMS,
    "unread_messages": "{{ SITE_URL }}{% url 'conversations:conversation' row.conversation.public_id %}",
    "withdrawal": ORDER,
    "text_digest": "{{ suggestions_url }}",
    "wish_alert": "{{ SITE_URL }}{% url 'pages:book' work.slug %}",
}


def names(ending: str) -> set[str]:
    found = {str(path.relative_to(MAILS).with_suffix("")) for path in MAILS.rglob(f"*.{ending}")}
    return {name for name in found if not Path(name).name.startswith("_")} - _FRAMES


def first_link(name: str, ending: str) -> str:
    source = (MAILS / f"{name}.{ending}").read_text(encoding="utf-8")
    links = re.findall(r'href="([^"]*)"', source) if ending == "html" else _LINK.findall(source)
    return str(links[0]) if links else ""


def test_every_mail_is_a_text_and_a_page() -> None:
    assert names("html") == names("txt")
    for name in names("html"):
        source = (MAILS / f"{name}.html").read_text(encoding="utf-8")
        assert re.match(r'\{% extends "emails/(base|account_notice)\.html" %\}', source), name


def test_each_is_known_with_what_it_is_about() -> None:
    assert names("html") == set(LEADS_TO)


@pytest.mark.parametrize("name", sorted(LEADS_TO))
def test_its_first_link_leads_there(name: str) -> None:
    assert {first_link(name, "html"), first_link(name, "txt")} == {LEADS_TO[name]}


def test_nothing_in_a_mail_is_built_from_a_request() -> None:
    """Its Host header is whatever the sender wrote."""
    apps = (
        "accounts",
        "common",
        "conversion",
        "helpdesk",
        "hiring",
        "insight",
        "operations",
        "payments",
        "publishing",
        "royalties",
        "storefront",
    )
    paths = [path for app in apps for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]
    assert len(paths) > 400
    asking = re.compile(r"build_absolute_uri|get_current_site|HTTP_HOST")
    asked = [path.relative_to(ROOT).as_posix() for path in paths if asking.search(path.read_text(encoding="utf-8"))]
    assert asked == ["common/middleware.py"]  # which writes our own host there, for probes


def test_mails_are_sent_in_one_place() -> None:
    sending = re.compile(
        r"EmailMessage\(|EmailMultiAlternatives\(|send_mail\(|send_mass_mail|mail_admins|mail_managers"
    )
    paths = [path for path in _tracked("*.py") if path.relative_to(ROOT).parts[0] not in {"tests", "bench"}]
    found = {str(path.relative_to(ROOT)) for path in paths if sending.search(path.read_text(encoding="utf-8"))}
    # The doctor sends one to the operator who asks for it.
    assert found == {"common/emails.py", "common/tasks.py", "accounts/adapter.py", "operations/doctor/network.py"}
