/* Runs before the page is drawn: the list of chapters is for readers without scripts, and would jump away.

   Whatever keeps the book from opening, even that no other script runs, the list is offered after five seconds. A book
   that opens later still takes its place. */
{
  const root = document.documentElement;
  root.classList.add("reader-js");
  setTimeout(() => root.dataset.reader !== "open" && root.classList.replace("reader-js", "reader-late"), 5000);
}
