import { beforeEach, expect, test } from "vitest";
import { element, PAGE } from "../testing/page";
import { showBanner, wireBanner } from "./banner";
import { wireOffline } from "./offline";

beforeEach(() => {
  document.body.innerHTML = PAGE;
});

test("being offline is reported until it ends, and hides no other failure", () => {
  wireOffline();
  expect(element("#banner").hidden).toBe(true);
  dispatchEvent(new Event("offline"));
  expect(element("#banner p").textContent).toBe("You’re offline. This page may be out of date.");
  dispatchEvent(new Event("online"));
  expect(element("#banner").hidden).toBe(true);
  dispatchEvent(new Event("offline"));
  showBanner("delete", "Couldn’t delete One.");
  dispatchEvent(new Event("online"));
  expect(element("#banner").hidden).toBe(false);
});

test("an earlier failure is shown again when the browser is back online", () => {
  wireBanner();
  let retried = 0;
  showBanner("the list", "Couldn’t refresh the list.", () => {
    retried += 1;
  });
  dispatchEvent(new Event("offline"));
  expect(element("#banner p").textContent).toContain("You’re offline.");
  dispatchEvent(new Event("online"));
  expect(element("#banner p").textContent).toBe("Couldn’t refresh the list.");
  element("#banner button:not([aria-label])").click();
  expect(retried).toBe(1);
});
