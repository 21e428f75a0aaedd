import { beforeAll, beforeEach, expect, test } from "vitest";
import { element, fire, PAGE, request } from "../testing/page";
import type { HtmxRequestCtx } from "./htmx-events";
import { wireSearchText } from "./search-text";
import { endTyping, wireTyping } from "./typing";

const field = () => element("#search") as HTMLInputElement;

function swapped(changes: Partial<HtmxRequestCtx>): void {
  fire("htmx:after:swap", { ctx: { ...request(), ...changes } });
}

beforeAll(() => {
  wireSearchText();
  wireTyping();
});
beforeEach(() => {
  document.body.innerHTML = PAGE;
  field().value = "turbine stat";
  element("#job-table").dataset.q = "turbine";
});

test("a link writes its query into the field", () => {
  swapped({ push: "true" });
  expect(field().value).toBe("turbine");
});

test("a link does not replace what has been typed since it was followed", () => {
  field().dispatchEvent(new Event("input", { bubbles: true }));
  swapped({ push: "true" });
  expect(field().value).toBe("turbine stat");
  endTyping();
  swapped({ push: "true" });
  expect(field().value).toBe("turbine");
});

test("Back and Forward write the query of their page into the field", () => {
  swapped(request({ headers: { "HX-History-Restore-Request": "true" } }));
  expect(field().value).toBe("turbine");
});

test("the typed text survives every other swap", () => {
  swapped({ replace: "true" });
  swapped({});
  expect(field().value).toBe("turbine stat");
});

test("a search with an error marks the field as invalid until it is corrected", () => {
  element("#job-table").dataset.doubted = "";
  swapped({ replace: "true" });
  expect(field().getAttribute("aria-invalid")).toBe("true");
  delete element("#job-table").dataset.doubted;
  swapped({ replace: "true" });
  expect(field().hasAttribute("aria-invalid")).toBe(false);
});
