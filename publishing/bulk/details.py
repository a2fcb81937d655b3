"""The details of a work as its page would save them: the page's own form checks them."""

from __future__ import annotations

from dataclasses import asdict, fields

from publishing.bulk.errors import PageInvalid
from publishing.forms import DetailsForm
from publishing.models import Work
from publishing.services import Details


def of_work(work: Work) -> Details:
    """Return the details that the work has."""
    values = {one.name: getattr(work, one.name) for one in fields(Details) if one.name != "series"}
    return Details(**values, series=work.series.title if work.series else "")


def checked(work: Work, wanted: Details) -> Details:
    """Return the details as the form cleans them. Raises PageInvalid with the first thing that it refuses."""
    form = DetailsForm(asdict(wanted), initial=asdict(of_work(work)))
    if form.is_valid():
        return Details(**form.cleaned_data)
    name, problems = next(iter(form.errors.items()))
    label = str(form.fields[name].label) if name in form.fields else ""
    raise PageInvalid(field=label, problem=problems[0])
