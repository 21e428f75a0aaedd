/** Texts with isolated names (`isolate` in api/names.ts) as nodes: `<bdi>` in the place of the control characters. */
import { h } from "../dom";

const OPENING = "\u2068";
const CLOSING = "\u2069";
const NESTED = /[\u2066-\u2068]/;

export function isolatedNodes(text: string): (Node | string)[] {
  const nodes: (Node | string)[] = [];
  let rest = text;
  for (let start = rest.indexOf(OPENING); start >= 0; start = rest.indexOf(OPENING)) {
    const end = endOf(rest, start);
    nodes.push(rest.slice(0, start), h("bdi", { translate: "no" }, rest.slice(start + 1, end)));
    rest = rest.slice(end + 1);
  }
  return [...nodes, rest].filter((node) => node !== "");
}

/** The index of the character that closes the isolation, which may contain others. */
function endOf(text: string, start: number): number {
  let depth = 0;
  for (let index = start; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (NESTED.test(character)) depth += 1;
    else if (character === CLOSING) depth -= 1;
    if (depth === 0) return index;
  }
  return text.length;
}
