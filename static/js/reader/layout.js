/* The size and flow of the page, from the reader's settings: told by `look`, and again when the window changes. */

import { chapterStyle, themeOf } from "./appearance.js";

export const addLayout = (reader) => {
  const { look, view } = reader;
  const apply = () => {
    const { renderer } = view;
    if (reader.isChangingFlow()) return; // told again when it has changed
    document.documentElement.dataset.readerTheme = themeOf(look);
    renderer.setAttribute("max-inline-size", `${look.width}px`);
    renderer.setAttribute("max-column-count", "2");
    renderer.setAttribute("gap", "7%");
    renderer.setAttribute("margin", innerWidth < 600 ? "24px" : "40px");
    renderer.setStyles(chapterStyle(look));
  };
  reader.on("look", apply);
  reader.on("open", () => addEventListener("resize", apply));
  reader.on("chapter", ({ doc, index }) => {
    doc.defaultView.frameElement.title = reader.settings.chapters[index]?.title ?? reader.settings.title;
  });
};
