/* The page after the last one. */

export const addEnd = (reader) => {
  const end = reader.find("[data-reader-end]");
  const close = () => (end.hidden = true);
  reader.find("[data-close-end]").addEventListener("click", close);
  reader.keys.Escape = () => !end.hidden && close();
};
