/* Tells screen readers which chapter has opened, and keeps the links to the plain pages at the chapter that is read. */

export const addLive = (reader) => {
  const live = reader.find("[data-reader-live]");
  let index = -1;
  reader.on("moved", ({ detail }) => {
    if (detail.section.current === index) return;
    index = detail.section.current;
    const { id, title } = reader.settings.chapters[index];
    live.textContent = title;
    for (const link of document.querySelectorAll("[data-plain-link]")) link.href = `${reader.settings.root}${id}/`;
  });
};
