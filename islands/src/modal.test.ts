import { afterEach, beforeEach, expect, test } from "vitest";
import { h } from "./dom";
import { openModal } from "./modal";

let outside: HTMLButtonElement;
let dialog: HTMLDialogElement;

beforeEach(() => {
  outside = h("button", {}, "Outside");
  dialog = h("dialog", {}, h("button", { id: "first" }), h("input", { id: "middle" }), h("button", { id: "last" }));
  dialog.append(h("p", { hidden: true }, h("button", { id: "hidden" })), h("button", { disabled: true, id: "off" }));
  document.body.append(outside);
  outside.focus();
});

afterEach(() => {
  dialog.close();
  document.body.replaceChildren();
});

function press(key: string, init: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...init });
  (document.activeElement ?? document.body).dispatchEvent(event);
  return event;
}

const focused = () => document.activeElement?.id;

test("is announced as modal, above a veil", () => {
  const veil = openModal(dialog);
  expect(dialog.ariaModal).toBe("true");
  expect(dialog.previousElementSibling).toBe(veil);
});

test("Tab stays within the dialog, in both directions", () => {
  openModal(dialog);
  dialog.querySelector<HTMLElement>("#last")?.focus();
  expect(press("Tab").defaultPrevented).toBe(true);
  expect(focused()).toBe("first");
  press("Tab", { shiftKey: true });
  expect(focused()).toBe("last");
  dialog.querySelector<HTMLElement>("#middle")?.focus();
  expect(press("Tab").defaultPrevented).toBe(false);
});

test("Tab returns into the dialog after a click on its text", () => {
  openModal(dialog);
  (document.activeElement as HTMLElement).blur();
  press("Tab");
  expect(focused()).toBe("first");
});

test("the banner can be reached from the dialog, and left for it", () => {
  document.body.prepend(
    h("div", { id: "banner" }, h("a", { id: "link", href: "/login/" }), h("button", { id: "dismiss" })),
  );
  openModal(dialog);
  dialog.querySelector<HTMLElement>("#last")?.focus();
  press("Tab");
  expect(focused()).toBe("link");
  expect(press("Tab").defaultPrevented).toBe(false);
  press("Tab", { shiftKey: true });
  expect(focused()).toBe("last");
  dialog.querySelector<HTMLElement>("#first")?.focus();
  press("Tab", { shiftKey: true });
  expect(focused()).toBe("dismiss");
  press("Tab");
  expect(focused()).toBe("first");
});

test("what is no stop of ours is left to the browser", () => {
  dialog.append(h("select", { id: "choice" }));
  openModal(dialog);
  dialog.querySelector<HTMLElement>("#choice")?.focus();
  expect(press("Tab").defaultPrevented).toBe(false);
});

test("a focus that is moved out of the dialog returns", () => {
  openModal(dialog);
  dialog.querySelector<HTMLElement>("#middle")?.focus();
  outside.focus();
  expect(focused()).toBe("first");
});

test("a press on the veil leaves the focus where it is", () => {
  const veil = openModal(dialog);
  const press = new MouseEvent("mousedown", { bubbles: true, cancelable: true });
  veil.dispatchEvent(press);
  expect(press.defaultPrevented).toBe(true);
});

test("Escape closes it, and what was added is removed", () => {
  openModal(dialog);
  expect(press("Escape").defaultPrevented).toBe(true);
  expect([...document.body.children]).toEqual([outside]);
  outside.focus();
  expect(press("Tab").defaultPrevented).toBe(false);
});

test("Escape that the dialog has handled, or that ends a composition, does not close it", () => {
  openModal(dialog);
  press("Escape", { isComposing: true });
  dialog.addEventListener("keydown", (event) => event.preventDefault());
  dialog.querySelector<HTMLElement>("#middle")?.focus();
  press("Escape");
  expect(dialog.open).toBe(true);
});

test("a dialog of the page stays in the page", () => {
  document.body.append(dialog);
  openModal(dialog);
  dialog.close();
  expect([...document.body.children]).toEqual([outside, dialog]);
});

test("is reported closed at once, and gives the focus back", () => {
  const reports: string[] = [];
  dialog.addEventListener("close", () => reports.push(document.activeElement === outside ? "outside" : "elsewhere"));
  openModal(dialog);
  dialog.close("done");
  expect([dialog.open, dialog.returnValue, reports]).toEqual([false, "done", ["outside"]]);
  dialog.close();
  expect(reports).toHaveLength(1);
});

test("a button of its form closes it at once, unless somebody else handles the form", () => {
  dialog.append(h("form", { method: "dialog" }, h("button", { id: "cancel", value: "cancel" })));
  openModal(dialog);
  dialog.addEventListener("submit", (event) => event.preventDefault(), { once: true });
  dialog.querySelector<HTMLElement>("#cancel")?.click();
  expect(dialog.open).toBe(true);
  dialog.querySelector<HTMLElement>("#cancel")?.click();
  expect([dialog.open, dialog.returnValue]).toEqual([false, "cancel"]);
});

test("Escape closes the dialog that was opened right after another one", () => {
  openModal(dialog);
  dialog.close();
  const next = h("dialog", {}, h("button", {}));
  openModal(next);
  press("Escape");
  expect(next.open).toBe(false);
});
