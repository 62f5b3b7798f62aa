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
  document.fonts.ready.then(() => boxes.forEach(look)); // the font of the formulas comes late
})();
