/* Steps through a recorded backward pass. Every figure works by itself; without this script the
   page shows all steps at once. data-av-at="0 3-5" says in which steps an element is lit. No
   less-than sign and no ampersand below: the file is also embedded in XHTML. */
(function () {
  "use strict";
  var PAUSE = 1500;
  var PHONE = 544; /* less room than this, in pixels, is a phone's */
  var STORY = 288; /* what the story needs beside a picture, which may be made a little smaller for it */
  var MOST = 0.52; /* how much of a phone's height a picture may take, as in graph.css */
  var EDGE = 30; /* a node nearer to the edge of its box is scrolled to */
  var SCROLLING = ".av-picture, .av-rule, .av-numbers, .av-tablebox";

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
    ["reset", "previous", "next", "play", "pause", "end"].forEach(function (name) {
      buttons[name] = figure.querySelector('[data-av-go="' + name + '"]');
    });
    var counter = figure.querySelector(".av-k");
    var where = figure.querySelector(".av-where");
    var slider = figure.querySelector(".av-slider");
    var columns = figure.querySelector(".av-columns");
    var picture = figure.querySelector(".av-picture");
    var story = figure.querySelector(".av-story");
    var whole = figure.querySelector(".av-whole");
    var legend = figure.querySelector(".av-legend");
    var table = figure.querySelector(".av-tablebox");
    var at = 0;
    var timer = 0;

    function show(step) {
      at = Math.max(0, Math.min(last, step));
      lit.forEach(function (pair) {
        var now = pair[1].some(function (range) { return at >= range[0] ? range[1] >= at : false; });
        pair[0].classList.toggle("av-now", now);
        pair[0].classList.toggle("av-done", now ? false : at > pair[1][0][0]);
        pair[0].classList.toggle("av-over", at > pair[1][pair[1].length - 1][1]);
        if (pair[0].hasAttribute("data-av-go")) pair[0].setAttribute("aria-current", now ? "step" : "false");
      });
      counter.textContent = at;
      slider.value = at;
      slider.setAttribute("aria-valuetext", where.textContent);
      figure.classList.toggle("av-ended", at === last);
      buttons.previous.setAttribute("aria-disabled", at === 0);
      buttons.reset.setAttribute("aria-disabled", at === 0);
      buttons.end.setAttribute("aria-disabled", at === last);
      if (at === last) stop();
      story.scrollTop = 0;
      follow(picture, ".av-node.av-now:not(.av-frame)");
      if (table) follow(table, "tr:has(> .av-now)");
    }

    /* A box that cannot show all of itself scrolls to what is lit, if that is not in sight; the page does not. */
    function follow(outer, lit) {
      var inner = outer.querySelector(lit);
      if (!inner) return;
      var box = inner.getBoundingClientRect();
      var frame = outer.getBoundingClientRect();
      var calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      outer.scrollBy({
        left: missing(box.left, box.right, frame.left, frame.right),
        top: missing(box.top, box.bottom, frame.top, frame.bottom),
        behavior: calm ? "auto" : "smooth"
      });
    }

    /* How far to scroll so that what reaches from start to end is in the middle; nothing while it is well in sight. */
    function missing(start, end, first, last) {
      if (start > first + EDGE) if (last - EDGE > end) return 0;
      return (start + end - first - last) / 2;
    }

    /* The room decides how the parts stand: the story beside the picture, above a wide one, or as on a phone. */
    function arrange() {
      var room = columns.clientWidth;
      var natural = Number(picture.firstElementChild.getAttribute("width"));
      var beside = room >= natural + STORY ? "beside" : "above";
      figure.setAttribute("data-av-room", PHONE > room ? "phone" : beside);
      var drawn = picture.firstElementChild.getBoundingClientRect();
      var cut = drawn.height > MOST * innerHeight || drawn.width > picture.clientWidth + 1;
      figure.classList.toggle("av-cut", cut);
    }

    /* A box that has more than it shows fades out at that side, and the keyboard can reach it. */
    function fade(box) {
      var right = box.scrollWidth - box.clientWidth - Math.abs(box.scrollLeft);
      var below = box.scrollHeight - box.clientHeight - box.scrollTop;
      var sides = { left: Math.abs(box.scrollLeft), right: right, above: box.scrollTop, below: below };
      Object.keys(sides).forEach(function (side) {
        box.style.setProperty("--av-" + side, sides[side] > 1 ? "28px" : "0px");
      });
      if (box === picture) offer();
      if (box !== story) return;
      if (box.scrollHeight > box.clientHeight + 1) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }

    /* The whole picture is offered while its box cuts it. */
    function offer() {
      if (!whole || whole.firstElementChild.checked) return;
      var cut = picture.scrollHeight + picture.scrollWidth > picture.clientHeight + picture.clientWidth + 2;
      whole.hidden = !cut;
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

    figure.addEventListener("click", function (event) {
      var button = event.target.closest("[data-av-go]");
      if (!button) return;
      var again = button === buttons.next ? at === last : false;
      go(again ? "reset" : button.getAttribute("data-av-go"));
    });
    slider.addEventListener("input", function () { go(slider.value); });

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
        fade(box);
      });
    });
    var boxes = [story].concat(Array.from(figure.querySelectorAll(SCROLLING)));
    boxes.forEach(function (box) {
      sizes.observe(box);
      box.addEventListener("scroll", function () { fade(box); }, { passive: true });
    });
    new ResizeObserver(arrange).observe(columns);
    if (whole) whole.addEventListener("change", function () { fade(picture); });

    var from = null;
    figure.addEventListener("touchstart", function (event) {
      var touch = event.touches[0];
      var ours = event.target !== slider ? !scrolls(event.target) : false;
      from = event.touches.length > 1 || !ours ? null : [touch.clientX, touch.clientY];
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
    arrange();
    if (figure.offsetHeight > innerHeight || PHONE > columns.clientWidth) legend.open = false;
    toggle();
    show(0);
  }

  function all() {
    document.querySelectorAll(".av-stepper").forEach(start);
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", all);
  else all();
})();
