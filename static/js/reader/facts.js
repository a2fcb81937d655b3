/* The facts of the book. Pages of the shop contain them. A page without a book takes those of the one it stands for from
   `book.json`, which a device keeps with the book. */

const put = (selector, name, value) => {
  for (const element of document.querySelectorAll(selector)) element[name] = value;
};

const fetchFacts = async () => {
  const answer = await fetch("book.json", { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`book.json: ${answer.status}`);
  const facts = await answer.json();
  document.title = `${facts.title} ${document.title}`; // which is "· Octavo"
  put("[data-book-title]", "textContent", facts.title);
  put(".pages-stage", "lang", facts.language);
  for (const link of document.querySelectorAll("[data-log-in]")) link.search = new URLSearchParams({ next: location.pathname });
  return { ...facts, root: location.pathname };
};

const inlined = document.querySelector("#reader-settings");
export const settings = inlined ? JSON.parse(inlined.textContent) : await fetchFacts();
