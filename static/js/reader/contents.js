/* The table of contents, with the current chapter marked and the page of each. */

const listOf = (items) => {
  const list = document.createElement("ol");
  for (const item of items) {
    const line = list.appendChild(document.createElement("li"));
    const link = line.appendChild(document.createElement("a"));
    link.href = `#${item.href}`;
    link.textContent = item.label;
    link.dataset.href = item.href;
    if (item.subitems) line.append(listOf(item.subitems));
  }
  return list;
};

export const pageOf = (label) => {
  const page = document.createElement("span");
  page.className = "reader-toc-page figures";
  page.textContent = ` ${label}`;
  return page;
};

export const addContents = (reader) => {
  const toc = reader.find("[data-reader-toc]");
  toc.append(listOf(reader.settings.toc));
  toc.addEventListener("click", (event) => {
    const link = event.target.closest("[data-href]");
    if (!link) return;
    event.preventDefault();
    reader.panels.contents.close();
    reader.jump(reader.view.resolveNavigation(link.dataset.href));
  });

  reader.on("moved", ({ detail: { tocItem } }) => {
    for (const place of document.querySelectorAll("[data-reader-place], [data-reader-place-below]")) place.textContent = tocItem?.label ?? "";
    for (const link of toc.querySelectorAll("a")) {
      if (link.dataset.href === tocItem?.href) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  });
  reader.on("pagination", ({ contents, label }) => {
    for (const [index, link] of [...toc.querySelectorAll("a")].entries())
      if (contents[index] !== null) link.append(pageOf(label(contents[index])));
  });
};
