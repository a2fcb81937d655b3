"""Pandoc's additions to Markdown, construct by construct."""

# ruff: noqa: E501 - small sources are easier to see whole, on one line

from __future__ import annotations

from pathlib import Path

import pytest

from conversion.engine.book.inlines import plain_text
from conversion.engine.book.model import (
    Align,
    Anchor,
    AnyBlock,
    Book,
    CodeBlock,
    DefinitionList,
    Emphasis,
    Heading,
    Link,
    ListBlock,
    Math,
    Paragraph,
    SmallCaps,
    Strong,
    Table,
    Underline,
    Verse,
)
from conversion.engine.book.words import blocks_text
from tests.conversion.readers.build import nodes, written


def _book(folder: Path, text: str) -> Book:
    return written(folder, "a.md", text).book


def _blocks(folder: Path, text: str) -> list[AnyBlock]:
    return _book(folder, text).chapters[0].blocks


def _table(folder: Path, text: str) -> Table:
    (table,) = nodes(_book(folder, text), Table)
    return table


def _texts(table: Table) -> list[list[str]]:
    return [[blocks_text(cell.blocks) for cell in row] for row in table.rows]


class TestSimpleTables:
    _SIMPLE = """
  Right     Left     Center     Default
-------     ------ ----------   -------
     12     12        12            12
    123     123       123          123

Table:  Demonstration of *simple* tables.

After.
"""

    def test_cells_alignment_and_caption(self, tmp_path: Path) -> None:
        table = _table(tmp_path, self._SIMPLE)
        assert _texts(table) == [["Right", "Left", "Center", "Default"], ["12"] * 4, ["123"] * 4]
        assert table.header_rows == 1
        assert [cell.align for cell in table.rows[1]] == [Align.END, Align.AUTO, Align.CENTER, Align.AUTO]
        assert plain_text(table.caption) == "Demonstration of simple tables."

    def test_ends_before_what_follows(self, tmp_path: Path) -> None:
        assert blocks_text(_blocks(tmp_path, self._SIMPLE)[-1:]) == "After."

    def test_without_header(self, tmp_path: Path) -> None:
        table = _table(tmp_path, "Before.\n\n---- ---- -----\n  12 12   12\n 123 123  123\n---- ---- -----\n")
        assert (_texts(table), table.header_rows) == ([["12"] * 3, ["123"] * 3], 0)

    @pytest.mark.parametrize(
        "text", ["Title\n-----\n\ntext", "- - -\n\ntext", "one - two\n\n---\n\ntext", "--- ---\n\nx"]
    )
    def test_dashes_alone_make_none(self, tmp_path: Path, text: str) -> None:
        assert nodes(_book(tmp_path, text), Table) == []

    def test_inside_a_quotation(self, tmp_path: Path) -> None:
        assert _texts(_table(tmp_path, "> one  two\n> ---- ----\n> a    b\n")) == [["one", "two"], ["a", "b"]]


class TestMultilineTables:
    def test_with_header(self, tmp_path: Path) -> None:
        table = _table(
            tmp_path,
            """
-------------------------------------------------------------
 Centered   Default           Right Left
  Header    Aligned         Aligned Aligned
----------- ------- --------------- -------------------------
   First    row                12.0 Example of a row that
                                    spans *multiple* lines.

  Second    row                 5.0 Here's another one.
-------------------------------------------------------------

: Here's the caption. It, too, may span
multiple lines.
""",
        )
        assert len(table.rows) == 3
        assert _texts(table)[0] == ["Centered Header", "Default Aligned", "Right Aligned", "Left Aligned"]
        assert _texts(table)[1][3] == "Example of a row that spans multiple lines."
        assert plain_text(table.caption).endswith("may span multiple lines.")

    def test_without_header(self, tmp_path: Path) -> None:
        table = _table(tmp_path, "----- -----\none   two\nmore\n\nthree four\n----- -----\n\nAfter")
        assert (_texts(table), table.header_rows) == ([["one more", "two"], ["three", "four"]], 0)


class TestGridTables:
    def test_blocks_in_cells(self, tmp_path: Path) -> None:
        table = _table(
            tmp_path,
            """
+---------------+--------------------+
| Fruit         | Advantages         |
+==============:+====================+
| Bananas       | - built-in wrapper |
|               | - bright color     |
+---------------+--------------------+

: Grid.
""",
        )
        assert (table.header_rows, plain_text(table.caption)) == (1, "Grid.")
        assert [type(block) for block in table.rows[1][1].blocks] == [ListBlock]
        assert table.rows[1][0].align is Align.END

    def test_spans(self, tmp_path: Path) -> None:
        table = _table(
            tmp_path,
            """
+---------------------+----------+
| Property            | Earth    |
+=============+=======+==========+
|             | min   | -89.2    |
| Temperature +-------+----------+
|             | mean  | 14       |
+-------------+-------+----------+
""",
        )
        spans = [[(cell.colspan, cell.rowspan) for cell in row] for row in table.rows]
        assert spans == [[(2, 1), (1, 1)], [(1, 2), (1, 1), (1, 1)], [(1, 1), (1, 1)]]
        assert _texts(table)[2] == ["mean", "14"]

    @pytest.mark.parametrize("text", ["+---+\n| a |\n", "+---+---+\n| a | b\n+---+\n", "+--\n|\n", "+---+\n+---+\n"])
    def test_broken_ones_stay_text(self, tmp_path: Path, text: str) -> None:
        assert nodes(_book(tmp_path, text + "\n\nwords"), Table) == []

    def test_nested_past_all_sense(self, tmp_path: Path) -> None:
        lines = ["x"]
        for _ in range(40):
            rule = f"+{'-' * (len(lines[0]) + 2)}+"
            lines = [rule, *(f"| {line} |" for line in lines), rule]
        assert "x" in blocks_text(_blocks(tmp_path, "\n".join(lines)))


class TestPipeTables:
    def test_caption(self, tmp_path: Path) -> None:
        table = _table(tmp_path, "| a | b |\n|---|--:|\n| 1 | 2 |\n\nTable: Pipes.\n")
        assert (plain_text(table.caption), table.header_rows) == ("Pipes.", 1)

    def test_a_header_without_words_is_none(self, tmp_path: Path) -> None:
        table = _table(tmp_path, "|  |  |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n")
        assert (_texts(table), table.header_rows) == ([["1", "2"], ["3", "4"]], 0)


class TestLineBlocks:
    def test_lines_indents_and_stanzas(self, tmp_path: Path) -> None:
        text = "| The limerick packs laughs\n|     In space that is *quite*\n|\n| 200 Main St.\n| A line that is\n  continued\n"
        (verse,) = nodes(_book(tmp_path, text), Verse)
        lines = [[plain_text(line.inlines) for line in stanza] for stanza in verse.stanzas]
        assert lines == [
            ["The limerick packs laughs", "In space that is quite"],
            ["200 Main St.", "A line that is continued"],
        ]
        assert verse.stanzas[0][1].indent > 0

    def test_a_pipe_table_is_none(self, tmp_path: Path) -> None:
        assert nodes(_book(tmp_path, "| a | b |\n|---|---|\n| 1 | 2 |\n"), Verse) == []


class TestFancyLists:
    @pytest.mark.parametrize(
        ("text", "style", "start"),
        [
            ("a. one\nb. two\n", "lower-alpha", 1),
            ("B)  one\nC)  two\n", "upper-alpha", 2),
            ("i. one\nii. two\n", "lower-roman", 1),
            ("(ix) one\n(x) two\n", "lower-roman", 9),
            ("(3) one\n(4) two\n", "decimal", 3),
            ("#. one\n#. two\n", "decimal", 1),
        ],
    )
    def test_markers(self, tmp_path: Path, text: str, style: str, start: int) -> None:
        (block,) = nodes(_book(tmp_path, text), ListBlock)
        assert (block.ordered, block.style, block.start) == (True, style, start)
        assert [blocks_text(item.blocks) for item in block.items] == ["one", "two"]

    def test_items_hold_blocks(self, tmp_path: Path) -> None:
        (block, inner) = nodes(
            _book(tmp_path, "a. one\n\n   more\n\n   - inner\n\nb. two\nlazy\n\nAfter.\n"), ListBlock
        )
        assert len(block.items) == 2
        assert blocks_text(block.items[1].blocks) == "two lazy"
        assert blocks_text(inner.items[0].blocks) == "inner"

    @pytest.mark.parametrize(
        "text",
        ["A. Smith said so.", "I. Kant wrote it.", "Words\na. more words", "(see above)", "e.g. this", "a.m. and"],
    )
    def test_sentences_are_none(self, tmp_path: Path, text: str) -> None:
        assert nodes(_book(tmp_path, text), ListBlock) == []

    def test_examples_are_numbered_through_and_referred_to(self, tmp_path: Path) -> None:
        text = (
            "(@good) First.\n(@) Second.\n\nAs (@good) and (@third) show. Mail to a@good.example.\n\n(@third) Third.\n"
        )
        book = _book(tmp_path, text)
        assert [block.start for block in nodes(book, ListBlock)] == [1, 3]
        assert "As (1) and (3) show." in blocks_text(book.chapters[0].blocks)


class TestReferences:
    def test_a_headings_words_are_a_link_to_it(self, tmp_path: Path) -> None:
        book = _book(tmp_path, "# The *salt* road\n\nSee [The *salt* road] and [below][the *salt* road]. [Nothing].\n")
        targets = {link.href for link in nodes(book, Link)}
        assert len(nodes(book, Link)) == 2
        assert targets == {f"#{nodes(book, Anchor)[0].id}"}

    def test_a_definition_of_ones_own_goes_first(self, tmp_path: Path) -> None:
        book = _book(tmp_path, "# Salt\n\n[Salt]\n\n[Salt]: https://example.org/\n")
        assert [link.href for link in nodes(book, Link)] == ["https://example.org/"]


class TestDefinitions:
    def test_a_colon_in_a_code_block_defines_nothing(self, tmp_path: Path) -> None:
        blocks = _blocks(tmp_path, "Tables look like this:\n\n    : Sample\n\n    +---+\n")
        assert [type(block) for block in blocks] == [Paragraph, CodeBlock]

    def test_other_colons_do(self, tmp_path: Path) -> None:
        assert len(nodes(_book(tmp_path, "Salt\n\n:   What the sea\n    leaves.\n"), DefinitionList)) == 1


class TestRaw:
    def test_html_goes_through_the_closed_set_and_the_rest_is_left_out(self, tmp_path: Path) -> None:
        text = "```{=html}\n<p>Kept <script>x</script></p>\n```\n\n```{=latex}\n\\dropped\n```\n\nA `<b>b</b>`{=html} `\\z`{=latex}c.\n"
        assert blocks_text(_blocks(tmp_path, text)) == "Kept\nA b c."

    def test_page_breaks_in_tex_are_no_words(self, tmp_path: Path) -> None:
        assert blocks_text(_blocks(tmp_path, "One.\n\n\\newpage\n\nTwo.\n")) == "One.\nTwo."

    def test_an_escaped_space_does_not_break(self, tmp_path: Path) -> None:
        assert blocks_text(_blocks(tmp_path, "5\\ km")) == "5\u00a0km"


class TestEmphasis:
    @pytest.mark.parametrize(
        ("text", "marked"),
        [
            ("again: *'from all sides,'*\u2060 and", "'from all sides,'"),
            ("これは**「強調」**です。", "「強調」"),
            ("字*字*字", "字"),
            ("*plain*", "plain"),
        ],
    )
    def test_ends_where_no_space_is_written(self, tmp_path: Path, text: str, marked: str) -> None:
        (node,) = [*nodes(_book(tmp_path, text), Emphasis), *nodes(_book(tmp_path, text), Strong)]
        assert plain_text(node.children) == marked

    @pytest.mark.parametrize("text", ["2 * 3 * 4", "字 * 字 * 字", '*"word"x'])
    def test_needs_its_asterisks_close(self, tmp_path: Path, text: str) -> None:
        assert blocks_text(_blocks(tmp_path, text)) == text


class TestSpans:
    def test_classes_with_a_look(self, tmp_path: Path) -> None:
        book = _book(tmp_path, "[AD]{.smallcaps} and [under]{.underline}")
        assert [len(nodes(book, kind)) for kind in (SmallCaps, Underline)] == [1, 1]

    def test_header_attributes(self, tmp_path: Path) -> None:
        book = _book(tmp_path, "# Salt {#own .unnumbered}\n\n[x](#own)\n")
        assert plain_text(nodes(book, Heading)[0].inlines) == "Salt"
        assert nodes(book, Link)[0].href.startswith("#")


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        ("It is *$HOME/.cargo/bin*. Ensure that this directory is in your *$PATH* to run.", 0),
        ("The $n$th root, a $k$-means and $x \\text{ where } y$s", 3),
        ("It is $a + b$ and costs five", 1),
        ("one $x$ two $y$ three", 2),
    ],
)
def test_sentences_between_dollars_are_no_formulas(tmp_path: Path, text: str, formulas: int) -> None:
    book = written(tmp_path, "a.md", f"# One\n\n{text}\n").book
    assert len(nodes(book, Math)) == formulas
    if not formulas:
        assert "Ensure that this directory" in blocks_text(book.chapters[0].blocks)
