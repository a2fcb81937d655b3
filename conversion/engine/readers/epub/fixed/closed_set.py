"""What the rebuilt page may hold: elements, properties of style, functions in their values. All else is left out."""

from __future__ import annotations

ELEMENTS = frozenset(
    {
        "div", "span", "p", "h1", "h2", "h3", "h4", "h5", "h6", "em", "strong", "i", "b", "u", "s", "small", "sub",
        "sup", "br", "hr", "ul", "ol", "li", "dl", "dt", "dd", "table", "tbody", "thead", "tfoot", "tr", "td", "th",
        "caption", "section", "article", "aside", "header", "footer", "nav", "main", "figure", "figcaption",
        "blockquote", "pre", "code", "q", "cite", "abbr", "center", "a", "ruby", "rt", "rp",
    }
)  # fmt: skip
# Left out with all they hold; any other element is kept as a span.
SILENT = frozenset(
    {
        "script", "style", "template", "noscript", "object", "embed", "iframe", "video", "audio", "source", "track",
        "form", "input", "button", "select", "textarea", "canvas", "map", "area", "link", "meta", "math",
    }
)  # fmt: skip
BLOCKS = frozenset(
    {
        "p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "dt", "dd", "td", "th", "blockquote", "pre", "figcaption", "div",
        "section", "article", "aside",
    }
)  # fmt: skip
PROPERTIES = frozenset(
    {
        "position", "left", "top", "right", "bottom", "width", "height", "min-width", "min-height", "max-width",
        "max-height", "z-index", "display", "float", "clear", "margin", "margin-left", "margin-top", "margin-right",
        "margin-bottom", "padding", "padding-left", "padding-top", "padding-right", "padding-bottom", "color",
        "background", "background-color", "background-image", "background-position", "background-repeat",
        "background-size", "opacity", "border", "border-left", "border-top", "border-right", "border-bottom",
        "border-width", "border-style", "border-color", "border-radius", "border-left-width", "border-top-width",
        "border-right-width", "border-bottom-width", "border-collapse", "border-spacing", "border-left-color",
        "border-top-color", "border-right-color", "border-bottom-color", "border-left-style", "border-top-style",
        "border-right-style", "border-bottom-style", "border-top-left-radius", "border-top-right-radius",
        "border-bottom-left-radius", "border-bottom-right-radius", "box-sizing", "overflow", "visibility", "transform",
        "transform-origin", "clip", "object-fit", "object-position", "font", "font-family", "font-size", "font-style",
        "font-weight", "font-variant", "font-stretch", "font-feature-settings", "line-height", "letter-spacing",
        "word-spacing", "text-align", "text-align-last", "text-indent", "text-transform", "text-decoration",
        "white-space", "vertical-align", "direction", "unicode-bidi", "list-style", "list-style-type",
        "list-style-position", "hyphens", "quotes", "flex", "flex-direction", "flex-wrap", "flex-grow", "flex-shrink",
        "flex-basis", "justify-content", "align-items", "align-content", "align-self", "order", "gap", "row-gap",
        "column-gap", "grid-template-columns", "grid-template-rows", "grid-column", "grid-row", "column-count",
    }
)  # fmt: skip
FUNCTIONS = frozenset(
    {
        "rgb", "rgba", "hsl", "hsla", "calc", "min", "max", "clamp", "translate", "translatex", "translatey", "rotate",
        "scale", "scalex", "scaley", "skew", "skewx", "skewy", "matrix", "linear-gradient", "radial-gradient",
        "repeating-linear-gradient", "minmax", "repeat", "rect",
    }
)  # fmt: skip
