import { beforeEach, expect, test } from "vitest";
import { EARLY, LATE, list, row, said } from "../testing/live-list";
import { element } from "../testing/page";
import { readAnswer } from "./answer";
import { applyRows } from "./rows";
import { shownRows } from "./shown";

beforeEach(() => {
  document.body.innerHTML = list([{ id: 9 }, { id: 7 }]);
});

function hear(...words: Parameters<typeof said>) {
  return applyRows(readAnswer(said(...words)));
}

test("a changed row takes over what differs, and its nodes stay", () => {
  const before = ["#job-9", "#job-9 a", "#job-9 job-status", "#job-9 span", "#job-9 .updated_at time"].map(element);
  const other = element("#job-7").outerHTML;
  const news = hear([{ id: 9, name: "Renamed", status: "RUNNING", updated: LATE }]);
  expect(news).toEqual({ changed: ["9"], deleted: [] });
  expect(before.every((node) => node.isConnected)).toBe(true);
  expect(element("#job-9 a").textContent).toBe("Renamed");
  expect(element("#job-9 job-status").dataset).toMatchObject({ status: "RUNNING", updatedAt: LATE });
  expect(element("#job-9 .updated_at time").getAttribute("datetime")).toBe(LATE);
  expect(element("#job-9 button").getAttribute("aria-label")).toBe("Delete Renamed");
  expect(element("#job-7").outerHTML).toBe(other);
});

test("what the page has made of a row stays: selection, cursor, a readable time", () => {
  element("#job-9").setAttribute("aria-selected", "true");
  element("#job-9 .created_at time").textContent = "3 min ago";
  const pick = document.createElement("td");
  pick.className = "pick";
  pick.innerHTML = `<input type="checkbox">`;
  element("#job-9").prepend(pick);
  const box = element("#job-9 input") as HTMLInputElement;
  box.checked = true;
  hear([{ id: 9, status: "FAILED", updated: LATE }]);
  expect(element("#job-9").getAttribute("aria-selected")).toBe("true");
  expect(element("#job-9 .created_at").textContent).toBe("3 min ago");
  expect(box.isConnected && box.checked).toBe(true);
});

test("an answer older than the operator's own change is ignored, one of that change is no news", () => {
  element("#job-9 job-status").dataset["updatedAt"] = LATE;
  element("#job-9 job-status").dataset["status"] = "RUNNING";
  expect(hear([{ id: 9, status: "PENDING", updated: EARLY }]).changed).toEqual([]);
  expect(element("#job-9 job-status").dataset["status"]).toBe("RUNNING");
  expect(hear([{ id: 9, status: "RUNNING", updated: LATE }]).changed).toEqual([]);
  expect(element("#job-9 .updated_at time").getAttribute("datetime")).toBe(LATE);
});

test("a control in use is left alone until it is not", () => {
  element("#job-9 job-status").innerHTML = `<select aria-busy="true"></select>`;
  const change = { id: 9, status: "RUNNING", updated: LATE };
  expect(hear([change]).changed).toEqual([]);
  expect(element("#job-9 .updated_at time").getAttribute("datetime")).toBe(EARLY);
  element("#job-9 select").setAttribute("aria-busy", "false");
  expect(hear([change]).changed).toEqual(["9"]);
});

test("half-typed text in a row is left alone", () => {
  element("#job-9 td.name").innerHTML += "<input>";
  element("#job-9 input").focus();
  expect(hear([{ id: 9, name: "Renamed", updated: LATE }]).changed).toEqual([]);
  element("#job-9 input").blur();
  expect(hear([{ id: 9, name: "Renamed", updated: LATE }]).changed).toEqual(["9"]);
});

test("a job that has left the list says so and stays, until it is back", () => {
  hear([{ id: 9, status: "RUNNING", updated: LATE }], `data-left="9" data-left-text="no longer failed"`);
  expect(element("#job-9 .mark").textContent).toBe("no longer failed");
  expect(shownRows()).toHaveLength(2);
  hear([{ id: 9, status: "FAILED", updated: "2026-11-22T10:09:00.000000Z" }]);
  expect(document.querySelector(".mark")).toBeNull();
});

test("a deleted job is struck through, says so, and its controls are off; it is told once", () => {
  expect(hear([], `data-gone="9"`).deleted).toEqual(["9"]);
  expect(hear([], `data-gone="9"`).deleted).toEqual([]);
  expect(element("#job-9").hasAttribute("data-gone")).toBe(true);
  expect(element("#job-9 .mark").textContent).toBe("deleted");
  expect((element("#job-9 button") as HTMLButtonElement).disabled).toBe(true);
  expect(element("#job-9 job-status").hasAttribute("data-deleted")).toBe(true);
  expect((element("#job-7 button") as HTMLButtonElement).disabled).toBe(false);
});

test("a control of a deleted job keeps the focus until it is left", async () => {
  const button = element("#job-9 button") as HTMLButtonElement;
  button.focus();
  hear([], `data-gone="9"`);
  expect(button.disabled).toBe(false);
  expect(document.activeElement).toBe(button);
  element("#job-7 a").focus();
  await new Promise((resolve) => setTimeout(resolve));
  expect(button.disabled).toBe(true);
});

test("rows that are on the screen no more are nothing to it", () => {
  expect(hear([{ id: 5, updated: LATE }], `data-gone="3"`)).toEqual({ changed: [], deleted: [] });
  expect(() => readAnswer(row({ id: 9 }))).toThrow();
});
