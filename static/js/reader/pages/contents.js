/* The table of contents of a book of pages, with the current chapter marked, and the form to go to a page. */

import { pageOf } from "../contents.js";
import { showPageForm } from "../page-form.js";

export const addPageContents = (reader) => {
  const { find, panels, settings, jump } = reader;
  const { pages, toc: lines } = reader.book;
  const toc = find("[data-reader-toc]");

  const listOf = (items) => {
    const list = document.createElement("ol");
    for (const { title, page, children } of items) {
      const line = list.appendChild(document.createElement("li"));
      const link = line.appendChild(document.createElement("a"));
      link.href = `#${pages[page].id}`;
      link.append(title, pageOf(pages[page].label));
      link.dataset.page = page;
      if (children.length) line.append(listOf(children));
    }
    return list;
  };
  const mark = (index) => {
    const links = [...toc.querySelectorAll("a")];
    const current = links.filter((link) => Number(link.dataset.page) <= index).at(-1);
    find("[data-reader-place]").textContent = current?.firstChild.data ?? "";
    for (const link of links) {
      if (link === current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };

  toc.append(listOf(lines.length ? lines : [{ title: settings.title, page: 0, children: [] }]));
  toc.addEventListener("click", (event) => {
    const link = event.target.closest("[data-page]");
    if (!link) return;
    event.preventDefault();
    panels.contents.close();
    jump(Number(link.dataset.page));
  });
  const labels = pages.map(({ label }) => label.toLowerCase());
  const named = (text) => labels.indexOf(text.trim().toLowerCase());
  showPageForm({ find, panels }, { first: pages[0].label, last: pages.at(-1).label, named, go: jump });
  reader.on("shown", (group) => mark(group.at(-1)));
};
