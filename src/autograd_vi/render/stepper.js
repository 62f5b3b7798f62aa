/* Steps through a recorded backward pass. Every figure works by itself; without this script the
   page shows all steps at once. data-av-at="0 3-5" says in which steps an element is lit. No
   less-than sign and no ampersand below: the file is also embedded in XHTML. */
(function () {
  "use strict";
  var PAUSE = 1500;

  function ranges(text) {
    return text.split(" ").map(function (part) {
      var ends = part.split("-").map(Number);
      return [ends[0], ends[ends.length - 1]];
    });
  }

  function start(figure) {
    if (figure.hasAttribute("data-av-ready")) return;
    figure.setAttribute("data-av-ready", "");
    var last = Number(figure.getAttribute("data-av-steps"));
    var lit = Array.from(figure.querySelectorAll("[data-av-at]"), function (element) {
      return [element, ranges(element.getAttribute("data-av-at"))];
    });
    var buttons = {};
    figure.querySelectorAll("[data-av-go]").forEach(function (button) {
      buttons[button.getAttribute("data-av-go")] = button;
    });
    var counter = figure.querySelector(".av-k");
    var picture = figure.querySelector(".av-picture");
    var at = 0;
    var timer = 0;

    function show(step) {
      at = Math.max(0, Math.min(last, step));
      lit.forEach(function (pair) {
        var now = pair[1].some(function (range) { return at >= range[0] ? range[1] >= at : false; });
        pair[0].classList.toggle("av-now", now);
        pair[0].classList.toggle("av-done", now ? false : at > pair[1][0][0]);
      });
      counter.textContent = at;
      buttons.previous.setAttribute("aria-disabled", at === 0);
      buttons.reset.setAttribute("aria-disabled", at === 0);
      buttons.next.setAttribute("aria-disabled", at === last);
      buttons.end.setAttribute("aria-disabled", at === last);
      if (at === last) stop();
      follow();
    }

    /* A picture that is taller than its box scrolls to the node that is lit; the page does not. */
    function follow() {
      var node = picture.querySelector(".av-node.av-now:not(.av-frame)");
      if (!node || picture.scrollHeight - picture.clientHeight + picture.scrollWidth - picture.clientWidth === 0) return;
      var box = node.getBoundingClientRect();
      var frame = picture.getBoundingClientRect();
      var calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      picture.scrollBy({
        left: box.left + box.width / 2 - frame.left - frame.width / 2,
        top: box.top + box.height / 2 - frame.top - frame.height / 2,
        behavior: calm ? "auto" : "smooth"
      });
    }

    function stop() {
      clearInterval(timer);
      timer = 0;
      toggle();
    }

    function play() {
      if (at === last) show(0);
      timer = setInterval(function () {
        if (document.contains(figure)) show(at + 1);
        else stop();
      }, PAUSE);
      toggle();
    }

    function toggle() {
      var focus = document.activeElement;
      var moved = focus === buttons.play || focus === buttons.pause;
      buttons.play.hidden = timer !== 0;
      buttons.pause.hidden = timer === 0;
      if (moved) (timer ? buttons.pause : buttons.play).focus();
    }

    function go(name) {
      figure.classList.add("av-moved");
      if (name === "play") { play(); return; }
      if (timer) stop();
      if (name === "next") show(at + 1);
      if (name === "previous") show(at - 1);
      if (name === "reset") show(0);
      if (name === "end") show(last);
      if (/^\d+$/.test(name)) show(Number(name));
    }

    Object.keys(buttons).forEach(function (name) {
      buttons[name].addEventListener("click", function () { go(name); });
    });

    /* True where the arrow keys and a swipe move a wide table or formula instead. */
    function scrolls(element) {
      for (; element !== figure ? element : null; element = element.parentElement) {
        if (element.scrollWidth > element.clientWidth + 1) {
          if (/auto|scroll/.test(getComputedStyle(element).overflowX)) return true;
        }
      }
      return false;
    }

    figure.addEventListener("keydown", function (event) {
      var name = { ArrowRight: "next", ArrowLeft: "previous", Home: "reset", End: "end" }[event.key];
      if (!name || event.altKey || event.ctrlKey || event.metaKey || scrolls(event.target)) return;
      event.preventDefault();
      event.stopPropagation();
      go(name);
    });

    /* A swipe over a picture that has no room to scroll is ours; else the browser would turn a swipe
       to the right into a step back in its history. */
    var sizes = new ResizeObserver(function (entries) {
      entries.forEach(function (entry) {
        var box = entry.target;
        box.classList.toggle("av-still", box.clientWidth + 1 >= box.scrollWidth);
      });
    });
    figure.querySelectorAll(".av-picture").forEach(function (box) { sizes.observe(box); });

    var from = null;
    figure.addEventListener("touchstart", function (event) {
      var touch = event.touches[0];
      from = event.touches.length > 1 || scrolls(event.target) ? null : [touch.clientX, touch.clientY];
    }, { passive: true });
    figure.addEventListener("touchend", function (event) {
      if (!from) return;
      var touch = event.changedTouches[0];
      var x = touch.clientX - from[0];
      var y = touch.clientY - from[1];
      from = null;
      if (Math.abs(x) > 40) {
        if (Math.abs(x) > 2 * Math.abs(y)) go(x > 0 ? "previous" : "next");
      }
    }, { passive: true });

    figure.classList.add("av-live");
    figure.querySelector(".av-bar").hidden = false;
    toggle();
    show(0);
  }

  function all() {
    document.querySelectorAll(".av-stepper").forEach(start);
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", all);
  else all();
})();
