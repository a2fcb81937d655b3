/* The panel of settings. A change is stored in this browser and told by `look`. */

import { keepAppearance, themeOf } from "./appearance.js";

export const addAppearance = (reader) => {
  const { look, find } = reader;
  const form = find("[data-reader-settings]");
  const show = () => {
    find("[data-size-output]").value = `${look.size} %`;
    find("[data-leading-output]").value = (look.leading / 10).toFixed(1);
  };

  // Settings for fixed-layout books do not apply here.
  for (const [name, value] of Object.entries({ ...look, theme: themeOf(look) }))
    if (form.elements[name]) form.elements[name].value = value;
  form.addEventListener("input", (event) => {
    look[event.target.name] = event.target.value;
    keepAppearance(look);
    reader.tell("look", look);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => reader.tell("look", look));
  reader.on("look", show);
};
