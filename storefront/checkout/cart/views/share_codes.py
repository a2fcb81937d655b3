"""The share link that led a visitor to a book."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.http import QueryDict

from accounts.requests import VisitorRequest

_CODE = re.compile(r"[a-z0-9]{1,12}")


def share_code_of(request: VisitorRequest) -> str:
    """Return the code of the share link that led to the book's page: the form has it with JavaScript, and otherwise
    the page's address. Pages of a cache are the same whatever led to them, so they cannot say it in the form."""
    sent = request.POST.get("via") or request.GET.get("via")
    told = sent or QueryDict(urlsplit(request.headers.get("Referer", "")).query).get("via", "")
    return told if _CODE.fullmatch(told) else ""
