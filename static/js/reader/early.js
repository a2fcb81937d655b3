/* Runs before the page is drawn: the list of chapters is for readers without scripts, and would jump away. */
document.documentElement.classList.add("reader-js");
