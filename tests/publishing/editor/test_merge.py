"""Chapters that two people changed, patches of the view, and saves that remove much."""

from __future__ import annotations

import copy
from typing import Any

from tests.publishing.editor.chapters import EVERYTHING
from tests.publishing.editor.steps import ask
from tests.support.chapter_server import Json, chapter, paragraph, plain

BASE = chapter(paragraph("b1", "One two three four."), paragraph("b2", "Five."), paragraph("b3", "Six."))


def with_text(document: Json, block: str, *text: Any) -> Json:
    changed = copy.deepcopy(document)
    next(one for one in changed["blocks"] if one["id"] == block)["text"] = list(text)
    return changed


def with_blocks(*blocks: Json) -> Json:
    return {**BASE, "blocks": list(blocks)}


def merged(base: Json, *sides: tuple[Json, Json]) -> list[tuple[Json, list[str]]]:
    """The chapter of each pair of theirs and mine, and the blocks in conflict."""
    source = "answer(sides.map(([theirs, mine]) => merge(base, theirs, mine)));"
    rows = ask(source, base=base, sides=list(sides))
    return [(row["document"], [conflict["block"] for conflict in row["conflicts"]]) for row in rows]


class TestMerge:
    def test_changes_apart_are_both_kept(self) -> None:
        theirs, mine = with_text(BASE, "b1", "One TWO three four."), with_text(BASE, "b1", "One two three FOUR.")
        [(found, conflicts)] = merged(BASE, (theirs, mine))
        assert (found["blocks"][0]["text"], conflicts) == (["One TWO three FOUR."], [])

    def test_where_both_changed_the_same_words_what_is_typed_stays(self) -> None:
        theirs, mine = with_text(BASE, "b1", "One 2 three four."), with_text(BASE, "b1", "One II three four.")
        [(found, conflicts)] = merged(BASE, (theirs, mine))
        assert (found["blocks"][0]["text"], conflicts) == (["One II three four."], ["b1"])

    def test_one_change_and_the_same_change_are_no_conflict(self) -> None:
        changed = with_text(BASE, "b2", "V.")
        assert merged(BASE, (BASE, changed), (changed, BASE), (changed, changed)) == [(changed, [])] * 3

    def test_a_block_that_one_removed_and_the_other_changed_is_named(self) -> None:
        one, _two, three = BASE["blocks"]
        gone, changed = with_blocks(one, three), with_text(BASE, "b2", "V.")
        assert merged(BASE, (gone, BASE), (BASE, gone)) == [(gone, [])] * 2
        for found, conflicts in merged(BASE, (gone, changed), (changed, gone)):
            assert ([block["id"] for block in found["blocks"]], conflicts) == (["b1", "b2", "b3"], ["b2"])

    def test_what_is_typed_on_in_a_new_paragraph_while_it_is_saved_stays_in_it(self) -> None:
        """A paragraph that a correction put in has another id with each save."""
        one, two, three = BASE["blocks"]
        sent, now = (with_blocks(one, paragraph(f"p{number:012}.0", "Rain"), two, three) for number in (1, 2))
        mine = with_blocks(one, paragraph("p000000000001.0", "Rain fell."), two, three)
        [(found, conflicts)] = merged(sent, (now, mine))
        expected = with_blocks(one, paragraph("p000000000002.0", "Rain fell."), two, three)
        assert (found["blocks"], conflicts) == (expected["blocks"], [])

    def test_new_blocks_of_both_stand_where_they_were_put(self) -> None:
        one, two, three = BASE["blocks"]
        theirs = with_blocks(one, paragraph("p1.0", "Theirs."), two, three)
        mine = with_blocks(one, two, paragraph("new-1", "Mine."), three)
        assert [plain(block) for block in merged(BASE, (theirs, mine))[0][0]["blocks"]] == [
            "One two three four.",
            "Theirs.",
            "Five.",
            "Mine.",
            "Six.",
        ]

    def test_a_new_block_takes_the_id_that_the_server_gave_it_while_its_author_typed_on(self) -> None:
        one, two, three = BASE["blocks"]
        sent = with_blocks(one, two, paragraph("new-1", "Mine."), three)
        answer = with_blocks(one, two, paragraph("p1.0", "Mine."), three)
        typed = with_blocks(one, two, paragraph("new-1", "Mine, and more."), paragraph("new-2", "Next."), three)
        [(found, conflicts)] = merged(sent, (answer, typed))
        assert conflicts == []
        assert [block["id"] for block in found["blocks"]] == ["b1", "b2", "p1.0", "new-2", "b3"]
        assert plain(found["blocks"][2]) == "Mine, and more."

    def test_a_save_whose_answer_never_came_is_not_saved_twice(self) -> None:
        one, two, three = BASE["blocks"]
        answer = with_blocks(one, two, paragraph("p1.0", "Mine."), three)
        left = with_blocks(one, two, paragraph("new-1", "Mine."), three)
        assert merged(BASE, (answer, left)) == [(answer, [])]

    def test_a_move_is_followed(self) -> None:
        one, two, three = BASE["blocks"]
        moved = with_blocks(three, one, two)
        changed = with_text(BASE, "b1", "One.")
        for found, conflicts in merged(BASE, (moved, changed), (changed, moved)):
            assert [(block["id"], plain(block)) for block in found["blocks"]] == [
                ("b3", "Six."),
                ("b1", "One."),
                ("b2", "Five."),
            ]
            assert conflicts == []

    def test_cells_and_notes_are_merged_one_by_one(self) -> None:
        theirs, mine = copy.deepcopy(EVERYTHING), copy.deepcopy(EVERYTHING)
        theirs["blocks"][8]["blocks"][1]["blocks"][0]["blocks"][0]["text"] = ["Date"]
        mine["blocks"][8]["blocks"][2]["blocks"][1]["blocks"][0]["text"] = ["6.30"]
        mine["notes"][0]["blocks"][0]["text"] = ["In the log."]
        [(found, conflicts)] = merged(EVERYTHING, (theirs, mine))
        assert conflicts == []
        assert "Date" in plain(found["blocks"][8])
        assert "6.30" in plain(found["blocks"][8])
        assert found["notes"] == mine["notes"]

    def test_any_two_edits_come_together_without_a_lost_word(self) -> None:
        """Each side changes blocks at random: what only one side changed must be in the result."""
        found = ask(
            """let seed = 7;
            const random = (limit) => ((seed = (seed * 1103515245 + 12345) % 2147483648) >> 8) % limit;
            const words = ["sea", "lamp", "rain", "oil", "gull"];
            const some = (count) => Array.from({ length: count }, () => words[random(5)]).join(" ");
            const block = (id) => ({ id, kind: "paragraph", attributes: {}, text: [some(6)] });
            const change = (blocks, sign) => {
              const made = structuredClone(blocks);
              for (let turn = random(4); turn >= 0; turn -= 1) {
                const at = random(made.length);
                const id = `${sign}${random(1e6)}`;
                if (random(4) === 0) made.splice(at, 0, { ...block(id), text: [`${sign} put ${some(3)}`] });
                else made[at].text = [`${made[at].text.join("")} ${sign}${random(1e6)}`];
              }
              return made;
            };
            const lost = [];
            for (let round = 0; round < 400; round += 1) {
              const blocks = Array.from({ length: 5 }, (_, index) => block(`b${index}`));
              const base = { blocks, notes: [], objects: {} };
              const [theirs, mine] = ["p", "new-"].map((sign) => ({ ...base, blocks: change(blocks, sign) }));
              const { document, conflicts } = merge(base, theirs, mine);
              const named = new Set(conflicts.map(({ block }) => block));
              const text = (chapter) => JSON.stringify(chapter.blocks);
              // Where they meet, theirs is in the conflict and not in the text.
              const apart = theirs.blocks.filter(({ id }) => !named.has(id));
              for (const blocks of [apart, mine.blocks])
                for (const word of text({ blocks }).match(/(p|new-)\\d+/g) ?? [])
                  if (!text(document).includes(word)) lost.push([round, word]);
            }
            answer(lost);"""
        )
        assert found == []


class TestPatch:
    def test_the_view_comes_to_what_the_server_has_and_the_cursor_stays(self) -> None:
        changed = with_text(BASE, "b1", "One and two three four.")["blocks"][0]
        theirs = with_blocks(paragraph("p1.0", "Zero."), changed, BASE["blocks"][2])
        found = ask(
            """const editor = open(chapter); at(editor, "b3", 2);
            const wanted = readDocument(theirs);
            const tr = patch(editor.state.tr, wanted);
            const { $from } = tr.selection;
            answer({ isThere: tr.doc.eq(wanted), at: [$from.parent.attrs.id, $from.parentOffset] });""",
            chapter=BASE,
            theirs=theirs,
        )
        assert found == {"isThere": True, "at": ["b3", 2]}


class TestLoss:
    def test_a_save_that_removes_much_is_told(self) -> None:
        long = chapter(*(paragraph(f"b{n}", "word " * 50) for n in range(20)))
        few = {**long, "blocks": long["blocks"][:9]}
        most = {**long, "blocks": long["blocks"][:17]}
        assert ask(
            "answer([lossOf(long, few), lossOf(long, most), lossOf(few, long)]);", long=long, few=few, most=most
        ) == [
            {"lost": 550, "all": 1000},
            None,
            None,
        ]
