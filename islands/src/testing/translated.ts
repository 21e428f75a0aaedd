/** Simulates browser translation: each text is wrapped in two elements, and possibly replaced. */
const UNTRANSLATED = "script, style, noscript, textarea, [translate=no]";

/** With `keep`, wraps the text nodes; without, replaces them by new ones, as some translators do. Returns their number. */
export function translate(root: Element = document.body, keep = true): number {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  while (walker.nextNode()) texts.push(walker.currentNode as Text);
  const translatable = texts.filter(
    (text) => text.data.trim() !== "" && !text.parentElement?.closest(`${UNTRANSLATED}, font`),
  );
  for (const text of translatable) {
    const inner = document.createElement("font");
    const outer = document.createElement("font");
    outer.append(inner);
    text.replaceWith(outer);
    inner.append(keep ? text : document.createTextNode(`«${text.data}»`));
  }
  return translatable.length;
}
