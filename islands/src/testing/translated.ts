/** What a translator does to a page while it lives: each text becomes another one, two elements deep. */
const LEFT_ALONE = "script, style, noscript, textarea, [translate=no]";

/** The texts stay themselves, wrapped; or give way to new ones, as some translators do it. */
export function translate(root: Element = document.body, keep = true): number {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  while (walker.nextNode()) texts.push(walker.currentNode as Text);
  const meant = texts.filter((text) => text.data.trim() !== "" && !text.parentElement?.closest(`${LEFT_ALONE}, font`));
  for (const text of meant) {
    const inner = document.createElement("font");
    const outer = document.createElement("font");
    outer.append(inner);
    text.replaceWith(outer);
    inner.append(keep ? text : document.createTextNode(`«${text.data}»`));
  }
  return meant.length;
}
