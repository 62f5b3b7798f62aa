// Vietnamese terms of a query: the same as VietnameseSearch in vietnamese_search.py makes of a page.

const foldVietnamese = (text) =>
  text
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "")
    .replace(/[đĐ]/g, "d")
    .toLowerCase()
    .normalize("NFC");

var Stemmer = function () {
  this.stemWord = foldVietnamese;
};

var splitQuery = (text) => {
  const folded = foldVietnamese(text);
  const terms = [];
  let previous = null;
  let end = 0;
  for (const match of folded.matchAll(/[\p{L}\p{N}_]+/gu)) {
    if (!/^[\s\-‐-―'"‘’“”`]*$/.test(folded.slice(end, match.index))) previous = null;
    end = match.index + match[0].length;
    const parts = match[0].split("_").filter((part) => part);
    if (parts.length && parts[0] !== match[0]) terms.push(match[0]);
    for (const part of parts) {
      if (/^[0-9]+$/.test(part)) {
        previous = null;
        continue;
      }
      terms.push(part);
      if (previous !== null) terms.push(previous + " " + part);
      previous = part;
    }
  }
  return terms;
};
