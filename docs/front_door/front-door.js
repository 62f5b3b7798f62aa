// Opens the first of the reader's languages that the site has, else the default one. Without JavaScript the page shows
// the links.
"use strict";
(() => {
  const fallback = document.currentScript.dataset.default;
  document.addEventListener("DOMContentLoaded", () => {
    const links = [...document.querySelectorAll("a[hreflang]")];
    const published = links.map((link) => link.hreflang);
    const wanted = (navigator.languages || [navigator.language]).map((tag) => tag.split("-")[0].toLowerCase());
    const language = wanted.find((tag) => published.includes(tag)) || fallback;
    const chosen = links.find((link) => link.hreflang === language);
    if (chosen) window.location.replace(chosen.href);
  });
})();
