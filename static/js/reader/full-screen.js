/* The whole screen for the book, where the browser can (iPhones cannot). */

export const addFullScreen = (reader) => {
  const root = document.documentElement;
  if (!document.fullscreenEnabled) return;
  const buttons = document.querySelectorAll("[data-full-screen]");
  const toggle = () => {
    (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen()).catch(() => {});
  };
  for (const button of buttons) {
    button.hidden = false;
    button.addEventListener("click", toggle);
  }
  for (const line of document.querySelectorAll("[data-full-screen-key]")) line.hidden = false;
  document.addEventListener("fullscreenchange", () => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(Boolean(document.fullscreenElement)));
  });
  reader.keys.f = toggle;
};
