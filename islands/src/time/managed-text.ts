/**
 * Text that scripts update, in an element of its own. Browser translation may replace the text and insert elements: they
 * stay until the text changes. Only if a swap has removed the element is it written again at once.
 */
interface ManagedText {
  element: HTMLElement;
  text: string;
}
const written = new WeakMap<Element, ManagedText>();

export function setText(container: Element, text: string): void {
  const managed = written.get(container);
  const isPresent = managed !== undefined && managed.element.parentNode === container;
  if (isPresent ? managed.text === text : container.textContent === text) return;
  if (isPresent) managed.element.textContent = text;
  else container.replaceChildren(textElement("own", text));
  written.set(container, { element: isPresent ? managed.element : (container.firstElementChild as HTMLElement), text });
}

export function textElement(name: string, text: string): HTMLSpanElement {
  const element = document.createElement("span");
  element.className = name;
  element.textContent = text;
  return element;
}
