/* A folded box of a picture opens what it folds, and the way back leads to that box. Every figure works by
   itself. No less-than sign and no ampersand below: the file is also embedded in XHTML. */
(function () {
  "use strict";

  function start(figure) {
    if (figure.hasAttribute("data-av-opening")) return;
    figure.setAttribute("data-av-opening", "");
    figure.addEventListener("click", function (event) {
      var link = event.target.closest(".av-opens, .av-back");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      var anchor = link.getAttribute("href");
      var target = figure.querySelector('[id="' + anchor.slice(1) + '"]');
      if (!target) return;
      event.preventDefault();
      event.stopPropagation();
      var part = target.closest(".av-unfold");
      if (part) part.open = true;
      else target = figure.querySelector('.av-opens[href="#' + link.closest(".av-unfold").querySelector("[id]").id + '"]');
      (part || target).scrollIntoView({ block: part ? "start" : "center", inline: "nearest" });
      target.focus({ preventScroll: true });
    });
  }

  document.querySelectorAll(".av-figure").forEach(start);
})();
