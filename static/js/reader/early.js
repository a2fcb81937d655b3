/* Runs before the first paint: the list of chapters is for readers without scripts, and would flash and disappear.

   If the book has not opened after five seconds, even if no other script runs, the list is shown: it says that this takes
   longer than usual, and that the book did not open only once something has failed. A book that opens later replaces it. */
{
  const root = document.documentElement;
  root.classList.add("reader-js");
  addEventListener("error", ({ target }) => target.tagName === "SCRIPT" && root.classList.add("reader-failed"), true);
  setTimeout(() => root.dataset.reader !== "open" && root.classList.replace("reader-js", "reader-late"), 5000);
}
