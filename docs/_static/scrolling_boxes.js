// Code, outputs and formulas that are wider than the screen scroll by themselves. While one does, the keyboard can reach it.
"use strict";
(() => {
  const boxes = document.querySelectorAll("article :is(pre, .math-wrapper, .math-block, .table-wrapper, .av-rule, .av-numbers, .av-tablebox)");
  const look = (box) => {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  };
  const watch = new ResizeObserver((entries) => entries.forEach((entry) => look(entry.target)));
  boxes.forEach((box) => watch.observe(box));
  // A picture that is wider than its box begins with its root in the middle: that is where one begins to read.
  for (const picture of document.querySelectorAll("article .av-graph .av-picture")) {
    const root = picture.querySelector(".av-root")?.getBoundingClientRect();
    if (root) picture.scrollLeft += root.left + root.width / 2 - picture.getBoundingClientRect().left - picture.clientWidth / 2;
  }
  document.fonts.ready.then(() => boxes.forEach(look)); // the font of the formulas comes late
})();
