"""Which refusals a repair may answer, and which findings tell of a change. Data, for both sides of the sandbox."""

from __future__ import annotations

from collections.abc import Mapping

# Refusals that a rebuilt container may answer. Protection, bombs, entity tricks and foreign formats are none of them.
MENDABLE = frozenset(
    {
        "source.zip-damaged",
        "source.zip-header-mismatch",
        "source.zip-duplicate",
        "source.zip-overlap",
        "source.zip-traversal",
        "source.zip-link",
        "source.zip-method",
        "source.part-missing",
        "source.xml-malformed",
        "source.type-mismatch",
        "source.not-a-manuscript",
    }
)
# Of these only where the file looks like a damaged book: the gate says so by the fact `damaged`.
_MENDABLE_IF_DAMAGED = frozenset({"source.type-mismatch", "source.not-a-manuscript"})
# Refusals of a rebuilt container that say less than the first one did.
HOPELESS = MENDABLE | {"source.no-text"}
# What readers say when they went on without something: changes too, whoever asked for a repair.
CHANGES = frozenset(
    {
        "source.markup-repaired",
        "source.link-dead",
        "source.link-dropped",
        "source.image-missing",
        "source.image-remote",
        "source.part-absent",
        "source.spine-repeated",
        "source.note-missing",
        "source.nesting-flattened",
        "source.encoding-damaged",
        "source.controls-dropped",
        "source.active-dropped",
        "source.embedded-dropped",
        "image.unusable",
    }
)


def may_mend(code: str, facts: Mapping[str, str | int]) -> bool:
    """Whether a repair may answer this refusal: there is damage, and not only the wrong file."""
    return code in MENDABLE and (code not in _MENDABLE_IF_DAMAGED or bool(facts.get("damaged")))
