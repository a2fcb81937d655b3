/* "/" focuses the search field, unless the visitor is typing or has turned the shortcut off in this browser. */
{
  let isOff = false;
  try { isOff = localStorage.getItem("keys") === "off"; } catch { /* storage may be closed to us */ }
  document.addEventListener("keydown", (event) => {
    if (isOff || event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const field = document.querySelector("[data-search]");
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
  document.addEventListener("DOMContentLoaded", () => {
    const choice = document.querySelector("[data-keys-choice]");
    if (!choice) return;
    choice.checked = !isOff;
    choice.addEventListener("change", () => {
      isOff = !choice.checked;
      try { localStorage.setItem("keys", isOff ? "off" : ""); } catch { /* lasts for this page then */ }
    });
  });
}
