import { beforeEach, expect, test, vi } from "vitest";
import { createJob } from "../api/client";
import { element, PAGE } from "../testing/page";
import { nth, problem, stubServer } from "../testing/server";
import { showBanner, wireBanner } from "./banner";

const link = () => element("#banner a");

beforeEach(() => {
  document.body.innerHTML = PAGE;
  wireBanner();
});

test("a change that is refused without a login offers one, in another tab and back to this page", async () => {
  history.replaceState(null, "", "/?status=FAILED&q=a%2Bb");
  const calls = stubServer();
  const outcome = expect(createJob("One")).rejects.toThrow("login_required");
  nth(calls, 0).answer(problem(401, "login_required", "You are not logged in."));
  await outcome;
  expect(element("#banner").hidden).toBe(false);
  expect(link().hidden).toBe(false);
  expect(link().getAttribute("href")).toContain("/login/?next=%2F%3Fstatus%3DFAILED%26q%3Da%252Bb");
  link().click();
  expect(element("#banner").hidden).toBe(true);
});

test("another failure offers no login", () => {
  showBanner("the list", "Couldn’t refresh the list.");
  expect(link().hidden).toBe(true);
});

test("a change that needs a confirmation leads to the page that asks for it, and back", async () => {
  history.replaceState(null, "", "/?status=FAILED");
  const go = vi.spyOn(window.location, "assign").mockImplementation(() => undefined);
  const calls = stubServer();
  const outcome = expect(createJob("One")).rejects.toThrow();
  nth(calls, 0).answer(problem(403, "reauthentication_required", "Your login is not recent."));
  await outcome;
  expect(go).toHaveBeenCalledWith("/account/confirm/?next=%2F%3Fstatus%3DFAILED");
  expect(element("#banner").hidden).toBe(true);
});
