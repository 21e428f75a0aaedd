import { beforeEach, expect, test } from "vitest";
import { jobRows } from "../dom";
import { EARLY, LATE, list, liveUpdate, row } from "../testing/live-list";
import { element } from "../testing/page";
import { applyRows } from "./rows";
import { parseUpdate } from "./update";

beforeEach(() => {
  document.body.innerHTML = list([{ id: 9 }, { id: 7 }]);
});

function apply(...words: Parameters<typeof liveUpdate>) {
  return applyRows(parseUpdate(liveUpdate(...words)));
}

test("a changed row is updated in place", () => {
  const before = ["#job-9", "#job-9 a", "#job-9 job-status", "#job-9 span", "#job-9 .updated_at time"].map(element);
  const other = element("#job-7").outerHTML;
  const news = apply([{ id: 9, name: "Renamed", status: "RUNNING", updated: LATE }]);
  expect(news).toEqual({ changed: ["9"], deleted: [] });
  expect(before.every((node) => node.isConnected)).toBe(true);
  expect(element("#job-9 a").textContent).toBe("Renamed");
  expect(element("#job-9 job-status").dataset).toMatchObject({ status: "RUNNING", updatedAt: LATE });
  expect(element("#job-9 .updated_at time").getAttribute("datetime")).toBe(LATE);
  expect(element("#job-9 button").getAttribute("aria-label")).toBe("Delete Renamed");
  expect(element("#job-7").outerHTML).toBe(other);
});

test("an update keeps selection, cursor and relative times", () => {
  element("#job-9").setAttribute("aria-selected", "true");
  element("#job-9 .created_at time").textContent = "3 min ago";
  const selectCell = document.createElement("td");
  selectCell.className = "select";
  selectCell.innerHTML = `<input type="checkbox">`;
  element("#job-9").prepend(selectCell);
  const box = element("#job-9 input") as HTMLInputElement;
  box.checked = true;
  apply([{ id: 9, status: "FAILED", updated: LATE }]);
  expect(element("#job-9").getAttribute("aria-selected")).toBe("true");
  expect(element("#job-9 .created_at").textContent).toBe("3 min ago");
  expect(box.isConnected && box.checked).toBe(true);
});

test("an update older than a change in this tab is ignored, and that change itself is not remote", () => {
  element("#job-9 job-status").dataset["updatedAt"] = LATE;
  element("#job-9 job-status").dataset["status"] = "RUNNING";
  expect(apply([{ id: 9, status: "PENDING", updated: EARLY }]).changed).toEqual([]);
  expect(element("#job-9 job-status").dataset["status"]).toBe("RUNNING");
  expect(apply([{ id: 9, status: "RUNNING", updated: LATE }]).changed).toEqual([]);
  expect(element("#job-9 .updated_at time").getAttribute("datetime")).toBe(LATE);
});

test("a control in use is updated later", () => {
  element("#job-9 job-status").innerHTML = `<button aria-busy="true"></button>`;
  const change = { id: 9, status: "RUNNING", updated: LATE };
  expect(apply([change]).changed).toEqual([]);
  expect(element("#job-9 .updated_at time").getAttribute("datetime")).toBe(EARLY);
  element("#job-9 job-status button").setAttribute("aria-busy", "false");
  expect(apply([change]).changed).toEqual(["9"]);
});

test("unfinished text in a row is kept", () => {
  element("#job-9 td.name").innerHTML += "<input>";
  element("#job-9 input").focus();
  expect(apply([{ id: 9, name: "Renamed", updated: LATE }]).changed).toEqual([]);
  element("#job-9 input").blur();
  expect(apply([{ id: 9, name: "Renamed", updated: LATE }]).changed).toEqual(["9"]);
});

test("a job that no longer matches stays with a badge until it matches again", () => {
  apply([{ id: 9, status: "RUNNING", updated: LATE }], `data-left="9" data-left-text="no longer failed"`);
  expect(element("#job-9 .mark").textContent).toBe("no longer failed");
  expect(jobRows()).toHaveLength(2);
  apply([{ id: 9, status: "FAILED", updated: "2026-11-22T10:09:00.000000Z" }]);
  expect(document.querySelector(".mark")).toBeNull();
});

test("a deleted job is struck through with disabled controls, and reported once", () => {
  expect(apply([], `data-gone="9"`).deleted).toEqual(["9"]);
  expect(apply([], `data-gone="9"`).deleted).toEqual([]);
  expect(element("#job-9").hasAttribute("data-gone")).toBe(true);
  expect(element("#job-9 .mark").textContent).toBe("deleted");
  expect((element("#job-9 button") as HTMLButtonElement).disabled).toBe(true);
  expect(element("#job-9 job-status").hasAttribute("data-deleted")).toBe(true);
  expect((element("#job-7 button") as HTMLButtonElement).disabled).toBe(false);
});

test("a focused control of a deleted job is disabled when it loses the focus", async () => {
  const button = element("#job-9 button") as HTMLButtonElement;
  button.focus();
  apply([], `data-gone="9"`);
  expect(button.disabled).toBe(false);
  expect(document.activeElement).toBe(button);
  element("#job-7 a").focus();
  await new Promise((resolve) => setTimeout(resolve));
  expect(button.disabled).toBe(true);
});

test("updates for rows that are no longer displayed are ignored", () => {
  expect(apply([{ id: 5, updated: LATE }], `data-gone="3"`)).toEqual({ changed: [], deleted: [] });
  expect(() => parseUpdate(row({ id: 9 }))).toThrow();
});

test("a duration that the page counts is left alone until it measures something else", () => {
  const lasts = (phase: string, since: string, text: string) =>
    `<span class="lasts" data-phase="${phase}"><span>${phase}</span> <span data-lasting="${since}">${text}</span></span>`;
  const update = (content: string) => {
    const text = liveUpdate([{ id: 9, updated: LATE }]);
    const cells = `<td class="duration">${content}</td><td class="actions">`;
    applyRows(parseUpdate(text.replace('<td class="actions">', cells)));
  };
  const cell = document.createElement("td");
  cell.className = "duration";
  cell.innerHTML = lasts("running", EARLY, "41 min");
  element("#job-9").append(cell);
  update(lasts("running", EARLY, "40 min"));
  expect(cell.textContent).toBe("running 41 min");
  update(lasts("ran", "", "42 min"));
  expect(cell.textContent).toBe("ran 42 min");
  expect(element("#job-9 .lasts").dataset["phase"]).toBe("ran");
});
