"""Who may show chapters in progress, and read them.

| | shows and stops | reads |
|---|---|---|
| owner, co-author who may publish | yes | yes |
| other contributors, collaborators, people hired for the work | | yes |
| everybody else | | yes, while they are public |
"""

from __future__ import annotations

from accounts.permissions import Visitor
from publishing import permissions as publishing_permissions
from publishing.models import Work
from storefront.in_progress.models import Showing


def require_show(user: Visitor, work: Work) -> None:
    """Require permission to show chapters of the work. Raises NotFound, NotAllowed."""
    publishing_permissions.require_release(user, work)


def may_report(user: Visitor, public_id: str) -> bool:
    """Whether the visitor may report the chapters: anybody, while the chapters are public."""
    return Showing.objects.public().filter(public_id=public_id).exists()
