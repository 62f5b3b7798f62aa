// axe-core on colours, each pair of colours once. A text is told from what lies behind it by its colour, size and weight and
// by the backgrounds of all that it stands in; a link also by its line and by the colour of the words around it. Where all of
// these are as they were at a text that axe has judged already, its judgement holds, on any page. It takes most of axe's time.
//
// Takes the keys of what was judged before; gives what axe finds and the keys of what it judged now.
async (judged) => {
  const RULES = ["color-contrast", "link-in-text-block"];
  const MOST = 4; // elements tried for a key: axe does not judge a text that something covers, or a single character
  const CLEAR = "rgba(0, 0, 0, 0),none,none,normal,1";
  const backgrounds = new Map([[null, ""]]);
  const background = (element) => {
    if (!backgrounds.has(element)) {
      const { backgroundColor, backgroundImage, filter, mixBlendMode, opacity } = getComputedStyle(element);
      const own = [backgroundColor, backgroundImage, filter, mixBlendMode, opacity].join();
      backgrounds.set(element, background(element.parentElement) + (own === CLEAR ? "" : ` ${own}`));
    }
    return backgrounds.get(element);
  };
  const key = (element) => {
    const { color, fontSize, fontWeight, textDecorationLine, textShadow } = getComputedStyle(element);
    const around = element.closest("a") ? getComputedStyle(element.closest("a").parentElement).color : "";
    return [color, fontSize, fontWeight, textDecorationLine, textShadow, around, background(element)].join();
  };
  const hasText = (element) => [...element.childNodes].some((one) => one.nodeType === Node.TEXT_NODE && one.data.trim());

  const known = new Set(judged);
  const fresh = new Map();
  for (const element of document.body.querySelectorAll("*")) {
    // axe judges no text in a drawing; tests/render/test_colours.py does.
    if (element.closest("svg") || !element.checkVisibility({ visibilityProperty: true }) || !hasText(element)) continue;
    const its = key(element);
    if (known.has(its)) continue;
    if (!fresh.has(its)) fresh.set(its, []);
    if (fresh.get(its).length < MOST) fresh.get(its).push(element);
  }
  if (!fresh.size) return { violations: [], judged: [] };

  const result = await axe.run({ include: [...fresh.values()].flat() }, {
    elementRef: true, preload: false, resultTypes: ["violations", "passes"], runOnly: RULES,
  });
  const contrast = [...result.passes, ...result.violations].filter((rule) => rule.id === "color-contrast");
  const now = new Set(contrast.flatMap((rule) => rule.nodes.map((node) => key(node.element))));
  result.violations.forEach((rule) => rule.nodes.forEach((node) => { delete node.element; }));
  return { violations: result.violations, judged: [...now] };
};
