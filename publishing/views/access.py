"""How every page of a work begins: the work by its public id, for somebody who may."""

from __future__ import annotations

from collections.abc import Callable

from accounts.permissions import Visitor
from common import clock
from common.errors import NotFound
from publishing import selectors
from publishing import services as publishing_services
from publishing.models import Edition, Work

type Requirement = Callable[[Visitor, Work], None]


def load_work(user: Visitor, public_id: str, require: Requirement) -> Work:
    """The work, its details filled from a conversion that has ended meanwhile. Raises NotFound, NotAllowed."""
    work = selectors.work_by_public_id(public_id)
    require(user, work)
    publishing_services.adopt_result(work=work, at=clock.now())
    return work


def load_edition(user: Visitor, public_id: str, require: Requirement) -> Edition:
    """The work's edition in preparation, else its newest. Raises NotFound, NotAllowed."""
    work = load_work(user, public_id, require)
    edition = selectors.newest_of(work)
    if edition is None:
        raise NotFound
    edition.work = work
    return edition
