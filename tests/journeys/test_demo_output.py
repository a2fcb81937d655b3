"""What a newcomer sees of `script/demo`: steps, an address and log-ins; log lines are in the file that it names."""

from __future__ import annotations

from pathlib import Path

from storefront.reading.dictionaries.building import WORDNET_DIR
from tests.journeys.conftest import Product


def test_a_newcomer_sees_steps_and_no_log_lines(product: Product) -> None:
    shown = product.log.read_text()
    assert "The shop is running at" in shown
    assert ("The reader has a dictionary" in shown) == (WORDNET_DIR / "data.noun").exists()
    assert "author@example.org" in shown
    assert [word for word in ("WARNING", "ERROR", "INFO", "celery", "Traceback") if word in shown] == []
    named = Path(shown.partition("  Log     ")[2].split()[0])
    assert named == product.processes_log
    assert named.is_file()
