"""What readers do in the reader: with a finger on a phone, or with the keyboard alone on a large screen."""

from __future__ import annotations

import time
from typing import Protocol

from tests.support.windows import ARROW_DOWN, ARROW_LEFT, ARROW_RIGHT, ENTER, ESCAPE, TAB, Window, until

FINGER_PX = 44  # the least size of what is to be hit by a finger
_MOST_TABS = 150
_SETTLE_S = 0.15
_FOCUSED = """(() => {{
  let at = document.activeElement;
  while (at?.contentDocument) at = at.contentDocument.activeElement;
  return Boolean(at?.matches({selector!r}));
}})()"""
# Where a finger would hit the element, and whether something else is above it there.
_SPOT = """(() => {{
  const found = document.querySelector({selector!r});
  found.scrollIntoView({{ block: "nearest", inline: "nearest" }});
  const {{ left, top, width, height }} = (found.closest("label") ?? found).getBoundingClientRect();
  const [x, y] = [left + width / 2, top + height / 2];
  const above = document.elementFromPoint(x, y);
  const isFree = Boolean(above) && (found.contains(above) || above.contains(found));
  return {{ x, y, width, height, isFree, above: above?.outerHTML.slice(0, 120) }};
}})()"""
# Whether the control is in the menu of the bar, which is closed.
_IN_MENU = """(() => {{
  const found = document.querySelector({selector!r});
  return Boolean(found?.closest("[data-reader-menu]") && !found.checkVisibility());
}})()"""
_TEXTS = """(() => {{
  const view = document.querySelector("foliate-view");
  const range = view?.lastLocation.range;
  const root = range?.commonAncestorContainer ?? document.querySelector(".leaf-words");
  const doc = root.ownerDocument ?? root;
  const walker = doc.createTreeWalker(root.nodeType === 3 ? root.parentNode : root, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    if (node.data.trim().length >= 8 && (!range || range.comparePoint(node, 0) === 0)) found.push(node);
  const node = found[{number} % found.length];
  const start = node.data.search(/\\S/);
  doc.getSelection().setBaseAndExtent(node, start, node, start + 8);
  return node.data;
}})()"""


class Hand(Protocol):
    width: int
    height: int

    def press(self, selector: str) -> None:
        """Press a control."""

    def search(self, words: str) -> None:
        """Search for words and go to the first hit."""

    def search_again(self, words: str) -> None:
        """Go to the first hit of the same search again."""

    def select(self, number: int) -> None:
        """Select some words of the page, so that the bar for them opens; the number tells those of a page apart."""

    def colour(self, name: str) -> None:
        """Highlight the selected words."""

    def note(self, body: str) -> None:
        """Write a note on the selected words."""

    def change(self, name: str, *, is_range: bool) -> None:
        """Change a setting by one step."""

    def turn(self, *, is_left: bool) -> None: ...


class Finger:
    """Taps. Words are selected by the script, because the long press is the system's own."""

    width, height = 360, 740

    def __init__(self, window: Window) -> None:
        self._window = window

    def press(self, selector: str) -> None:
        if self._window.run(_IN_MENU.format(selector=selector)):
            self.press(".reader-more-button")
        until(self._window, f"document.querySelector({selector!r})?.checkVisibility()")
        time.sleep(_SETTLE_S)  # a second tap at once would be a double tap
        spot = self._window.run(_SPOT.format(selector=selector))
        assert spot["isFree"], (selector, spot)
        assert spot["x"] <= self.width, (selector, spot)
        self._window.tap(spot["x"], spot["y"])

    def search(self, words: str) -> None:
        self.press("[data-open=search]")
        self.press("[data-search-box]")
        self._window.write(words)
        self.press(".reader-hit")

    def search_again(self, words: str) -> None:
        self.press("[data-hits-all]")
        self.press(".reader-hit")

    def select(self, number: int) -> None:
        self._window.run(_TEXTS.format(number=number))
        until(self._window, "!document.querySelector('[data-selection]').hidden")

    def colour(self, name: str) -> None:
        self.press(f"[data-selection] [data-colour={name}]")

    def note(self, body: str) -> None:
        self.press("[data-selection] [data-act=note]")
        self.press("#note-body")
        self._window.write(body)
        self.press("[data-note-form] [value=save]")

    def change(self, name: str, *, is_range: bool) -> None:
        self.press("[data-open=appearance]")
        self.press("[data-panel=appearance] [data-step=larger]" if is_range else f"[name={name}][value=sepia]")
        self.press("[data-panel=appearance] [data-close]")

    def turn(self, *, is_left: bool) -> None:
        self._window.tap(self.width * (0.06 if is_left else 0.94), self.height * 0.45)


class Keys:
    """The keyboard alone, as somebody uses it who has no mouse."""

    width, height = 1440, 900

    def __init__(self, window: Window) -> None:
        self._window = window

    def press(self, selector: str) -> None:
        self._reach(selector)
        self._window.press(ENTER)

    def search(self, words: str) -> None:
        self._window.press("/")
        self._await("[data-search-box]")
        self._window.write(words)
        self._window.press(ENTER)
        self._await(".reader-hit")
        self._window.press(ENTER)

    def search_again(self, words: str) -> None:
        self.search(words)  # what is typed takes the place of what was searched before

    def select(self, number: int) -> None:
        self._window.press("h")
        until(self._window, "!document.querySelector('[data-selection]').hidden")
        for _ in range(number):
            before = self._window.run("document.querySelector('[data-notes-live]').textContent")
            self._window.press(ARROW_DOWN)
            until(self._window, f"!['', {before!r}].includes(document.querySelector('[data-notes-live]').textContent)")
        self._window.press(ENTER)
        self._await("[data-selection] button")

    def colour(self, name: str) -> None:
        self.press(f"[data-selection] [data-colour={name}]")

    def note(self, body: str) -> None:
        self.press("[data-selection] [data-act=note]")
        self._await("#note-body")
        self._window.write(body)
        self.press("[data-note-form] [value=save]")

    def change(self, name: str, *, is_range: bool) -> None:
        self.press("[data-open=appearance]")
        self._reach(f"[data-panel=appearance] [name={name}]")
        self._window.press(ARROW_RIGHT)
        self._window.press(ESCAPE)

    def turn(self, *, is_left: bool) -> None:
        self._window.press(ARROW_LEFT if is_left else ARROW_RIGHT)

    def _await(self, selector: str) -> None:
        until(self._window, _FOCUSED.format(selector=selector))

    def _reach(self, selector: str) -> None:
        """Tab from where the focus is until it is on the control."""
        for _ in range(_MOST_TABS):
            if self._window.run(_FOCUSED.format(selector=selector)):
                return
            self._window.press(TAB)
        raise AssertionError(f"{selector} is not reached by {_MOST_TABS} tabs")
