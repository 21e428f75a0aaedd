import { beforeEach, expect, test } from "vitest";
import { element, PAGE } from "../testing/page";
import { showBanner } from "./banner";
import { wireOffline } from "./offline";

beforeEach(() => {
  document.body.innerHTML = PAGE;
});

test("being offline is said until it is over, and hides no other message", () => {
  wireOffline();
  expect(element("#banner").hidden).toBe(true);
  dispatchEvent(new Event("offline"));
  expect(element("#banner p").textContent).toBe("You are offline. What you see may have changed since.");
  dispatchEvent(new Event("online"));
  expect(element("#banner").hidden).toBe(true);
  dispatchEvent(new Event("offline"));
  showBanner("delete", "One could not be deleted.");
  dispatchEvent(new Event("online"));
  expect(element("#banner").hidden).toBe(false);
});
