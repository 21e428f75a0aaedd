import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { element, fire, PAGE, request } from "../testing/page";
import { wireComposition } from "./composition";
import type { HtmxRequestCtx } from "./htmx-events";

const field = () => element("#search") as HTMLInputElement;
const submit = vi.fn();

/** Whether the search is sent. */
function search(sourceElement: Element = element("form[role=search]")): boolean {
  return fire("htmx:before:request", { ctx: { ...request(), sourceElement } as HtmxRequestCtx });
}

function compose(type: "start" | "end"): void {
  field().dispatchEvent(new CompositionEvent(`composition${type}`, { bubbles: true }));
}

beforeAll(wireComposition);
beforeEach(() => {
  document.body.innerHTML = PAGE;
  submit.mockClear();
  field().form?.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
});

test("no search is sent while an input method composes, also none that waited", () => {
  field().value = "wing";
  expect(search()).toBe(true);
  compose("start");
  field().value = "wing と";
  expect(search()).toBe(false);
  expect(search(element("#job-panel"))).toBe(true);
  compose("end");
  expect(search()).toBe(true);
  expect(submit).not.toHaveBeenCalled();
});

test("a search that was held is sent if the composition is given up", () => {
  field().value = "wing";
  compose("start");
  search();
  compose("end");
  expect(submit).toHaveBeenCalledOnce();
});

test("without one nothing is sent", () => {
  compose("start");
  compose("end");
  expect(submit).not.toHaveBeenCalled();
});
