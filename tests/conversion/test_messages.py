"""Every code has sentences, and every sentence gets its facts."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest

from conversion import messages

CONVERSION = Path(messages.__file__).parent
_CODE = re.compile(
    r"(?:source|metadata|cover|image|structure|text|table|link|note|epub|kindle|repaired|pdf|web|layout|language|math|font|page|engine|"
    r"child|sandbox|platform|job|conversion)\.[a-z][a-z_-]*(?:\.[a-z-]+)?"
)
# Dotted words that are not codes of findings or failures: tasks, modules, log events.
_OTHER = {
    "conversion.clear_scratch",
    "conversion.run",
    "conversion.run_large",
    "conversion.retry_stuck",
    "conversion.trim_caches",
    "conversion.mail_failure",
    "conversion.incomplete",
    "conversion.engine",
    "conversion.engine.pdf",
    "sandbox.incomplete",
}
_FILES = (".css", ".jpg", ".json", ".zip")
# Codes of DomainErrors, which carry their own sentence.
_WITH_OWN_SENTENCE = CONVERSION / "errors.py"


def _codes_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    constants = {
        node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    codes = {text for text in constants if _CODE.fullmatch(text) and not text.endswith(_FILES)}
    return codes - _OTHER - _logged_in(tree)


def _logged_in(tree: ast.Module) -> set[str]:
    """The names of events that a module logs."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute))
    logging = (call for call in calls if isinstance(call.func.value, ast.Name) and call.func.value.id == "logger")
    return {arg.value for call in logging for arg in call.args[:2] if isinstance(arg, ast.Constant)}


def _emitted() -> dict[str, str]:
    found = {}
    for path in sorted(CONVERSION.rglob("*.py")):
        if "migrations" not in path.parts and not path.name.startswith("messages") and path != _WITH_OWN_SENTENCE:
            found |= dict.fromkeys(_codes_in(path), path.name)
    return found


class TestEveryCode:
    def test_scan_sees_codes_of_each_layer(self) -> None:
        emitted = _emitted()
        assert {"source.empty", "image.too-large", "text.tabs", "epub.words-lost", "child.crashed"} <= set(emitted)

    @pytest.mark.parametrize(("code", "where"), sorted(_emitted().items()))
    def test_has_sentences(self, code: str, where: str) -> None:
        assert code in messages.MESSAGES, f"{where} emits {code}, which conversion/messages.py does not explain"

    @pytest.mark.parametrize("code", sorted(messages.MESSAGES))
    def test_says_what_and_what_to_do(self, code: str) -> None:
        for sentence in messages.MESSAGES[code]:
            assert sentence.endswith((".", "?")), sentence
            assert "/" not in re.sub("and/or|https://|script/bootstrap", "", sentence), "no paths"


class TestExplain:
    def test_fills_in_facts(self) -> None:
        message = messages.explain("cover.small", {"width": 300, "height": 480})
        assert message.title == "The cover is small (300 × 480 pixels) and will look blurred."

    def test_a_missing_fact_is_no_error(self) -> None:
        assert messages.explain("pdf.not-made", {}).title == "The PDF for ? could not be made."

    def test_facts_are_not_templates(self) -> None:
        message = messages.explain("image.unusable", {"name": "{0.__class__} {code}"})
        assert "{0.__class__} {code}" in message.title

    def test_an_unknown_code_is_a_plain_failure(self) -> None:
        assert messages.explain("no.such-code", {}) == messages.explain("conversion.failed", {})

    @pytest.mark.parametrize("code", sorted(messages.MESSAGES))
    def test_fields_are_plain_names(self, code: str) -> None:
        for sentence in messages.MESSAGES[code]:
            fields = [
                field for _, field, spec, _ in string.Formatter().parse(sentence) if field is not None and not spec
            ]
            assert all(field.isidentifier() for field in fields)
