/* The way to reading aloud. What it does is loaded when it is first used. */

export const addAloud = (reader) => {
  const button = reader.find("[data-aloud]");
  const bar = reader.find("[data-aloud-bar]");
  let aloud = null;
  button.addEventListener("click", async () => {
    aloud ??= import("./aloud.js").then(({ makeAloud }) => makeAloud(reader, bar));
    try {
      (await aloud).toggle();
    } catch (error) {
      aloud = null;
      bar.hidden = false;
      const status = bar.querySelector("[role=status]");
      status.textContent = status.dataset.failed;
      console.error(error);
    }
  });
};
