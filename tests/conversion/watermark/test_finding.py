"""Marks found again in a file from anywhere: the right copy named, nobody else."""

from __future__ import annotations

import io
import random
import zipfile

import pytest

from conversion.engine.watermark import FoundMarks, Verdict, keys, marks_in, weigh
from conversion.engine.watermark.finding import CopyKey, Evidence
from conversion.engine.watermark.joiners import JOINER
from tests.conversion.watermark.stamped import TOKEN, copy_of, entries, key_of, novel, rewritten, zipped

OTHERS = [CopyKey(f"other-{n}", f"{n:064x}", f"ord_other{n}") for n in range(1, 40)]


def found_in(file: bytes) -> FoundMarks:
    return marks_in(io.BytesIO(file))


def weighed(file: bytes) -> list[Evidence]:
    return weigh(found_in(file), [*OTHERS, key_of(novel()), *OTHERS])


class TestFound:
    @pytest.mark.parametrize("kind", ["epub", "kepub", "kindle"])
    def test_in_the_copy_itself(self, kind: str) -> None:
        found = weigh(found_in(copy_of(novel(kind))), [*OTHERS, key_of(novel(kind))])
        assert [(one.verdict, one.marks) for one in found] == [(Verdict.NAMED, ("line", "cover", "package"))]
        assert found[0].agreeing == found[0].sites > 100

    def test_after_renaming_and_zipping_anew(self) -> None:
        files = entries(copy_of(novel()))
        renamed = {
            name.replace("EPUB/text/ch-", "OEBPS/part").replace(".xhtml", ".html"): files[name] for name in files
        }
        assert [one.verdict for one in weighed(zipped(renamed))] == [Verdict.NAMED]

    def test_after_pages_were_written_anew_without_comments_and_classes(self) -> None:
        def cleaned(name: str, content: bytes) -> bytes | None:
            if name.endswith(".opf"):
                return content[content.index(b"<package") :]
            page = (
                content.replace(b' class="copy-line"', b"")
                .replace(b"<section", b"<div")
                .replace(b"</section", b"</div")
            )
            return page if name.endswith(".xhtml") else content

        assert [(one.verdict, one.marks) for one in weighed(rewritten(copy_of(novel()), cleaned))] == [
            (Verdict.NAMED, ("line", "cover"))
        ]

    def test_chapters_left_out_move_no_site(self) -> None:
        whole = found_in(copy_of(novel())).sites
        excerpt = found_in(rewritten(copy_of(novel()), lambda name, one: one if name[-7] in "2457c" else None)).sites
        assert 30 < len(excerpt) < len(whole)
        assert excerpt.items() <= whole.items()

    def test_german_dashes_with_blanks_carry_joiners_too(self) -> None:
        file = novel(dash=" – ")
        assert weigh(found_in(copy_of(file)), [key_of(file)])[0].sigma > 10


class TestNotNamed:
    def test_the_original_file_speaks_for_nobody(self) -> None:
        assert weighed(novel()) == []

    def test_ten_thousand_innocents(self) -> None:
        """Their sigmas are spread as chance spreads them; the nearest stays far from 6."""
        found = found_in(copy_of(novel()))
        chance = random.Random(10_000)
        innocents = [CopyKey(str(n), chance.randbytes(32).hex(), f"ord_n{n}") for n in range(10_000)]
        evidence = weigh(found, [*innocents, key_of(novel())])
        assert [one.copy for one in evidence] == [key_of(novel())]

    def test_joiners_alone_name_nobody(self) -> None:
        def bare(name: str, content: bytes) -> bytes | None:
            return entries(novel())[name] if not name.endswith(".xhtml") else content.replace(b"ord_k3v9", b"")

        assert [one.verdict for one in weighed(rewritten(copy_of(novel()), bare))] == [Verdict.JOINERS]

    def test_other_marks_alone_name_nobody(self) -> None:
        """Whoever knows another's order number can write it at the end of a book."""
        forged = rewritten(novel(), lambda _name, content: content.replace(b"</body>", b"<p>ord_other7</p></body>"))
        assert [(one.copy.name, one.verdict, one.marks) for one in weighed(forged)] == [
            ("other-7", Verdict.MARKS, ("line",)),
            ("other-7", Verdict.MARKS, ("line",)),
        ]

    def test_without_joiners_nobody_is_named(self) -> None:
        bare = rewritten(copy_of(novel()), lambda _name, content: content.replace(JOINER.encode(), b""))
        assert [one.verdict for one in weighed(bare)] == [Verdict.MARKS]

    def test_few_sites_are_not_enough(self) -> None:
        few = dict(list(found_in(copy_of(novel())).sites.items())[:35])
        found = FoundMarks(few, frozenset(), frozenset(), frozenset({"ord_k3v9"}), frozenset())
        assert [one.verdict for one in weigh(found, [key_of(novel())])] == [Verdict.MARKS]


class TestMixed:
    def test_both_of_two_are_reported(self) -> None:
        """Two buyers took every other paragraph from each other's copy."""
        first, second = entries(copy_of(novel())), entries(copy_of(novel(), "cd" * 32, number="ord_second"))
        chance = random.Random(2)

        def mixed(name: str) -> bytes:
            pairs = zip(first[name].split(b"<p>"), second[name].split(b"<p>"), strict=True)
            return b"<p>".join(chance.choice(pair) for pair in pairs)

        file = zipped({name: mixed(name) if name.endswith(".xhtml") else first[name] for name in first})
        copies = [key_of(novel()), key_of(novel(), "cd" * 32, number="ord_second"), *OTHERS]
        assert {one.copy.name for one in weigh(found_in(file), copies)} >= {TOKEN[:6], "cdcdcd"}


class TestMarksIn:
    def test_reads_what_can_be_read_of_a_damaged_archive(self) -> None:
        copy = bytearray(copy_of(novel()))
        at = copy.index(b"EPUB/text/ch-2.xhtml") + 40
        copy[at : at + 200] = bytes(200)
        assert [one.verdict for one in weighed(bytes(copy))] == [Verdict.NAMED]

    def test_refuses_what_is_no_archive(self) -> None:
        with pytest.raises(zipfile.BadZipFile):
            found_in(b"%PDF-1.7")

    def test_a_site_that_is_joined_once_and_once_not_says_nothing(self) -> None:
        page = f"<p>the harbour was cold{JOINER}—and</p><p>the harbour was cold—and</p>"
        assert found_in(zipped({"a.html": page.encode()})).sites == {}

    def test_evidence_without_sites_has_no_sigma(self) -> None:
        assert weigh(found_in(zipped({"a.txt": b""})), OTHERS) == []
        assert Evidence(OTHERS[0], 0, 0, ()).sigma == 0

    def test_every_place_has_a_mark_of_its_own(self) -> None:
        marks = {keys.cover_mark(TOKEN), keys.package_mark(TOKEN, "0" * 64), keys.package_mark(TOKEN, "1" * 64)}
        assert len(marks | {keys.joiner_key(TOKEN).hex()}) == 4
