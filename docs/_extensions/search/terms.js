// The terms of a query, as search_terms.py makes them of a page.

const searchTerms = (() => {
  const BREAK = /[^\p{L}\p{N}_\s\-‐-―'"‘’“”`]+/u;
  const NAME = /^(?=.*[A-Za-z])(?=.*(?:_|[a-z0-9][A-Z]))[A-Za-z0-9_]+$/;
  const PARTS = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g;
  const PART = 0.5;

  const stemmer = new Stemmer();
  const term = (word) => {
    const lower = word.toLowerCase();
    const stem = stemmer.stemWord(lower);
    const kept = (text) => !/^\p{N}+$/u.test(text) && !stopwords.has(text);
    return kept(lower) && kept(stem) ? stem : "";
  };

  // The terms of a text in reading order, as pairs with what each counts.
  const of = (text) => {
    const found = [];
    for (const run of text.normalize("NFC").split(BREAK)) {
      let before = "";
      for (const word of splitQuery(run)) {
        const name = NAME.test(word);
        const whole = name ? word.toLowerCase() : term(word);
        if (whole) found.push([whole, 1]);
        if (whole && before) found.push([`${before} ${whole}`, 1]);
        if (name)
          for (const part of word.match(PARTS) ?? [])
            if (part.length > 1 && term(part)) found.push([term(part), PART]);
        before = whole;
      }
    }
    return found;
  };

  // A term without its marks, and without the tones that Vietnamese terms have behind them.
  const fold = (text) =>
    /^[a-z0-9_ ]*$/.test(text)
      ? text
      : text.normalize("NFD").replace(/\p{Mn}|['`?~.](?= |$)/gu, "").replaceAll("đ", "d");

  return { of, fold };
})();
