/* The form in the contents to go to a page. */

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

/* `pages` are {first, last, named(text), go(page)}; `named` returns -1 if there is no such page. Shown once it is called. */
export const showPageForm = ({ find, panels }, { first, last, named, go }) => {
  const form = find("[data-page-form]");
  const alert = form.querySelector("[role=alert]");
  form.querySelector("[data-last-page]").textContent = last;
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const page = named(form.elements.page.value);
    alert.textContent = page < 0 ? fill(alert.dataset.label, { first, last }) : "";
    if (page < 0) return;
    panels.contents.close();
    go(page);
  });
};
