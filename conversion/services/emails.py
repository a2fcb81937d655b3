"""The email that tells an author why no book could be made. Sent once, triggered by `jobs.retry_stuck`."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import regions
from common import clock
from common.emails import send
from conversion import hooks, selectors
from conversion.models import ConversionJob, JobState


@transaction.atomic
def mail_failure(*, job_id: int) -> bool:
    """Email the person who requested the job that it failed and what to do. Return whether it was sent now."""
    # The lock keeps two workers from sending it twice; the flag only commits after the mail server took it.
    job = ConversionJob.objects.select_for_update(of=("self",)).select_related("requested_by").get(pk=job_id)
    if job.state != JobState.FAILED or job.is_quiet or job.failure_mailed_at is not None:
        return False
    with regions.active(job.requested_by.region):
        message = selectors.failure_of(job)
        context = {"job": job, "message": message, "page": hooks.page_of(job)}
        if job.options.is_picture:
            send("picture_failed", _("Your picture could not be used"), job.requested_by.email, context)
        elif job.completes_id is None:
            send("conversion_failed", _("Your manuscript could not be converted"), job.requested_by.email, context)
        else:
            send("later_files_failed", _("The PDFs of your book could not be made"), job.requested_by.email, context)
    job.failure_mailed_at = clock.now()
    job.save(update_fields=["failure_mailed_at"])
    return True
