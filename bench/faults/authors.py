"""An author who uploads manuscripts over HTTP, whole, broken off, or again."""

from __future__ import annotations

import http.client
import re
import time
from dataclasses import dataclass, field

from bench.faults.buyers import Answer, Visitor, logged_in
from bench.faults.shop import Failed

_FIELD = re.compile(r'name="(csrfmiddlewaretoken|form_token)" value="([^"]*)"')
_PAGE = "/desk/works/new/"
_BOUNDARY = "octavo-bench"
_PATIENCE_S = 120


@dataclass
class Author:
    """Somebody with the page for a new work open."""

    port: int
    visitor: Visitor = field(init=False)
    fields: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        from tests.factories.accounts import make_author

        self.person = make_author()
        self.visitor = logged_in(self.person, self.port)
        self.fields = dict(_FIELD.findall(self.visitor.ask(_PAGE).text))
        if set(self.fields) != {"csrfmiddlewaretoken", "form_token"}:
            raise Failed(f"the page for a new work has no form: {self.fields}")

    def upload(self, content: bytes, *, share: float = 1.0) -> Answer:
        """Send the form with the manuscript, or leave after a share of it."""
        body = self._body(content)
        line = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=_PATIENCE_S, source_address=(self.visitor.address, 0)
        )
        began = time.monotonic()
        try:
            line.putrequest("POST", _PAGE, skip_host=True)
            for name, value in self._headers(len(body)).items():
                line.putheader(name, value)
            line.endheaders()
            line.send(body[: int(len(body) * share)])
            if share < 1:
                return Answer(0)
            response = line.getresponse()
            text = response.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            return Answer(0, seconds=time.monotonic() - began)
        finally:
            line.close()
        return Answer(response.status, text, response.headers.get("Location", ""), seconds=time.monotonic() - began)

    def upload_until_taken(self, content: bytes) -> int:
        """Send the same form until it is answered with the work's page. Return how often it was sent."""
        deadline, count = time.monotonic() + _PATIENCE_S, 0
        while time.monotonic() < deadline:
            count += 1
            if self.upload(content).status == 302:
                return count
            time.sleep(0.5)
        raise Failed("the manuscript was never taken")

    def works(self) -> int:
        from publishing.models import Work

        return Work.objects.filter(owner=self.person).count()

    def _headers(self, length: int) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.visitor.cookies.items())
        return {
            "Host": "localhost",
            "Cookie": cookies,
            "Origin": "http://localhost",
            "Sec-Fetch-Site": "same-origin",
            "Content-Type": f"multipart/form-data; boundary={_BOUNDARY}",
            "Content-Length": str(length),
        }

    def _body(self, content: bytes) -> bytes:
        parts = [
            f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in self.fields.items()
        ]
        head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="manuscript"; filename="book.md"\r\n'
        return b"".join([*parts, f"{head}\r\n".encode(), content, f"\r\n--{_BOUNDARY}--\r\n".encode()])
