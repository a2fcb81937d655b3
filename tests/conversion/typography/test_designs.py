"""Designs: plain data that every engine can set from, with faces for all of it, and a style sheet for EPUBs."""

from __future__ import annotations

import re

import pytest
import tinycss2

from conversion.engine.epub.style import epub_css
from conversion.engine.targets import GUTTERS, TARGETS, gutter_mm, with_gutter
from conversion.engine.typography import fonts
from conversion.engine.typography.designs import DESIGNS, Design, Position
from conversion.engine.typography.ornaments import ORNAMENTS

every_design = pytest.mark.parametrize("design", DESIGNS.values(), ids=DESIGNS)


class TestDesign:
    def test_four_at_least_each_in_faces_of_its_own(self) -> None:
        assert {"classic", "modern", "romance", "technical"} <= set(DESIGNS)
        assert len({design.text for design in DESIGNS.values()}) == len(DESIGNS)
        assert all(name == design.name for name, design in DESIGNS.items())

    @every_design
    def test_names_families_and_drawings_that_exist(self, design: Design) -> None:
        assert {design.text, design.heading, design.mono} <= set(fonts.FAMILIES)
        assert design.initial in {"", *fonts.FAMILIES}
        assert {design.scene_ornament, design.heading_ornament} <= {"", *ORNAMENTS}

    @every_design
    def test_headings_of_one_line_keep_the_baselines(self, design: Design) -> None:
        """What a heading takes is whole lines, so that facing pages stay level."""
        title = design.heading_line + design.heading_below_lines
        heads = [head.above_lines + head.line + head.below_lines for head in design.subheads]
        assert all(height == int(height) for height in (title, *heads))

    @every_design
    def test_lines_of_print_hold_a_readable_number_of_letters(self, design: Design) -> None:
        for target in (TARGETS["print"], TARGETS["print-5x8"], TARGETS["print-6x9"]):
            em = target.measure_mm * 72 / 25.4 / design.size_pt(target)
            assert 22 <= em <= 32
            assert 1.15 <= design.line_pt(target) / design.size_pt(target) <= 1.5

    def test_the_last_subhead_stands_for_all_below(self) -> None:
        design = DESIGNS["classic"]
        assert design.subhead(2) is design.subheads[0]
        assert design.subhead(6) is design.subheads[-1]


class TestFaces:
    @every_design
    def test_of_a_design_are_few_for_a_latin_book(self, design: Design) -> None:
        latin = [face for face in fonts.faces_of(design) if face.scripts == "latin"]
        assert len(latin) <= 10
        assert {face.family for face in latin} == {design.text, design.heading, design.mono, design.initial} - {""}

    @every_design
    def test_cover_latin_greek_and_cyrillic(self, design: Design) -> None:
        scripts = {face.scripts for face in fonts.faces_of(design)}
        assert {"latin", "latin-ext", "greek", "cyrillic", "vietnamese"} <= scripts
        names = fonts.family_list(design.text)
        assert all(f'"{design.text}{name}"' in names for name in ("", " Extended", " Greek", " Cyrillic"))

    def test_a_companion_stands_in_for_scripts_a_family_lacks(self) -> None:
        assert '"EB Garamond Greek"' in fonts.family_list("Cormorant Garamond")
        assert '"Cormorant Garamond Greek"' not in fonts.family_list("Cormorant Garamond")

    @every_design
    def test_have_every_sign_between_scenes(self, design: Design) -> None:
        face = next(face for face in fonts.faces_of(design) if (face.family, face.weight) == (design.text, 400))
        content = fonts.load(face)
        if content is None:
            pytest.skip("the faces are not installed")
        assert all(ord(sign) in fonts.characters(content) for sign in design.scene_break)


class TestOrnaments:
    @pytest.mark.parametrize("name", ORNAMENTS)
    def test_stay_inside_their_boxes(self, name: str) -> None:
        ornament = ORNAMENTS[name]
        figures = [figures for _, figures in ornament.commands()]
        xs = [x for line in figures for x in line[::2]]
        ys = [y for line in figures for y in line[1::2]]
        assert 0 <= min(xs) <= max(xs) <= ornament.width
        assert 0 <= min(ys) <= max(ys) <= ornament.height

    @pytest.mark.parametrize("name", ORNAMENTS)
    def test_are_told_in_four_commands(self, name: str) -> None:
        counts = {"M": 2, "L": 2, "C": 6, "Z": 0}
        commands = ORNAMENTS[name].commands()
        assert commands
        assert all(len(figures) == counts[letter] for letter, figures in commands)


class TestWithGutter:
    def test_grows_with_the_pages_and_keeps_the_measure(self) -> None:
        for target in (target for target in TARGETS.values() if target.is_facing):
            inner = [with_gutter(target, pages).margins.inner for pages in (90, 200, 400, 600, 900)]
            assert inner == sorted(inner)
            assert inner[0] < inner[-1]
            for pages in (90, 200, 400, 600, 900):
                fitted = with_gutter(target, pages)
                assert fitted.measure_mm == pytest.approx(target.measure_mm)
                assert fitted.margins.inner >= gutter_mm(pages)
                assert fitted.margins.outer >= 6.4  # the least that printers on demand take

    def test_leaves_screens_alone(self) -> None:
        assert with_gutter(TARGETS["phone"], 900) == TARGETS["phone"]

    def test_steps_are_those_of_the_table(self) -> None:
        assert [gutter_mm(most) for most, _ in GUTTERS] == [least for _, least in GUTTERS]
        assert gutter_mm(50_000) == GUTTERS[-1][1]


class TestEpubCss:
    @every_design
    def test_is_valid_and_fetches_nothing_without_faces(self, design: Design) -> None:
        css = epub_css(design)
        rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
        assert rules
        assert not [rule for rule in rules if rule.type == "error"]
        assert "url(" not in css.replace("@namespace", "")
        assert not re.search(r'font-family:[^;]*"', css)

    @every_design
    def test_embedded_faces_are_named(self, design: Design) -> None:
        faces = [face for face in fonts.faces_of(design) if face.scripts == "latin"]
        css = epub_css(design, faces, folder="../fonts/")
        assert all(f"url(../fonts/{face.file})" in css for face in faces)
        assert f'"{design.text}"' in css

    def test_titles_stand_where_the_design_puts_them(self) -> None:
        for design in DESIGNS.values():
            side = "center" if design.heading_position is Position.CENTER else "start"
            assert re.search(rf"\nh1 \{{[^}}]*text-align: {side};[^}}]*}}(?![\s\S]*\nh1 \{{)", epub_css(design))

    def test_designs_differ(self) -> None:
        assert len({epub_css(design) for design in DESIGNS.values()}) == len(DESIGNS)
