import { beforeAll, expect, test } from "vitest";
import { element } from "../testing/page";
import { wireDisplaySettings } from "./display-settings";

beforeAll(wireDisplaySettings);

function choose(selector: string): void {
  element(selector).dispatchEvent(new Event("change", { bubbles: true }));
}

test("a choice applies immediately and is stored in a cookie", () => {
  document.body.innerHTML = `<div id="view-menu"><input type="radio" name="density" value="compact"></div>`;
  choose("input");
  expect(document.documentElement.dataset["density"]).toBe("compact");
  expect(document.cookie).toContain("density=compact");
});

test("other fields are ignored", () => {
  document.body.innerHTML = `<input name="theme" value="dark">`;
  choose("input");
  expect(document.documentElement.dataset["theme"]).toBeUndefined();
});
