/* A picture at full size: the arrow keys lead to its neighbours. */

(() => {
  const directions = { ArrowLeft: "prev", ArrowRight: "next" };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target.closest("input, textarea, select")) return;
    const isMirrored = document.dir === "rtl" ? { prev: "next", next: "prev" } : {};
    const rel = directions[event.key];
    document.querySelector(`.picture-steps a[rel="${isMirrored[rel] ?? rel}"]`)?.click();
  });
})();
