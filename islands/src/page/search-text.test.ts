import { beforeAll, beforeEach, expect, test } from "vitest";
import { element, fire, PAGE, request } from "../testing/page";
import { wireSearchText } from "./search-text";

const field = () => element("#search") as HTMLInputElement;

function swappedBy(selector: string): void {
  fire("htmx:after:swap", { ctx: { ...request(), sourceElement: element(selector) } });
}

beforeAll(wireSearchText);
beforeEach(() => {
  document.body.innerHTML = PAGE;
  field().value = "turbine stat";
  element("#job-table").dataset.q = "turbine";
});

test("a link writes its question into the field", () => {
  swappedBy("#job-table a");
  expect(field().value).toBe("turbine");
});

test("what is being typed stays through every other swap", () => {
  swappedBy("form");
  swappedBy("#job-panel");
  expect(field().value).toBe("turbine stat");
});

test("a search that was not understood marks the field until it is", () => {
  element("#job-table").dataset.doubted = "";
  swappedBy("form");
  expect(field().getAttribute("aria-invalid")).toBe("true");
  delete element("#job-table").dataset.doubted;
  swappedBy("form");
  expect(field().hasAttribute("aria-invalid")).toBe(false);
});
