"""Drawings are rebuilt from the closed set, or refused."""

from __future__ import annotations

import base64
import io

import pytest
from PIL import Image

from conversion.engine.images import svg
from conversion.engine.images.reencode import reencode


def _rebuilt(body: str, attributes: str = 'viewBox="0 0 100 50"') -> svg.Drawing:
    source = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {attributes}>{body}</svg>'
    )
    return svg.rebuild(source.encode(), picture=lambda data: reencode(data, name="inner")[0])


class TestRebuild:
    def test_keeps_shapes_text_and_local_references(self) -> None:
        made = _rebuilt(
            '<defs><path id="p" d="M0 0h9"/></defs><use xlink:href="#p"/><text x="1">A <tspan>b</tspan> c</text>'
        )
        assert b'<path id="p" d="M0 0h9"/>' in made.data
        assert b'<use href="#p"/>' in made.data
        assert b"A <tspan>b</tspan> c" in made.data
        assert made.dropped == frozenset()

    @pytest.mark.parametrize(
        ("body", "dropped"),
        [
            ("<script>alert(1)</script>", "script"),
            ('<rect width="1" height="1" onclick="alert(1)"/>', "onclick"),
            ("<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>x</p></foreignObject>", "foreignObject"),
            ('<use href="http://127.0.0.1/x.svg#a"/>', "use"),
            ('<image href="http://127.0.0.1/x.png"/>', "image"),
            ('<image href="file:///etc/passwd"/>', "image"),
            ('<rect fill="url(http://127.0.0.1/#a)"/>', "fill"),
            ('<rect style="fill:url(//host/a)"/>', "fill"),
            ('<rect><animate attributeName="href" to="javascript:alert(1)"/></rect>', "animate"),
            ('<set attributeName="onload" to="alert(1)"/>', "set"),
            ('<filter id="f"><feImage href="http://127.0.0.1/x"/></filter>', "filter"),
        ],
    )
    def test_leaves_out_what_acts_or_loads(self, body: str, dropped: str) -> None:
        made = _rebuilt(body)
        assert dropped in made.dropped
        for word in (b"alert", b"127.0.0.1", b"passwd", b"//host", b"javascript", b"xhtml"):
            assert word not in made.data

    def test_links_lose_their_address_and_keep_their_drawing(self) -> None:
        made = _rebuilt('<a xlink:href="javascript:alert(1)"><rect width="2" height="3"/></a>')
        assert b'<g><rect width="2" height="3"/></g>' in made.data

    def test_ids_are_there_once_and_references_lead_somewhere(self) -> None:
        made = _rebuilt(
            '<rect id="a"/><rect id="a"/><linearGradient id="g" href="#gone"/><g>x<use href="#gone"/></g>'
            '<text>A<use href="#gone"/> b</text><use href="#a"/>'
        )
        assert made.data.count(b'id="a"') == 1
        assert b"gone" not in made.data
        assert b"A b</text>" in made.data
        assert b'<use href="#a"/>' in made.data

    def test_style_sheets_become_attributes(self) -> None:
        made = _rebuilt(
            '<style>.a, #b {fill:#f00} rect{stroke:blue;behavior:url(x)}</style><rect class="a" width="1"/>'
        )
        assert b'fill="#f00"' in made.data
        assert b'stroke="blue"' in made.data
        assert b"style" not in made.data
        assert b"behavior" not in made.data

    def test_pictures_inside_are_drawn_again(self) -> None:
        out = io.BytesIO()
        Image.new("RGB", (3, 3)).save(out, "PNG")
        address = "data:image/png;base64," + base64.b64encode(out.getvalue() + b"<script>").decode()
        made = _rebuilt(f'<image width="3" height="3" xlink:href="{address}"/>')
        kept = made.data.partition(b"base64,")[2].partition(b'"')[0]
        assert b"script" not in base64.b64decode(kept)
        assert made.dropped == frozenset()

    @pytest.mark.parametrize(
        ("attributes", "size"),
        [
            ('width="2in" height="96"', (192, 96)),
            ('viewBox="0 0 30 20"', (30, 20)),
            ('width="60" viewBox="0 0 30 20"', (60, 40)),
            ("", (300, 150)),
        ],
    )
    def test_size_in_pixels(self, attributes: str, size: tuple[int, int]) -> None:
        made = _rebuilt("", attributes)
        assert (made.width, made.height) == size

    def test_a_document_type_is_not_copied(self) -> None:
        source = b'<!DOCTYPE svg [<!ENTITY a "x">]><svg xmlns="http://www.w3.org/2000/svg"><text>&a;</text></svg>'
        assert b"DOCTYPE" not in svg.rebuild(source, picture=lambda data: None).data

    def test_refuses_explosions_by_reference(self) -> None:
        layers = '<g id="l0"><rect width="1"/></g>' + "".join(
            f'<g id="l{n}">' + f'<use href="#l{n - 1}"/>' * 10 + "</g>" for n in range(1, 10)
        )
        with pytest.raises(svg.Unusable):
            _rebuilt(layers)

    @pytest.mark.parametrize(
        "body", ['<g id="a"><use href="#a"/></g>', '<pattern id="p"><rect fill="url(#p)"/></pattern>']
    )
    def test_refuses_circles(self, body: str) -> None:
        with pytest.raises(svg.Unusable):
            _rebuilt(body)

    @pytest.mark.parametrize(
        "data", [b"<svg", b"<svg/><svg/>", b"<html xmlns='x'><svg/></html>", b"<svg>" * 300 + b"</svg>" * 300]
    )
    def test_refuses_what_is_no_drawing(self, data: bytes) -> None:
        with pytest.raises(svg.Unusable):
            svg.rebuild(data, picture=lambda data: None)
