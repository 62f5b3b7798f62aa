// Opens the first of the reader's languages that the site has, be it as another country writes it, else the default one.
// Without JavaScript the page shows the links.
"use strict";
(() => {
  const fallback = document.currentScript.dataset.default;
  document.addEventListener("DOMContentLoaded", () => {
    const links = [...document.querySelectorAll("a[hreflang]")];
    const exact = (tag) => tag.toLowerCase();
    const anywhere = (tag) => exact(tag).split("-")[0];
    const find = (tag) =>
      links.find((link) => exact(link.hreflang) === exact(tag)) ||
      links.find((link) => anywhere(link.hreflang) === anywhere(tag));
    const wanted = [...(navigator.languages || [navigator.language]), fallback];
    const chosen = wanted.map(find).find(Boolean);
    if (chosen) window.location.replace(chosen.href);
  });
})();
