import { expect, test } from "vitest";
import { KEYMAP } from "../keys/keymap";
import type { PaletteItem } from "./palette-item";
import { matchItems } from "./palette-match";

const CONTROLS: readonly (readonly [group: string, label: string])[] = [
  ["Go to", "Changes"],
  ["Go to", "API reference"],
  ["Sort", "Sort by name, A to Z"],
  ["Sort", "Sort by name, Z to A"],
  ["Sort", "Sort by created, newest first"],
  ["Sort", "Sort by created, oldest first"],
  ["Live updates", "Pause live updates"],
  ["View", "Rows: Compact"],
  ["View", "Theme: Light"],
  ["View", "Theme: Dark"],
  ["View", "Time zone: UTC"],
  ["View", "Columns: hide Created"],
  ["Chart", "Chart: Day"],
  ["Export", "Export as CSV"],
  ["Export", "Export as NDJSON"],
  ["Jobs per page", "100 per page"],
  ["More", "Clear recent"],
];
/** The orders of the columns replace the commands that sort; without a selection, only the list is exported. */
const COMMANDS = KEYMAP.filter(({ id }) => !/^(sort|export)-/.test(id));
const ITEMS = [
  ...COMMANDS.map(({ id, group, label }) => ({ key: id, group, label, words: group, run: () => undefined })),
  ...CONTROLS.map(([group, label]) => ({ key: label, group, label, run: () => undefined })),
];
const labels = (text: string, items: readonly PaletteItem[] = ITEMS) =>
  matchItems(items, text).close.map(({ label }) => label);

test.each([
  ["next", "Next job"],
  ["next page", "Next page"],
  ["page next", "Next page"],
  ["newest", "Sort by created, newest first"],
  ["oldest", "Sort by created, oldest first"],
  ["last", "Last job on the page"],
  ["last page", "Last page"],
  ["export", "Export as CSV"],
  ["download nd", "Export as NDJSON"],
  ["csv", "Export as CSV"],
  ["theme", "Theme: Light"],
  ["dark", "Theme: Dark"],
  ["compact", "Rows: Compact"],
  ["density", "Rows: Compact"],
  ["utc", "Time zone: UTC"],
  ["timezone", "Time zone: UTC"],
  ["sort", "Sort by name, A to Z"],
  ["order by name", "Sort by name, A to Z"],
  ["a to z", "Sort by name, A to Z"],
  ["z to a", "Sort by name, Z to A"],
  ["copy", "Copy ID"],
  ["refresh", "Pause live updates"],
  ["live", "Pause live updates"],
  ["api", "API reference"],
  ["docs", "API reference"],
  ["history", "Changes"],
  ["chart day", "Chart: Day"],
  ["100", "100 per page"],
  ["page size", "100 per page"],
  ["hide created", "Columns: hide Created"],
  ["remove", "Delete…"],
  ["revert", "Undo the last change"],
  ["new", "Create job"],
  ["find", "Search"],
  ["hotkeys", "Keyboard shortcuts"],
  ["FAILED", "Failed jobs"],
  ["set f", "Set to Failed"],
  ["clear rec", "Clear recent"],
])("“%s” finds “%s” first", (text, label) => {
  expect(labels(text)[0]).toBe(label);
});

test("a whole word is better than the beginning of one, and a word of the label than a synonym", () => {
  const items = ["Pager", "Order by date", "Page", "Sort by name"].map((label) => ({
    key: label,
    group: "Group",
    label,
    run: () => undefined,
  }));
  expect(labels("page", items)).toEqual(["Page", "Pager"]);
  expect(labels("order", items)).toEqual(["Order by date", "Sort by name"]);
});

test("equal matches keep their order, and those for the selection come first", () => {
  const run = () => undefined;
  const go = { key: "go", group: "Go to", label: "Failed jobs", run };
  const set = { key: "set", group: "2 jobs", label: "Set to Failed", run };
  expect(labels("failed", [set, go])).toEqual(["Failed jobs", "Set to Failed"]);
  expect(labels("failed", [{ ...set, isForSelection: true }, go])).toEqual(["Set to Failed", "Failed jobs"]);
});

test("initials match loosely, and only in the order of the words", () => {
  const loose = (text: string) => matchItems(ITEMS, text).loose.map(({ label }) => label);
  expect(loose("nepa")).toEqual(["Next page"]);
  expect(loose("sto")).toContain("Set to Running");
  expect(loose("stru")).toEqual(["Set to Running"]);
  expect(loose("pane")).toEqual([]);
  expect(labels("nepa")).toEqual([]);
});

test("every typed word has to match", () => {
  expect(labels("next turbine")).toEqual([]);
  expect(labels("…")).toEqual([]);
});

test("the name of a job finds no command for it", () => {
  const job = { key: "delete", group: "Blade running", label: "Delete…", words: "Change", isForJobs: true };
  const items = [{ ...job, run: () => undefined }];
  expect(labels("blade running", items)).toEqual([]);
  expect(labels("delete", items)).toEqual(["Delete…"]);
  expect(labels("change", items)).toEqual(["Delete…"]);
});
