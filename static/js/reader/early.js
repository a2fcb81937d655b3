/* Runs before the first paint: the list of chapters is for readers without scripts, and would flash and disappear.

   If anything prevents the book from opening, even if no other script runs, the list is shown after five seconds. A book
   that opens later still replaces it. */
{
  const root = document.documentElement;
  root.classList.add("reader-js");
  setTimeout(() => root.dataset.reader !== "open" && root.classList.replace("reader-js", "reader-late"), 5000);
}
