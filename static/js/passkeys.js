/* Pages with passkeys: allauth's scripts talk to the browser; this shows their buttons where it knows passkeys, and says
   when it did not work. Without scripts, the other ways to log in stand there alone. */
document.addEventListener("DOMContentLoaded", () => {
  if (!window.PublicKeyCredential) return;
  for (const place of document.querySelectorAll("[data-passkeys]")) place.hidden = place.dataset.passkeys === "none";
});
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  for (const problem of document.querySelectorAll("[data-passkey-problem]")) problem.hidden = false;
});
