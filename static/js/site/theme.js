/* Light, dark or the system's theme: stored in this browser only. critical.js applies it before the first paint. */
{
  const root = document.documentElement;
  const apply = (theme) => (theme ? root.setAttribute("data-theme", theme) : root.removeAttribute("data-theme"));
  let chosen = "";
  try { chosen = localStorage.getItem("theme") || ""; } catch { /* storage may be closed to us */ }
  document.addEventListener("DOMContentLoaded", () => {
    const choice = document.querySelector("[data-theme-choice]");
    if (!choice) return;
    for (const input of choice.querySelectorAll("input")) input.checked = input.value === chosen;
    choice.addEventListener("change", (event) => {
      apply(event.target.value);
      try { localStorage.setItem("theme", event.target.value); } catch { /* lasts for this page then */ }
    });
  });
}
