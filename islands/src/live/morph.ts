/** htmx's morph, which it hands to extensions: a cell takes over what differs, its islands live on. */
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
