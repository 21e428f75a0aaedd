/** htmx's morph, available to extensions only: updates what differs in a cell and keeps its islands mounted. */
import htmx from "htmx.org";

type Morph = (old: Element, content: DocumentFragment, inner: boolean) => void;

let morph: Morph | undefined;
htmx.registerExtension("row-morph", {
  init(internal: { morph: Morph }) {
    morph = internal.morph;
  },
});

export function morphInside(old: Element, fresh: Element): void {
  const content = document.createDocumentFragment();
  content.append(...fresh.childNodes);
  morph?.(old, content, true);
}
