// Long lines of code can be wrapped. In each cell that has some, a button beside the one for copying does it, for all cells at
// once; the device remembers it where the browser keeps anything. It has to be loaded after copybutton.js.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const KEY = "autograd_vi.wrap";
  const root = document.documentElement;
  const buttons = [];
  const show = (wrap) => {
    root.classList.toggle("wrap-code", wrap);
    for (const button of buttons) button.setAttribute("aria-pressed", wrap);
  };
  const choose = () => {
    const wrap = !root.classList.contains("wrap-code");
    show(wrap);
    try { localStorage.setItem(KEY, wrap); } catch { /* blocked, or full: it holds on this page */ }
  };
  // While lines are wrapped none is long, and every cell has the button.
  const watch = new ResizeObserver((entries) => {
    if (root.classList.contains("wrap-code")) return;
    for (const { target } of entries) {
      const cell = target.closest(".highlight:has(> .wrapbtn)");
      const long = [...cell.querySelectorAll("pre")].some((code) => code.scrollWidth > code.clientWidth);
      cell.classList.toggle("has-long-lines", long);
    }
  });
  for (const copy of document.querySelectorAll("article .highlight > button.copybtn")) {
    const button = document.createElement("button");
    button.className = "wrapbtn";
    button.title = _("Wrap long lines");
    button.innerHTML = '<svg viewBox="0 0 24 24"><path d="M4 6h16M4 12h13a3 3 0 0 1 0 6h-5m2-2-2 2 2 2M4 18h4"/></svg>';
    button.addEventListener("click", choose);
    buttons.push(button);
    copy.before(button);
    for (const code of copy.parentElement.querySelectorAll("pre")) watch.observe(code);
  }
  let kept;
  try { kept = localStorage.getItem(KEY); } catch { /* blocked */ }
  show(kept === "true");
});
