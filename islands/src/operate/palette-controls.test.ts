import { beforeEach, expect, test, vi } from "vitest";
import { element } from "../testing/page";
import { paletteControls } from "./palette-controls";
import { paletteSorts } from "./palette-sorts";

const openList = vi.hoisted(() => vi.fn());
vi.mock("../page/open-list", () => ({ openList }));

const controls = () => paletteControls().map(({ group, label }) => `${group} / ${label}`);
const runControl = (label: string) =>
  paletteControls()
    .find((item) => item.label === label)
    ?.run();

beforeEach(() => {
  document.body.innerHTML = `
    <div data-commands="View" popover>
      <fieldset><legend>Theme</legend>
        <label><input type="radio" name="theme" checked> System</label> <label><input type="radio" name="theme"> Dark</label>
      </fieldset>
      <fieldset><legend>Columns</legend>
        <label><input type="checkbox" checked> Created</label> <label><input type="checkbox"> Duration</label>
        <label><input type="checkbox" checked disabled> Name</label>
        <button type="button" aria-label="Move Created to the left" aria-disabled="true">↑</button>
        <button type="button" aria-label="Move Created to the right">↓</button>
      </fieldset>
    </div>
    <fieldset data-commands="View"><legend>Time zone</legend><label><input type="radio" name="zone" disabled> UTC</label></fieldset>
    <nav data-commands="Chart"><a href="#hour" aria-current="true">Hour</a><a href="#day">Day</a></nav>
    <nav data-commands="Export"><a href="#csv" aria-label="Export as CSV">CSV</a></nav>
    <nav data-commands="Move"><span aria-disabled="true">First</span><a href="#last" data-command="Last page">Last →</a></nav>
    <div data-commands="Live updates"><button type="button">Live</button><button type="button" hidden>Retry</button></div>
    <div data-commands="Live updates" hidden><button type="button">Hidden</button></div>
    <button type="button" data-commands="More" aria-label="How to filter">?</button>
    <div id="job-table"><table><thead><tr>
      <th class="name"><a href="/?status=FAILED&amp;ordering=name">Name</a></th><th class="current_status">Status</th>
      <th class="created_at" aria-sort="descending"><a href="/?status=FAILED&amp;ordering=created_at">Created <small>UTC</small></a></th>
    </tr></thead></table></div>`;
});

test("offers what the page offers, but not what would do nothing", () => {
  expect(controls()).toEqual([
    "View / Theme: Dark",
    "View / Columns: hide Created",
    "View / Columns: show Duration",
    "View / Move Created to the right",
    "Chart / Chart: Day",
    "Export / Export as CSV",
    "Move / Last page",
    "Live updates / Live updates: Live",
    "More / How to filter",
  ]);
});

test("runs the control itself, found again if it was replaced meanwhile", () => {
  const clicked = vi.fn();
  const [dark] = paletteControls();
  const fieldset = element("fieldset");
  fieldset.replaceWith(fieldset.cloneNode(true));
  element("fieldset").addEventListener("change", clicked);
  dark?.run();
  expect(clicked).toHaveBeenCalledOnce();
  expect((document.querySelectorAll("[name=theme]")[1] as HTMLInputElement).checked).toBe(true);
  element("[href='#day']").addEventListener("click", clicked);
  runControl("Chart: Day");
  expect(clicked).toHaveBeenCalledTimes(2);
});

test("offers both orders of each column that sorts, but not the current one", () => {
  expect(paletteSorts().map(({ label }) => label)).toEqual([
    "Sort by name, A to Z",
    "Sort by name, Z to A",
    "Sort by created, oldest first",
  ]);
  paletteSorts()[1]?.run();
  expect(openList).toHaveBeenCalledWith("/?status=FAILED&ordering=-name");
});
