/**
 * Text that is ours, in an element of its own. A translator may put other words and other elements in there: they stay
 * until there is something else to say. Only the page's own news, which takes the element away, is written over at once.
 */
interface Own {
  element: HTMLElement;
  text: string;
}
const written = new WeakMap<Element, Own>();

export function writeOwn(place: Element, text: string): void {
  const own = written.get(place);
  const stands = own !== undefined && own.element.parentNode === place;
  if (stands ? own.text === text : place.textContent === text) return;
  if (stands) own.element.textContent = text;
  else place.replaceChildren(ownElement("own", text));
  written.set(place, { element: stands ? own.element : (place.firstElementChild as HTMLElement), text });
}

export function ownElement(name: string, text: string): HTMLSpanElement {
  const element = document.createElement("span");
  element.className = name;
  element.textContent = text;
  return element;
}
