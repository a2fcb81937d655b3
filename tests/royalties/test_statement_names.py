"""A payee's name on a statement's PDF: the letters on the page, in whatever script."""

from __future__ import annotations

import pytest

from royalties.exports.statements_pdf import statement_pdf
from royalties.models import Statement
from tests.royalties import closing
from tests.royalties.factories import edition, recorded_sale, user
from tests.royalties.varied import CLOSE_NOVEMBER, NOVEMBER
from tests.support import drawn

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("script", drawn.NAMES)
def test_is_drawn_in_its_letters(script):
    recorded_sale(of=edition(user(drawn.NAMES[script], is_author=True)))
    closing.close(period=NOVEMBER, at=CLOSE_NOVEMBER)
    content = statement_pdf(Statement.objects.get())
    drawn.assert_drawn(drawn.in_pdf(content, drawn.NAMES[script]), script, "source-sans-3-400")
