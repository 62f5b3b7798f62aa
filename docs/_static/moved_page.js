// Leads from a page's old address to its new one, and takes the place on the page along, which no `refresh` does.
"use strict";
(() => {
  const { search, hash } = window.location;
  window.location.replace(document.currentScript.dataset.to + search + hash);
})();
