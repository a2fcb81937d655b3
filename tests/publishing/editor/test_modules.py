"""The editor's modules without a page: chapters there and back, what commands do to blocks, three ways of a chapter."""

from __future__ import annotations

import copy
from typing import Any

from tests.publishing.editor.chapters import EVERYTHING, FIGURE, TABLE, box, cell, leaf
from tests.publishing.editor.steps import ask, edited
from tests.support.chapter_server import chapter, paragraph, plain

PLAIN_TABLE = box(
    "c9",
    "table",
    box(
        "c9.0",
        "row",
        cell("c9.0.0", paragraph("b3", "Day"), header=True),
        cell("c9.0.1", paragraph("b4", "High"), header=True),
    ),
    box("c9.1", "row", cell("c9.1.0", paragraph("b5", "Monday")), cell("c9.1.1", paragraph("b6", "5.12"))),
    header_rows=1,
)


class TestDocument:
    def test_all_that_a_chapter_holds_comes_back(self) -> None:
        assert ask("answer(write(open(chapter)));", chapter=EVERYTHING) == EVERYTHING

    def test_an_empty_chapter_stays_empty(self) -> None:
        assert ask("answer(write(open(chapter)));", chapter=chapter()) == chapter()

    def test_a_word_that_is_typed_changes_its_block_and_leaves_its_marks_as_they_were_nested(self) -> None:
        nested = [
            ["both", [["strong"], ["emphasis"]]],
            " and ",
            ["coded", [["code"], ["link", "https://example.org/"]]],
        ]
        document = chapter(paragraph("b1", *nested), paragraph("b2", *nested))
        found = edited(document, "at(editor, 'b1', 6); apply(editor, editor.state.tr.insertText('!'));")
        assert found["blocks"] == [paragraph("b1", nested[0], " a!nd ", nested[2]), document["blocks"][1]]

    def test_what_cannot_be_held_is_sent_back_as_it_came(self) -> None:
        strange = chapter(
            paragraph("b1", ["red", [["colour", "red"]]]),
            box("c1", "verse", paragraph("b2", "No stanza.")),
            box("c2", "list"),
            leaf("b3", "figure", asset="x"),
        )
        assert ask("answer(write(open(chapter)));", chapter=strange) == strange

    def test_a_paragraph_without_words_is_not_sent_before_it_has_some(self) -> None:
        document = chapter(paragraph("b1", "One."))
        found = edited(document, "at(editor, 'b1', 4); run(editor, enter);")
        assert found["blocks"] == document["blocks"]


class TestIds:
    def test_the_rest_of_a_split_block_says_whose_it_is(self) -> None:
        document = chapter(paragraph("b1", "One. Two.", lang="fr"), paragraph("b2", "Three."))
        first, second, third = edited(document, "at(editor, 'b1', 5); run(editor, enter);")["blocks"]
        assert first == paragraph("b1", "One. ", lang="fr")
        assert second["id"].startswith("new-")
        assert (second["from"], second["text"], second["attributes"]) == ("b1", ["Two."], {"lang": "fr"})
        assert third == document["blocks"][1]

    def test_a_paragraph_before_a_block_leaves_it_its_id(self) -> None:
        found = edited(
            chapter(paragraph("b1", "One.")),
            "at(editor, 'b1', 0); run(editor, enter); apply(editor, editor.state.tr.insertText('New.', 1));",
        )
        assert [block["id"][:3] for block in found["blocks"]] == ["new", "b1"]
        assert "from" not in found["blocks"][0]

    def test_ids_of_another_chapter_are_not_believed(self) -> None:
        found = edited(
            chapter(paragraph("b1", "One.")),
            """const pasted = schema.nodes.paragraph.create({ id: "b99" }, schema.text("Pasted."));
            apply(editor, editor.state.tr.insert(0, pasted));""",
        )
        assert [block["id"][:3] for block in found["blocks"]] == ["new", "b1"]

    def test_a_picture_can_be_moved_and_not_doubled(self) -> None:
        document = chapter(paragraph("b1", "One."), FIGURE)
        copied = edited(
            document, "const figure = editor.state.doc.child(1); apply(editor, editor.state.tr.insert(0, figure));"
        )
        assert [block["kind"] for block in copied["blocks"]].count("figure") == 1

    def test_a_table_can_be_moved_and_copied(self) -> None:
        document = chapter(paragraph("b1", "One."), TABLE)
        copied = edited(
            document, "const table = editor.state.doc.child(1); apply(editor, editor.state.tr.insert(2, table));"
        )
        assert [block["kind"] for block in copied["blocks"]].count("table") == 2
        assert "".join(map(plain, copied["blocks"])).count("High water") == 2
        ids = [one["id"] for block in copied["blocks"] for one in [block, *block.get("blocks", [])]]
        assert len(ids) == len(set(ids))
        moved = edited(
            document,
            """const table = editor.state.doc.child(1); const from = editor.state.doc.child(0).nodeSize;
            apply(editor, editor.state.tr.delete(from, from + table.nodeSize));
            apply(editor, editor.state.tr.insert(0, table));""",
        )
        assert moved["blocks"] == [TABLE, document["blocks"][0]]


class TestGuard:
    def test_cells_are_edited_and_rows_stay(self) -> None:
        found = ask(
            """const editor = open(chapter);
            at(editor, "b15", 0, 6); apply(editor, editor.state.tr.insertText("Tuesday"));
            const words = write(editor);
            const start = findBlock(editor.state.doc, "b14"), end = findBlock(editor.state.doc, "b15");
            apply(editor, editor.state.tr.delete(start, end + 3));
            answer({ words, isSame: JSON.stringify(words) === JSON.stringify(write(editor)), refused });""",
            chapter=EVERYTHING,
        )
        wanted = copy.deepcopy(EVERYTHING)
        wanted["blocks"][8]["blocks"][2]["blocks"][0]["blocks"][0]["text"] = ["Tuesday"]
        assert found == {"words": wanted, "isSame": True, "refused": ["fixed"]}

    def test_notes_stay_when_all_is_deleted(self) -> None:
        found = ask(
            """const editor = open(chapter);
            at(editor, "b1", 0); run(editor, selectPart); apply(editor, editor.state.tr.deleteSelection());
            apply(editor, editor.state.tr.delete(0, editor.state.doc.content.size));
            answer({ document: write(editor), refused });""",
            chapter=EVERYTHING,
        )
        assert found["document"]["notes"] == EVERYTHING["notes"]
        assert found["refused"] == ["fixed"]
        assert "Rain" not in "".join(map(plain, found["document"]["blocks"]))

    def test_on_touch_an_edit_stays_within_its_block_but_commands_do_not(self) -> None:
        document = chapter(paragraph("b1", "One."), paragraph("b2", "Two."), paragraph("b3", "Three."))
        found = ask(
            """const editor = open(chapter, true);
            at(editor, "b2", 1);
            apply(editor, editor.state.tr.delete(2, 12));
            const kept = write(editor).blocks.length;
            apply(editor, editor.state.tr.insertText("w"));
            run(editor, move(-1));
            const { blocks } = write(editor);
            answer({ kept, refused, order: blocks.map(({ id }) => id), text: blocks[0].text });""",
            chapter=document,
        )
        assert found == {"kept": 3, "refused": ["oneBlock"], "order": ["b2", "b1", "b3"], "text": ["Twwo."]}


class TestTables:
    def shape(self, steps: str) -> Any:
        return ask(
            f"""const editor = open(chapter), view = viewOf(editor);
            const why = [{steps}];
            const table = write(editor).blocks.find(({{ kind }}) => kind === "table");
            answer({{ why, refused, table }});""",
            chapter=chapter(paragraph("b1", "One."), PLAIN_TABLE, paragraph("b2", "Two.")),
        )

    def words(self, found: Any) -> list[list[str]]:
        return [[plain(one) for one in row["blocks"]] for row in found["table"]["blocks"] if row["kind"] == "row"]

    def test_rows_and_columns_come_and_go(self) -> None:
        row = self.shape("at(editor, 'b3', 0), reshape('rowAfter')(view)")
        assert self.words(row) == [["Day", "High"], ["", ""], ["Monday", "5.12"]]
        assert row["why"] == [None, ""]
        assert self.words(self.shape("at(editor, 'b5', 0), reshape('removeRow')(view)")) == [["Day", "High"]]
        column = self.shape("at(editor, 'b3', 0), reshape('columnAfter')(view)")
        assert self.words(column) == [["Day", "", "High"], ["Monday", "", "5.12"]]
        assert column["table"]["blocks"][0]["blocks"][1]["attributes"] == {"header": True}
        assert self.words(self.shape("at(editor, 'b3', 0), reshape('removeColumn')(view)")) == [["High"], ["5.12"]]

    def test_the_header_row_that_goes_counts_no_more(self) -> None:
        found = self.shape("at(editor, 'b3', 0), reshape('removeRow')(view)")
        assert found["table"]["attributes"] == {}

    def test_a_header_cell_there_and_back(self) -> None:
        found = self.shape("at(editor, 'b5', 0), toggleHeader(view)")
        assert found["table"]["blocks"][1]["blocks"][0]["attributes"] == {"header": True}
        found = self.shape("at(editor, 'b5', 0), toggleHeader(view), toggleHeader(view)")
        assert found["table"] == PLAIN_TABLE

    def test_what_cannot_be(self) -> None:
        last = self.shape(
            "at(editor, 'b3', 0), reshape('removeRow')(view), reshape('removeRow')(view), at(editor, 'b1', 0), "
            "reshape('rowAfter')(view), toggleHeader(view)"
        )
        assert last["why"] == [None, "", "last", None, "cell", "cell"]
        assert self.words(last) == [["Monday", "5.12"]]
        spans = ask(
            """const editor = open(chapter); at(editor, "b15", 0);
            answer(reshape("rowAfter")({ get state() { return editor.state; } }));""",
            chapter=EVERYTHING,
        )
        assert spans == "spans"

    def test_a_new_one_and_undo(self) -> None:
        found = ask(
            """const editor = open(chapter), view = viewOf(editor);
            at(editor, "b1", 0); insertTable(view, 2, 3);
            const made = write(editor).blocks;
            apply(editor, closeHistory(editor.state.tr));
            at(editor, made[1].blocks[0].blocks[0].blocks[0].id, 0); reshape("rowAfter")(view);
            run(editor, undo);
            const before = write(editor).blocks;
            answer({ made, before, refused });""",
            chapter=chapter(paragraph("b1", "One."), paragraph("b2", "Two.")),
        )
        table = found["made"][1]
        assert [len(row["blocks"]) for row in table["blocks"]] == [3, 3]
        assert table["attributes"] == {"header_rows": 1}
        assert found["before"] == found["made"]
        assert found["refused"] == []

    def test_an_empty_cell_stays_empty_until_something_is_written(self) -> None:
        empty = chapter(box("c1", "table", box("c1.0", "row", box("c1.0.0", "cell"))), paragraph("b1", "One."))
        assert ask("answer(write(open(chapter)));", chapter=empty) == empty

    def test_a_caption_comes_in(self) -> None:
        found = self.shape("addCaption(view, findBlock(editor.state.doc, 'c9'))")
        assert found["table"]["blocks"][0]["kind"] == "caption"
        assert found["refused"] == []


class TestLeft:
    def test_what_was_typed_before_a_new_manuscript_is_told_apart(self) -> None:
        before = chapter(paragraph("b1", "One."), paragraph("b2", "Two."))
        after = chapter(paragraph("b1", "One."), paragraph("b2", "Two and ", ["more", [["emphasis"]]], "."))
        assert ask("answer(typedTexts({ base, document: now }));", base=before, now=after) == ["Two and more."]
        assert ask("answer(typedTexts({ base, document: base }));", base=before) == []


class TestCommands:
    def test_a_mark_changes_no_word(self) -> None:
        found = edited(
            EVERYTHING, "at(editor, 'b2', 0, 30); run(editor, toggle('strong')); run(editor, toggle('superscript'));"
        )
        assert plain(found["blocks"][1]) == plain(EVERYTHING["blocks"][1])
        assert found["blocks"][1]["text"][0][1] == [["strong"], ["superscript"]]

    def test_a_raised_letter_is_not_a_lowered_one_as_well(self) -> None:
        found = edited(
            chapter(paragraph("b1", "H2O")),
            "at(editor, 'b1', 1, 2); run(editor, toggle('superscript')); run(editor, toggle('subscript'));",
        )
        assert found["blocks"][0]["text"] == ["H", ["2", [["subscript"]]], "O"]

    def test_a_language_is_put_on_the_word_and_taken_away(self) -> None:
        document = chapter(paragraph("b1", "She said bonjour twice."))
        mark = '"language", { lang: "fr", direction: "", dress: "" }'
        put = edited(document, f"at(editor, 'b1', 11); run(editor, setMark({mark}));")
        assert put["blocks"][0]["text"] == ["She said ", ["bonjour", [["language", "fr", "", ""]]], " twice."]
        gone = edited(put, "at(editor, 'b1', 11); run(editor, setMark('language', null));")
        assert gone == document

    def test_kinds_there_and_back(self) -> None:
        document = chapter(paragraph("b1", "One."), paragraph("b2", "Two,\u2028three."))
        found = ask(
            """answer(["heading-2", "quotation", "list", "code"].map((kind) => {
              const editor = open(chapter); at(editor, "b1", 2); run(editor, KINDS[kind]);
              const there = write(editor); const name = kindAt(editor.state);
              run(editor, KINDS.paragraph);
              return [name, there, write(editor)];
            }));""",
            chapter=document,
        )
        assert [name for name, _, _ in found] == ["heading-2", "quotation", "list", "code"]
        for name, there, back in found:
            assert there["blocks"][0]["kind"] == {"heading-2": "heading"}.get(name, name)
            assert "".join(map(plain, there["blocks"])) == "".join(map(plain, document["blocks"]))
            assert back == document

    def test_a_paragraph_becomes_verse_line_by_line(self) -> None:
        verse = edited(chapter(paragraph("b1", "One,\u2028two.")), "at(editor, 'b1', 2); run(editor, KINDS.verse);")[
            "blocks"
        ][0]
        assert [plain(line) for line in verse["blocks"][0]["blocks"]] == ["One,", "two."]
        back = edited(
            chapter(verse), f"at(editor, '{verse['blocks'][0]['blocks'][1]['id']}', 1); run(editor, KINDS.paragraph);"
        )
        assert [block["text"] for block in back["blocks"]] == [["One,\u2028two."]]

    def test_blocks_move_and_a_scene_break_comes_between(self) -> None:
        document = chapter(paragraph("b1", "One."), paragraph("b2", "Two."))
        moved = edited(document, "at(editor, 'b2', 1); run(editor, move(-1)); run(editor, move(-1));")
        assert [block["id"] for block in moved["blocks"]] == ["b2", "b1"]
        broken = edited(document, "at(editor, 'b1', 1); run(editor, addSceneBreak);")
        assert [block["kind"] for block in broken["blocks"]] == ["paragraph", "scene_break", "paragraph"]

    def test_enter_in_verse_and_lists(self) -> None:
        document = chapter(
            box("c1", "verse", box("c1.0", "stanza", leaf("b1", "line", "One two"))),
            box("c2", "list", box("c2.0", "item", paragraph("b2", "Oil wick"))),
        )
        found = edited(document, "at(editor, 'b1', 4); run(editor, enter); at(editor, 'b2', 4); run(editor, enter);")
        assert [plain(line) for line in found["blocks"][0]["blocks"][0]["blocks"]] == ["One ", "two"]
        assert [plain(item) for item in found["blocks"][1]["blocks"]] == ["Oil ", "wick"]
        twice = "at(editor, 'b2', 8); run(editor, enter); run(editor, enter);"
        left = edited(document, f"{twice} apply(editor, editor.state.tr.insertText('After.'));")
        assert [block["kind"] for block in left["blocks"]] == ["verse", "list", "paragraph"]

    def test_undo_gives_back_what_was(self) -> None:
        steps = "at(editor, 'b2', 3); run(editor, enter); run(editor, KINDS.quotation);"
        assert edited(EVERYTHING, f"{steps} run(editor, undo); run(editor, undo);") == EVERYTHING
