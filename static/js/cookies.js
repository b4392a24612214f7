/* cookies.js — on the page that says a cookie cannot be read: deletes those with letters beyond ASCII, leaves the others
   (the session among them), and asks for the page once more. What scripts may not see stays: the button is for that. */
(() => {
  "use strict";
  const unreadable = () => document.cookie.split("; ").filter((cookie) => /[^\x20-\x7e]/.test(cookie));
  const found = unreadable();
  if (!found.length) return;

  const labels = location.hostname.split(".");
  const domains = ["", ...labels.map((_label, place) => `; domain=${labels.slice(place).join(".")}`)];
  const parts = location.pathname.split("/");
  const paths = parts.flatMap((_part, place) => {
    const path = parts.slice(0, place + 1).join("/");
    return [path, `${path}/`];
  });
  for (const cookie of found) {
    const name = cookie.includes("=") ? cookie.split("=")[0] : "";
    for (const domain of domains)
      for (const path of new Set(paths)) document.cookie = `${name}=; max-age=0; path=${path || "/"}${domain}`;
  }
  if (unreadable().length) return;
  const again = document.querySelector("[data-again]");
  if (again.dataset.again) location.replace(again.dataset.again);
  else again.hidden = false;
})();
