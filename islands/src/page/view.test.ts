import { beforeAll, expect, test } from "vitest";
import { element } from "../testing/page";
import { wireView } from "./view";

beforeAll(wireView);

function choose(selector: string): void {
  element(selector).dispatchEvent(new Event("change", { bubbles: true }));
}

test("a choice shows at once, and is in the cookie that the server reads", () => {
  document.body.innerHTML = `<div id="view-menu"><input type="radio" name="density" value="compact"></div>`;
  choose("input");
  expect(document.documentElement.dataset["density"]).toBe("compact");
  expect(document.cookie).toContain("density=compact");
});

test("other fields are none of its business", () => {
  document.body.innerHTML = `<input name="theme" value="dark">`;
  choose("input");
  expect(document.documentElement.dataset["theme"]).toBeUndefined();
});
