// A link to the page in another language leads to the place where the reader is: both pages have the same anchors.
"use strict";
(() => {
  const seen = (element) => {
    const box = element.getBoundingClientRect();
    return box.bottom > 0 && box.top < window.innerHeight;
  };
  // The anchor in the address as long as it is in sight, else the section that the table of contents shows as the current one.
  const place = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && seen(target)) return location.hash;
    return document.querySelector(".toc-tree .scroll-current > a")?.hash ?? "";
  };
  for (const link of document.querySelectorAll(".page-bar-languages a")) {
    const address = link.href;
    for (const event of ["pointerdown", "keydown", "click"]) {
      link.addEventListener(event, () => { link.href = address + place(); });
    }
  }
})();
