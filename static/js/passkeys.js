/* Pages with passkeys: allauth's scripts talk to the browser. This shows the buttons if the browser supports passkeys, and
   a message if it did not work. Without scripts, only the other ways to log in are shown. */
document.addEventListener("DOMContentLoaded", () => {
  if (!window.PublicKeyCredential) return;
  for (const place of document.querySelectorAll("[data-passkeys]")) place.hidden = place.dataset.passkeys === "none";
});
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  for (const problem of document.querySelectorAll("[data-passkey-problem]")) problem.hidden = false;
});
