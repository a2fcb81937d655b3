"""The mail about a failed conversion leads to what the manuscript was to become."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from conversion import services as conversion_services
from conversion.models import JobState
from tests.factories.conversion import make_job
from tests.factories.publishing import make_edition

pytestmark = pytest.mark.django_db

FAILED = {"state": JobState.FAILED, "failure_code": "job.crashed", "failure_facts": {"attempts": 3}}


class TestMailFailure:
    def test_leads_to_the_work(self, mailoutbox: list[EmailMultiAlternatives]) -> None:
        edition = make_edition(job=make_job(**FAILED))
        assert conversion_services.mail_failure(job_id=edition.job_id)
        (mail,) = mailoutbox
        page = f"{settings.SITE_URL}/desk/works/{edition.work.public_id}/proof/"
        assert page in mail.body
        assert f'href="{page}"' in str(mail.alternatives[0].content)

    def test_leads_to_the_designs_that_failed(self, mailoutbox: list[EmailMultiAlternatives]) -> None:
        edition = make_edition()
        edition.work.preview_job = make_job(**FAILED)
        edition.work.save()
        assert conversion_services.mail_failure(job_id=edition.work.preview_job.pk)
        assert f"/desk/works/{edition.work.public_id}/design/" in mailoutbox[0].body

    def test_of_a_job_without_a_work_leads_nowhere(self, mailoutbox: list[EmailMultiAlternatives]) -> None:
        assert conversion_services.mail_failure(job_id=make_job(**FAILED).pk)
        assert "http" not in mailoutbox[0].body
