import { beforeEach, expect, test, vi } from "vitest";
import { h, hasOpenPopover, icon, jobIdOf, jobRows, rowOf, rowWith } from "./dom";
import { listPage } from "./testing/list";
import { element } from "./testing/page";

beforeEach(() => {
  document.body.innerHTML = listPage([7, 8]);
});

test("attributes are set, left empty or omitted, and children are text", () => {
  const link = h("a", { href: "/", hidden: true, title: undefined, download: false }, "<b>", h("i"));
  expect(link.outerHTML).toBe('<a href="/" hidden="">&lt;b&gt;<i></i></a>');
});

test("an icon refers to the sprite and is hidden from screen readers", () => {
  const svg = icon("status-FAILED");
  expect(svg.getAttribute("aria-hidden")).toBe("true");
  expect(svg.firstElementChild?.getAttribute("href")).toBe("#status-FAILED");
});

test("rows are found by their job and by what they contain; the heading is no job", () => {
  expect(jobRows().map(jobIdOf)).toEqual(["7", "8"]);
  expect(rowOf("8")).toBe(element("#job-8"));
  expect(rowOf("9")).toBeNull();
  expect(rowWith(element("#job-7 a"))).toBe(element("#job-7"));
  expect(rowWith(element("thead input"))).toBeNull();
});

test("a browser without popovers says neither yes nor no", () => {
  vi.spyOn(document, "querySelector").mockImplementation(() => {
    throw new SyntaxError("unknown selector");
  });
  expect(hasOpenPopover()).toBeUndefined();
});
