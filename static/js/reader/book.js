/* The book in the form foliate-js needs: sections that load as blobs, a table of contents, and links that resolve.

   A chapter becomes a blob of our own origin, because the paginator must measure it; the blob inherits this page's
   policy (script-src 'self', no inline code), so nothing in it runs. It carries its pictures and its style sheet itself. */

import { makeCarried } from "./carried.js";

const LONGEST_MS = 30000; // until a chapter that does not come is asked for again
const FRAGMENT = (doc, id) => (id ? doc.getElementById(id) : null);

const split = (href) => {
  const [file, fragment] = href.split("#");
  return [file, fragment ? decodeURIComponent(fragment) : ""];
};

/* Give each table a box of its own, in which a wide one will scroll (tables.js). Done before the chapter is shown: a table that
   is moved later takes the selection and the marks away from its words. */
const boxTables = (doc) => {
  for (const table of doc.querySelectorAll("table")) {
    if (table.parentElement.closest("table")) continue;
    const box = doc.createElementNS("http://www.w3.org/1999/xhtml", "div");
    box.setAttribute("data-table-box", "");
    table.replaceWith(box);
    box.append(table);
  }
};

/* `whenMissing(index)` resolves once a chapter that failed has loaded after all: foliate-js cannot skip one. */
export const makeBook = (settings, whenMissing) => {
  const root = new URL(settings.files, location.href);
  const texts = new Map();

  const fetchChapter = async (href) => {
    const answer = await fetch(new URL(href, root), { credentials: "same-origin", signal: AbortSignal.timeout(LONGEST_MS) });
    const isChapter = answer.ok && answer.headers.get("Content-Type")?.startsWith("application/xhtml+xml");
    if (!isChapter) throw Object.assign(new Error(`${href}: ${answer.status}`), { status: answer.status });
    return answer.text();
  };
  const textOf = (href, query = "") => {
    if (!texts.has(href)) {
      const text = fetchChapter(href + query);
      text.catch(() => texts.delete(href));
      texts.set(href, text);
    }
    return texts.get(href);
  };
  const documentOf = async (href) => new DOMParser().parseFromString(await textOf(href), "application/xhtml+xml");
  const section = ({ id, href, words }, index) => {
    const base = new URL(href, root);
    const carried = makeCarried(base);
    let address = "";
    return {
      id: href,
      chapter: id,
      size: Math.max(words, 1),
      linear: "yes",
      /* Resolves when the chapter has loaded. If it is prefetched, the reader has not reached it yet. */
      ready: ({ ahead = false } = {}) => textOf(href, ahead ? "?ahead" : ""),
      createDocument: () => documentOf(href),
      resolveHref: (target) => new URL(target, base).href.replace(root.href, ""),
      load: async () => {
        if (address) return address;
        await textOf(href).catch(() => whenMissing(index));
        const doc = await documentOf(href);
        boxTables(doc);
        await carried.carry(doc);
        const text = new XMLSerializer().serializeToString(doc);
        address = URL.createObjectURL(new Blob([text], { type: "application/xhtml+xml" }));
        return address;
      },
      /* Called with the chapter's document when its frame has loaded: pictures that are late come there. */
      complete: carried.complete,
      unload: () => {
        carried.release();
        if (address) URL.revokeObjectURL(address);
        address = "";
      },
    };
  };

  const sections = settings.chapters.map(section);
  return {
    metadata: { title: settings.title, language: settings.language },
    dir: settings.direction,
    sections,
    toc: settings.toc,
    splitTOCHref: split,
    getTOCFragment: FRAGMENT,
    isExternal: (href) => /^(?!blob)[a-z][a-z0-9+.-]*:/i.test(href),
    resolveHref: (href) => {
      const [file, fragment] = split(href);
      const index = sections.findIndex((one) => one.id === file);
      return index < 0 ? null : { index, anchor: (doc) => FRAGMENT(doc, fragment) ?? 0 };
    },
  };
};
