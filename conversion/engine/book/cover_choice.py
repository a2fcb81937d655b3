"""What an author chose for a drawn cover, as plain data: names only, so that nothing here loads Pillow."""

from __future__ import annotations

from dataclasses import dataclass

# Drawn from the title alone, and around a picture; `covers/named.py` draws them.
DRAWN = ("horizon", "cloth", "blocks", "initial", "rays", "branches", "plain", "layers", "ridges", "night")
PICTURED = ("picture-full", "picture-window", "picture-band", "picture-circle")
DESIGNS = (*DRAWN, *PICTURED)
PALETTES = (
    *("harbour", "forest", "clay", "plum", "mint", "honey", "wine", "mist"),
    *("ink", "blush", "lagoon", "paper"),
)
LETTERINGS = ("own", "playfair", "cormorant", "garamond", "literata", "josefin", "oswald", "plex")
MAX_PERCENT = 100


@dataclass(frozen=True, slots=True)
class CoverChoice:
    """A cover drawn as chosen: names of `DESIGNS`, `PALETTES` and `LETTERINGS`.

    `series` is a line above the title. A design around a picture shows what is at `focus_x` and `focus_y`, percent of
    the picture's width and height, where it crops it.
    """

    design: str
    palette: str
    lettering: str = "own"
    series: str = ""
    focus_x: int = 50
    focus_y: int = 50

    def __post_init__(self) -> None:
        is_known = self.design in DESIGNS and self.palette in PALETTES and self.lettering in LETTERINGS
        if not is_known or not all(0 <= one <= MAX_PERCENT for one in (self.focus_x, self.focus_y)):
            raise ValueError("not a cover that can be drawn")

    @property
    def has_picture(self) -> bool:
        """Whether the design is drawn around a picture."""
        return self.design in PICTURED
