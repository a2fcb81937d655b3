"""What is kept of declarations: listed properties, bounded values, nothing that fetches, hides or moves."""

from __future__ import annotations

import pytest

from conversion.engine.readers.author_design.sheets import MAX_RULES, MAX_SHEET_CHARACTERS, local_part, parse
from conversion.engine.readers.author_design.values import declarations


def no_picture(address: str) -> str:
    return ""


def kept(text: str) -> str:
    return "; ".join(f"{name}: {value}" for name, value, _ in declarations(text, no_picture)[0])


class TestDeclarations:
    @pytest.mark.parametrize(
        "text",
        [
            "margin: 1em 0 -1em",
            "text-indent: 1.5em",
            'font-family: "Alice\'s", Georgia, serif',
            "color: #a00",
            "color: rgb(10, 20, 30)",
            "border-top: 1px solid #000000",
            "font-size: 120%",
            "letter-spacing: 0.1em",
            'content: "❦"',
            "line-height: 1.4",
            "width: 50vw",
        ],
    )
    def test_keeps_what_designs_are_made_of(self, text: str) -> None:
        assert kept(text) == text

    @pytest.mark.parametrize(
        "text",
        [
            "background-image: url(http://evil.example/x.png)",
            "background-image: url('https://evil.example/x.png')",
            "background: url(//evil.example/x)",
            r"background-image: \75rl(http://evil.example/x.png)",
            r"background-image: u\72 l(javascript:alert(1))",
            "background-image: image-set(url(http://evil.example/a) 1x)",
            "list-style-image: url(data:image/svg+xml,<svg/>)",
            "width: expression(alert(1))",
            r"width: e\78pression(alert(1))",
            "behavior: url(x.htc)",
            "-moz-binding: url(x.xml#y)",
            "position: fixed",
            "position: absolute",
            "content: url(http://evil.example/x)",
            "content: attr(href)",
            'content: "</style><script>"',
            r'content: "\3c/style>"',
            'font-family: "</style><script>alert(1)</script>"',
            r'font-family: "a\"; } * { x: y"',
            "font-size: 9000px",
            "font-size: 0.1px",
            "text-indent: -9999px",
            "margin-left: -100em",
            "width: 1e9px",
            "line-height: 0",
            "color: transparent",
            "color: rgba(0, 0, 0, 0)",
            "color: #00000000",
            "display: none",
            "visibility: hidden",
            "opacity: 0",
            "direction: rtl",
            "unicode-bidi: bidi-override",
            "animation: x 1s",
            "transform: rotate(3deg)",
            "margin: calc(100% - 1px)",
            "margin: var(--x)",
            "--x: url(http://evil.example)",
            "margin: " + "1em " * 200,
            "writing-mode: vertical-rl",
        ],
    )
    def test_leaves_out_everything_else(self, text: str) -> None:
        made, dropped = declarations(text, no_picture)
        assert made == []
        assert dropped == 1

    def test_pictures_of_the_book_are_named_by_their_key(self) -> None:
        made, _ = declarations("background-image: url(orn.png)", lambda address: "a" * 64)
        assert made == [("background-image", f'url("asset:{"a" * 64}")', False)]

    def test_a_plain_ground_is_a_colour(self) -> None:
        assert kept("background: #fff") == "background-color: #fff"

    def test_prefixes_go(self) -> None:
        assert kept("-webkit-hyphens: none") == "hyphens: none"


class TestParse:
    @pytest.mark.parametrize(
        "text",
        [
            "@import 'other.css';",
            "@import url(http://evil.example/x.css);",
            r"@\69mport url(x.css);",
            "@page { margin: 0 }",
            "@keyframes x { from { color: red } }",
            "@supports (color: red) { p { color: red } }",
            "@media print { p { color: red } }",
            "a:hover { color: red }",
            "p:not(.x) { color: red }",
            "li:nth-child(2n+1) { color: red }",
            "p ~ p { color: red }",
            "a b c d e { color: red }",
            "p::selection { color: red }",
            "p[class=x url(y)] { color: red }",
            "</style><script>alert(1)</script>{ color: red }",
            "p { color: red",
        ],
    )
    def test_what_is_no_simple_rule_is_counted(self, text: str) -> None:
        sheet = parse(text, "a.css", no_picture)
        if text.endswith("red"):  # what is not closed is closed at the end, as CSS has it
            assert len(sheet.rules) == 1
        else:
            assert sheet.rules == []
            assert sheet.dropped >= 1

    @pytest.mark.parametrize(
        "selector",
        ["p", ".first", "#one", "h1 + p", "div.a > p.b", "div p em", "p:first-child", "p::first-letter", "p:before"],
    )
    def test_simple_selectors_are_matched(self, selector: str) -> None:
        assert len(parse(f"{selector} {{ color: red }}", "a.css", no_picture).rules) == 1

    def test_attributes_are_matched_with_their_prefixes(self) -> None:
        text = '@namespace epub "http://www.idpf.org/2007/ops"; [epub|type~="verse"] { color: red }'
        assert len(parse(text, "a.css", no_picture).rules) == 1

    def test_an_enormous_sheet_is_cut(self) -> None:
        sheet = parse("p { color: red } " * 60_000, "a.css", no_picture)
        assert len(sheet.rules) <= MAX_RULES
        assert sheet.dropped > 0
        assert len("p { color: red } " * 60_000) > MAX_SHEET_CHARACTERS

    @pytest.mark.parametrize(
        "text", ["(" * 200_000, "[" * 200_000, "p{" * 100_000, "a{b:" + "rgb(" * 100_000, "\\" * 9]
    )
    def test_nesting_without_end_is_harmless(self, text: str) -> None:
        assert parse(text, "a.css", no_picture).rules == []


class TestLocalPart:
    @pytest.mark.parametrize(
        "address",
        [
            "http://x/y",
            "//x/y",
            "/etc/passwd",
            "../../../etc/passwd",
            "data:x",
            "file:///x",
            "",
            r"\\x\y",
            "JAVASCRIPT:x",
        ],
    )
    def test_leads_nowhere_but_into_the_book(self, address: str) -> None:
        assert local_part("OPS/css", address) == ""

    def test_is_relative_to_the_sheet(self) -> None:
        assert local_part("OPS/css", "../fonts/a%20b.otf#x") == "OPS/fonts/a b.otf"
