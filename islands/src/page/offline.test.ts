import { beforeEach, expect, test } from "vitest";
import { element, PAGE } from "../testing/page";
import { showBanner, wireBanner } from "./banner";
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

test("a failure that was there before is seen again when it is over", () => {
  wireBanner();
  let retried = 0;
  showBanner("The list", "The list could not be refreshed.", () => {
    retried += 1;
  });
  dispatchEvent(new Event("offline"));
  expect(element("#banner p").textContent).toContain("You are offline.");
  dispatchEvent(new Event("online"));
  expect(element("#banner p").textContent).toBe("The list could not be refreshed.");
  element("#banner button:not([aria-label])").click();
  expect(retried).toBe(1);
});
