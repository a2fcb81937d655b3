/* The size of the page, from the reader's settings: told by `look`, and again when the window changes. */

import { themeOf } from "./appearance.js";
import { chapterStyle } from "./chapter-style.js";
import { keepPlace } from "./keeping-place.js";
import { pageSizes } from "./page-sizes.js";

/* Each attribute that is set lays the chapter out again. */
const setChanged = (element, attributes) => {
  for (const [name, value] of Object.entries(attributes))
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
};

export const addLayout = (reader) => {
  const { look, view, settings } = reader;
  const stage = reader.find("[data-reader-stage]");
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  let hold = () => {};

  const apply = () => {
    const { renderer } = view;
    document.documentElement.dataset.readerTheme = themeOf(look);
    if (!renderer || reader.isChangingFlow()) return; // told again when it is there
    hold();
    const { clientWidth: width, clientHeight: height } = stage;
    const sizes = pageSizes(look, { width, height, isVertical: settings.vertical, rem });
    setChanged(renderer, {
      "max-inline-size": `${sizes.inline}px`,
      "max-column-count": `${sizes.columns}`,
      gap: `${sizes.gap}%`,
      margin: `${sizes.margin}px`,
    });
    renderer.setStyles(chapterStyle(look, sizes));
  };
  reader.on("renderer", (renderer) => (hold = keepPlace(reader, renderer)));
  reader.on("look", apply);
  reader.on("open", () => addEventListener("resize", apply));
  reader.on("chapter", ({ doc, index }) => {
    doc.defaultView.frameElement.title = reader.settings.chapters[index]?.title ?? reader.settings.title;
  });
};
