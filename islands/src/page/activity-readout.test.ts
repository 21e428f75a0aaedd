import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { element, fire } from "../testing/page";
import { wireReadout } from "./activity-readout";

const HOUR = Date.parse("2026-11-22T20:00:00Z");
const SLIDER = '<div id="activity-slider" role="slider" tabindex="0"><svg><rect /></svg></div>';

/** Ten bars of a minute: one job becomes Pending in each, and as many jobs fail as the bar's number. */
function data(first = 0, step = 60_000): string {
  const counts = { PENDING: Array(10).fill(1), FAILED: Array.from({ length: 10 }, (_, n) => first + n) };
  const start = new Date(HOUR + first * step).toISOString();
  return JSON.stringify({ start, step, counts });
}

function draw(source: string, slider = SLIDER): void {
  document.body.innerHTML = `<section id="activity"><p class="readout" hidden></p>
    <div class="plot">${slider}</div><button>Next</button></section>`;
  element(".plot").dataset["chart"] = source;
  const box = { left: 100, width: 200 } as DOMRect;
  vi.spyOn(element("#activity"), "getBoundingClientRect").mockReturnValue(box);
  if (slider) vi.spyOn(element("#activity-slider"), "getBoundingClientRect").mockReturnValue(box);
  swapped();
}

function swapped(): void {
  fire("htmx:after:swap", { ctx: { target: element("#activity") } as never });
}

const slider = () => element("#activity-slider");
const readout = () => (element(".readout").hidden ? "" : element(".readout").textContent);
const marked = () => ["x", "width"].map((name) => Number(element("#activity-slider rect").getAttribute(name)));
const spoken = () => slider().getAttribute("aria-valuetext");

function press(key: string, init: KeyboardEventInit = {}): boolean {
  return !slider().dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...init }));
}

/** Each bar is 20 pixels wide. */
function pointer(type: string, bar: number, init: PointerEventInit = {}): void {
  const clientX = 110 + 20 * bar;
  slider().dispatchEvent(new PointerEvent(type, { bubbles: true, clientX, button: 0, ...init }));
}

beforeAll(wireReadout);

beforeEach(() => {
  draw(data(0, 1)); // bars of another length: drops the selection of the test before
  draw(data());
});

test("the bar under the pointer is read out", () => {
  expect(readout()).toBe("");
  pointer("pointermove", 3);
  expect(readout()).toBe("20:03–20:04: 1 to Pending, 3 to Failed");
  expect(marked()).toEqual([3, 1]);
  expect([...document.querySelectorAll(".readout .swatch")].map((one) => one.getAttribute("data-status"))).toEqual([
    null,
    "FAILED",
  ]);
  pointer("pointermove", 0);
  expect(readout()).toBe("20:00–20:01: 1 to Pending");
  pointer("pointermove", 99);
  expect(readout()).toBe("20:09–20:10: 1 to Pending, 9 to Failed");
  pointer("pointerout", 9, { relatedTarget: element("#activity-slider rect") });
  expect(marked()).toEqual([9, 1]);
  pointer("pointerout", 9);
  expect([readout(), marked()[1]]).toEqual(["", 0]);
});

test("the slider starts at the newest bar that is not empty, and says what is in it", () => {
  const empty = { start: new Date(HOUR).toISOString(), step: 60_000, counts: { FAILED: [0, 1200, 0] } };
  draw(JSON.stringify(empty));
  slider().focus();
  expect(slider().getAttribute("aria-valuenow")).toBe("1");
  expect(readout()).toBe("20:01–20:02: 1,200 to Failed");
  expect(document.querySelector(".readout .swatch")).toBeNull();
  press("End");
  expect(spoken()).toBe("20:02–20:03: no changes");
  expect(readout()).toBe("20:02–20:03: no changes");
  element("button").focus();
  expect(readout()).toBe("");
});

test.each([
  ["ArrowLeft", "8"],
  ["ArrowDown", "8"],
  ["ArrowRight", "9"],
  ["Home", "0"],
  ["PageDown", "0"],
  ["PageUp", "9"],
  ["End", "9"],
])("%s moves the slider to bar %s", (key, place) => {
  slider().focus();
  expect(press(key)).toBe(true);
  expect(slider().getAttribute("aria-valuenow")).toBe(place);
  expect(slider().getAttribute("aria-valuemax")).toBe("9");
});

test("Shift selects a range, whose sums are read out until Escape", () => {
  slider().focus();
  press("ArrowLeft");
  press("ArrowLeft", { shiftKey: true });
  press("ArrowLeft", { shiftKey: true });
  expect(readout()).toBe("20:06–20:09: 3 to Pending, 21 to Failed");
  expect(spoken()).toBe("20:06–20:09: 3 to Pending, 21 to Failed");
  expect(marked()).toEqual([6, 3]);
  element("button").focus();
  expect(readout()).toBe("20:06–20:09: 3 to Pending, 21 to Failed");
  slider().focus();
  expect(press("Escape")).toBe(true);
  expect(readout()).toBe("20:06–20:07: 1 to Pending, 6 to Failed");
  expect(press("Escape")).toBe(false); // left to the page
});

test("dragging selects a range, in either direction, and Shift extends it", () => {
  pointer("pointerdown", 6);
  pointer("pointermove", 4);
  pointer("pointerup", 4);
  expect(readout()).toBe("20:04–20:05: 1 to Pending, 4 to Failed"); // under the pointer
  pointer("pointerout", 4);
  expect(readout()).toBe("20:04–20:07: 3 to Pending, 15 to Failed");
  pointer("pointerdown", 2, { shiftKey: true });
  pointer("pointerup", 2);
  pointer("pointerout", 2);
  expect(marked()).toEqual([2, 5]);
  pointer("pointerdown", 2);
  pointer("pointerup", 2);
  pointer("pointerout", 2);
  expect(readout()).toBe("");
});

test("a refresh keeps the selected times, until they have left the chart", () => {
  pointer("pointerdown", 3);
  pointer("pointermove", 4);
  pointer("pointerup", 4);
  pointer("pointerout", 4);
  draw(data(2));
  expect([readout(), ...marked()]).toEqual(["20:03–20:05: 2 to Pending, 7 to Failed", 1, 2]);
  draw(data(4));
  expect(readout()).toBe("");
  draw(data(5));
  expect([readout(), slider().getAttribute("aria-valuenow")]).toEqual(["", "9"]);
});

test.each([
  [2, "clock"],
  [2.4, "weekday"],
])("in ten bars of %d hours, the form of a time is %s", (hours, show) => {
  draw(data(0, hours * 3_600_000));
  pointer("pointermove", 0);
  expect(element(".readout b").dataset["show"]).toBe(show);
});

test("other keys and keys with modifiers are left to the page; Enter does nothing", () => {
  slider().focus();
  expect([press("j"), press("ArrowLeft", { ctrlKey: true }), press("Escape")]).toEqual([false, false, false]);
  expect(press("Enter")).toBe(true);
});

test("a chart without changes has nothing to read out", () => {
  slider().focus();
  document.querySelector(".plot")?.remove();
  swapped();
  expect(readout()).toBe("");
});
