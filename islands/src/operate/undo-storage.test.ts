import { beforeEach, expect, test, vi } from "vitest";
import { session } from "../storage";
import { makeJob } from "../testing/server";
import { EMPTY, push, statusItem } from "./undo-stack";
import { clearStack, readStack, updateStack } from "./undo-storage";

const KEY = "job-dashboard:undo";
const entry = (key: string) => ({ kind: "status", key, items: [statusItem(makeJob())] }) as const;

beforeEach(clearStack);

test("the stack outlives the page", () => {
  updateStack((stack) => push(stack, entry("one")));
  expect(JSON.parse(sessionStorage.getItem(KEY) ?? "")).toEqual(readStack());
  expect(readStack().done).toEqual([entry("one")]);
});

test.each([
  "",
  "{",
  "null",
  "[]",
  "7",
  '{"done":7}',
  '{"done":[null,7,{}],"undone":[{"kind":"deletion","key":"x","items":[{"id":"1","name":"x"}]}]}',
  JSON.stringify({
    done: [
      { ...entry("x"), items: [] },
      { ...entry("x"), key: 7 },
      { ...entry("x"), kind: "other" },
    ],
  }),
  JSON.stringify({ done: [{ ...entry("x"), items: [{ ...entry("x").items[0], to: "PAUSED" }] }] }),
  JSON.stringify({ done: [{ ...entry("x"), items: [{ ...entry("x").items[0], id: "1 OR 1" }] }] }),
  JSON.stringify({ done: [{ ...entry("x"), items: Array(201).fill(entry("x").items[0]) }] }),
  JSON.stringify({ done: [{ kind: "rename", key: "x", items: [{ id: "1", name: "x", version: "v" }] }] }),
])("a stored value that is not a stack is ignored: %s", (text) => {
  sessionStorage.setItem(KEY, text);
  expect(readStack()).toEqual(EMPTY);
});

test("an invalid entry does not take the others with it", () => {
  sessionStorage.setItem(KEY, JSON.stringify({ done: [entry("one"), { kind: "status" }, entry("two")], undone: [] }));
  expect(readStack().done.map(({ key }) => key)).toEqual(["one", "two"]);
});

test("if the storage is full, the oldest entries are forgotten; if there is none, the page remembers", () => {
  const stored: unknown[] = [];
  const write = vi.spyOn(session, "writeJson").mockImplementation((_, value) => {
    if (JSON.stringify(value).includes('"one"')) return false;
    stored.push(value);
    return true;
  });
  updateStack(() => ({ done: [entry("one"), entry("two")], undone: [] }));
  expect(stored).toEqual([{ done: [entry("two")], undone: [] }]);
  write.mockReturnValue(false);
  updateStack(() => push(EMPTY, entry("three")));
  expect(readStack().done.map(({ key }) => key)).toEqual(["three"]);
  write.mockRestore();
});

test("the stack is that of a session: after a logout it is empty, also for who logs in next", () => {
  document.body.dataset["session"] = "anna";
  updateStack((stack) => push(stack, entry("one")));
  expect(readStack().done).toEqual([entry("one")]);
  document.body.dataset["session"] = "otto";
  expect(readStack()).toEqual(EMPTY);
  document.body.dataset["session"] = "anna";
  expect(readStack()).toEqual(EMPTY);
  delete document.body.dataset["session"];
});
